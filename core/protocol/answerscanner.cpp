#include "protocol/answerscanner.h"

#include "protocol/counting/contentreader.h"
#include "protocol/errorclass.h"
#include "protocol/usagereader.h"

#include <algorithm>
#include <array>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using simdjson::dom::element;

namespace {

// Reads one document that carries no error.
class AnswerReader
{
public:
    AnswerReader(element root, Operation operation)
        : m_root(root)
        , m_members(root)
        , m_operation(operation)
    {}

    AnswerFacts read();

private:
    void readChoices();
    void readMessage();
    void readResponse();
    void readCandidates();
    void readPictures();

    element m_root;
    ObjectMembers m_members;
    Operation m_operation;
    AnswerFacts m_facts{};
    Delivered m_delivered{};
};

QByteArray shortText(std::string_view text)
{
    constexpr size_t longest = 200;
    return bytes(text.substr(0, longest)).toByteArray();
}

AnswerFacts AnswerReader::read()
{
    m_facts.responseId = shortText(m_members.text("id"));
    m_facts.model = shortText(m_members.text("model"));
    switch (m_operation) {
    case Operation::Messages:
        readMessage();
        break;
    case Operation::Responses:
        readResponse();
        break;
    case Operation::GenerateContent:
    case Operation::StreamGenerateContent:
    case Operation::EmbedContent:
    case Operation::BatchEmbedContents:
        readCandidates();
        break;
    case Operation::CountTokens:
        m_delivered.hasContent = memberOf(m_root, "input_tokens").has_value();
        break;
    case Operation::GeminiCountTokens:
        m_delivered.hasContent = memberOf(m_root, "totalTokens").has_value();
        break;
    case Operation::ImageGenerations:
        readPictures();
        break;
    default:
        readChoices();
        break;
    }
    m_facts.hasContent = m_delivered.hasContent;
    m_facts.text = std::move(m_delivered.text);
    m_facts.pictures = m_delivered.pictures;
    return std::move(m_facts);
}

// Chats and completions; embeddings and moderations have `data` or `results` instead of choices.
void AnswerReader::readChoices()
{
    std::optional<element> usage = m_members.find("usage");
    if (!usage)
        usage = memberOf(m_members.find("x_groq"), "usage");
    if (const auto choices = m_members.array("choices")) {
        for (const element choice : *choices) {
            const ObjectMembers members(choice);
            if (m_facts.finishReason.isEmpty())
                m_facts.finishReason = shortText(members.text("finish_reason"));
            if (const auto message = members.find("message"))
                readOpenAiMessage(*message, m_delivered);
            m_delivered.add(bytes(members.text("text")));
            if (!usage)
                usage = members.find("usage");
        }
    }
    for (const std::string_view name : {"data", "results"}) {
        const auto entries = m_members.array(name);
        if (entries && entries->size() > 0)
            m_delivered.hasContent = true;
    }
    const bool totalIsInput =
        m_operation == Operation::Embeddings || m_operation == Operation::Moderations;
    if (usage)
        readOpenAiUsage(*usage, totalIsInput, m_facts.usage);
}

void AnswerReader::readMessage()
{
    m_facts.finishReason = shortText(stringOf(m_root, "stop_reason"));
    if (const auto blocks = arrayOf(m_root, "content")) {
        for (const element block : *blocks)
            readAnthropicBlock(block, m_delivered);
    }
    AnthropicFigures figures;
    if (const auto usage = memberOf(m_root, "usage"); usage && figures.read(*usage))
        m_facts.usage = figures.usage();
    m_facts.usage.anomalous = m_facts.usage.anomalous || figures.anomalous;
}

void AnswerReader::readResponse()
{
    const auto details = memberOf(m_root, "incomplete_details");
    m_facts.finishReason =
        shortText(details ? stringOf(*details, "reason") : stringOf(m_root, "status"));
    if (const auto items = arrayOf(m_root, "output")) {
        for (const element item : *items)
            readResponsesItem(item, m_delivered);
    }
    if (const auto usage = memberOf(m_root, "usage"))
        readOpenAiUsage(*usage, false, m_facts.usage);
}

void AnswerReader::readCandidates()
{
    m_facts.responseId = shortText(stringOf(m_root, "responseId"));
    m_facts.model = shortText(stringOf(m_root, "modelVersion"));
    if (const auto candidates = arrayOf(m_root, "candidates")) {
        for (const element candidate : *candidates) {
            readGeminiCandidate(candidate, m_delivered);
            if (m_facts.finishReason.isEmpty())
                m_facts.finishReason = shortText(stringOf(candidate, "finishReason"));
        }
    }
    if (const auto feedback = memberOf(m_root, "promptFeedback");
        feedback && m_facts.finishReason.isEmpty()) {
        m_facts.finishReason = shortText(stringOf(*feedback, "blockReason"));
    }
    if (memberOf(m_root, "embedding") || memberOf(m_root, "embeddings"))
        m_delivered.hasContent = true;
    if (const auto usage = memberOf(m_root, "usageMetadata"))
        readGeminiUsage(*usage, m_facts.usage);
}

void AnswerReader::readPictures()
{
    if (const auto pictures = arrayOf(m_root, "data")) {
        m_facts.usage.images = static_cast<qint64>(pictures->size());
        m_delivered.hasContent = m_facts.usage.images > 0;
    }
    if (m_facts.usage.images > 0)
        m_facts.usage.source = domain::UsageSource::Provider;
    if (const auto usage = memberOf(m_root, "usage"))
        readOpenAiUsage(*usage, false, m_facts.usage);
}

AnswerFacts failed(AnswerKind kind, ProviderError error)
{
    return {.kind = kind, .error = std::move(error)};
}

AnswerFacts webPage()
{
    return failed(
        AnswerKind::WebPage,
        notUnderstood(
            0, base::Message::tr("The provider answered with a web page; check the base URL.")));
}

AnswerFacts notJson(bool isBroken)
{
    return failed(AnswerKind::NotJson,
                  notUnderstood(0,
                                isBroken
                                    ? base::Message::tr("The provider's answer is broken JSON.")
                                    : base::Message::tr("The provider's answer is not JSON.")));
}

// What tells of an error, whichever form it has.
constexpr std::array<QByteArrayView, 5> errorMembers{"error", "type", "object", "message", "code"};
constexpr QByteArrayView jsonType("application/json");

} // namespace

QByteArrayView withoutSignsOfLife(QByteArrayView body)
{
    while (!body.isEmpty()) {
        const char first = body.front();
        if (first == ' ' || first == '\t' || first == '\r' || first == '\n') {
            body = body.sliced(1);
            continue;
        }
        if (first != ':')
            break;
        const auto end =
            std::find_if(body.begin(), body.end(), [](char c) { return c == '\r' || c == '\n'; });
        body = body.sliced(end - body.begin());
    }
    return body;
}

std::optional<bool> beginsAsEvents(QByteArrayView body)
{
    constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");
    if (body.startsWith(byteOrderMark))
        body = body.sliced(byteOrderMark.size());
    const QByteArrayView text = withoutSignsOfLife(body);
    if (text.isEmpty())
        return std::nullopt;
    for (const QByteArrayView field : {QByteArrayView("data:"),
                                       QByteArrayView("event:"),
                                       QByteArrayView("id:"),
                                       QByteArrayView("retry:")}) {
        if (text.startsWith(field))
            return true;
        if (field.startsWith(text))
            return std::nullopt;
    }
    return false;
}

std::vector<QByteArrayView> tellingMembers()
{
    std::vector<QByteArrayView> names{"usage", "usageMetadata", "x_groq"};
    names.insert(names.end(), errorMembers.begin(), errorMembers.end());
    return names;
}

std::optional<ProviderError> errorOfBeginning(QByteArrayView beginning,
                                              PassingMembers &members,
                                              Operation operation,
                                              QByteArrayView secret)
{
    const QByteArrayView text = withoutSignsOfLife(beginning);
    if (looksLikeHtml(text.first(std::min<qsizetype>(text.size(), 512))))
        return webPage().error;
    const bool isSpeech = operation == Operation::Speech;
    if (!isSpeech && !text.isEmpty() && !text.startsWith('{'))
        return notJson(text.startsWith('[')).error;
    if (auto facts = scanAnswer(members.found(), operation, jsonType, secret); !facts.isSuccess())
        return facts.error;
    // An error longer than all that was looked at, or than what is kept of it. One that has only just
    // begun may still turn out to be empty.
    constexpr qsizetype tellingBytes = 64;
    if (const QByteArrayView part = members.partOf("error"); part.size() >= tellingBytes) {
        PassingMembers within({"message", "type", "code", "status"});
        within.feed(part);
        const QByteArray found = R"({"error":)" + within.found() + '}';
        if (auto facts = scanAnswer(found, operation, jsonType, secret); facts.error)
            return facts.error;
        return notUnderstood(
            0,
            base::Message::tr("The provider answered with an error that is too long to be read."));
    }
    for (const QByteArrayView name : errorMembers)
        members.forget(name);
    return std::nullopt;
}

domain::Usage usageOf(const PassingMembers &members, Operation operation)
{
    return scanAnswer(members.found(), operation, jsonType).usage;
}

AnswerFacts scanAnswer(QByteArrayView body,
                       Operation operation,
                       QByteArrayView contentType,
                       QByteArrayView secret)
{
    if (operation == Operation::Speech && !contentType.toByteArray().toLower().contains("json")) {
        if (!body.isEmpty() && !looksLikeHtml(body.first(std::min<qsizetype>(body.size(), 512))))
            return {.hasContent = true};
    }
    const QByteArrayView text = withoutSignsOfLife(body).trimmed();
    if (text.isEmpty()) {
        return failed(
            AnswerKind::Empty,
            notUnderstood(0, base::Message::tr("The provider answered with an empty body.")));
    }
    element root;
    if (parseAnswer(text, root)) {
        if (looksLikeHtml(text))
            return webPage();
        return notJson(text.startsWith('{') || text.startsWith('['));
    }
    if (const auto error = errorIn(root)) {
        return failed(AnswerKind::Error,
                      errorFrom(*error, firstDocument(root), 0, dialectOf(operation), secret));
    }
    if (!root.is_object()) {
        return failed(
            AnswerKind::NotJson,
            notUnderstood(0, base::Message::tr("The provider's answer is not a JSON object.")));
    }
    if (operation == Operation::Speech)
        return {.hasContent = true};
    return AnswerReader(root, operation).read();
}

} // namespace gatehouse::protocol
