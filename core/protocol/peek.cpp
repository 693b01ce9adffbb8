#include "protocol/peek.h"

#include "domain/settings.h"
#include "protocol/members.h"
#include "protocol/peekfields.h"
#include "protocol/promptsize.h"
#include "protocol/requestparameters.h"

#include <QString>

#include <algorithm>
#include <cmath>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using base::ErrorCode;
using base::Message;
using base::Result;
using simdjson::dom::element;

namespace {

QString syntaxMessage(simdjson::error_code error)
{
    switch (error) {
    case simdjson::EMPTY:
        return u"The request has no body; a JSON object is expected."_s;
    case simdjson::DEPTH_ERROR:
        return u"The request body is nested more than %1 levels deep."_s.arg(deepestJson);
    case simdjson::UTF8_ERROR:
        return u"The request body is not valid UTF-8."_s;
    case simdjson::UNESCAPED_CHARS:
        return u"The request body has a control character inside a string."_s;
    case simdjson::UNCLOSED_STRING:
        return u"The request body ends inside a string."_s;
    case simdjson::STRING_ERROR:
        return u"The request body has an invalid escape sequence inside a string."_s;
    case simdjson::NUMBER_ERROR:
        return u"The request body has an invalid number."_s;
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY:
        return u"The request body is too large to be read."_s;
    default:
        return u"The request body is not valid JSON."_s;
    }
}

qint64 codePoints(std::string_view text)
{
    return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

// Claude Code names its session within the id of its user: "user_…_session_…", or in a JSON object.
QByteArray sessionInUserId(std::string_view userId)
{
    for (const std::string_view mark : {"_session_", "\"session_id\":\""}) {
        if (const size_t at = userId.find(mark); at != std::string_view::npos) {
            const std::string_view rest = userId.substr(at + mark.size());
            const std::string_view session = rest.substr(0, rest.find('"'));
            return QByteArray(session.data(), static_cast<qsizetype>(session.size()));
        }
    }
    return {};
}

// Elsewhere a provider passes over `max_tokens`, so that it would bound the hold and not the answer.
bool heedsMaxTokens(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletions:
    case Operation::Completions:
    case Operation::Messages:
    case Operation::CountTokens:
        return true;
    default:
        return false;
    }
}

// How many prompts a completion is asked for. An array of plain numbers is the tokens of one.
qint64 promptsIn(element prompt)
{
    simdjson::dom::array prompts;
    if (prompt.get_array().get(prompts)
        || std::all_of(prompts.begin(), prompts.end(), [](element e) { return e.is_number(); }))
        return 1;
    return static_cast<qint64>(prompts.size());
}

// Google takes a hundred.
constexpr qint64 mostInBatch = 10'000;

// Reads one body. Each function fills a part of the Peek or returns why not.
class Reader
{
public:
    Reader(QByteArrayView body,
           Operation operation,
           QByteArrayView pathModel,
           QByteArrayView defaultModel,
           bool withParameters)
        : m_body(body)
        , m_pathModel(pathModel)
        , m_defaultModel(defaultModel)
    {
        m_peek.operation = operation;
        if (withParameters)
            m_parameters = std::make_shared<domain::RequestParameters>();
    }

    Result<Peek> read();

private:
    Result<> parse();
    Result<> noteMember(const Member &member);
    void noteSession(const Member &member);
    void noteTemperature(const Member &member);
    void noteContinued(const Member &member);
    void noteOpening(Field field, const Member &member);
    Result<> act(Field field, const Member &member);
    Result<> readModel(const Member &member);
    Result<> readStreamOptions();
    Result<> readGenerationConfig();
    Result<> readNestedModel();
    Result<> readBatch();
    Result<> readModelInBatch(simdjson::dom::object request, Range place);
    bool isModelOfPath(QByteArrayView model) const;
    Result<> readBoolean(const Member &member, bool &target);
    Result<> readText(const Member &member, QByteArray &target);
    Result<> readBackground(const Member &member);
    Result<> readServiceTier(const Member &member);
    Result<> readSpeed(const Member &member);
    Result<> readInferenceGeo(const Member &member);
    Result<std::optional<qint64>> count(const Member &member, qint64 least);
    Result<> readLimit(const Member &member, std::optional<qint64> &target);
    Result<> readChoices(const Member &member);
    Result<> finish();

    bool isUnchanged(Range range) const;
    static QString quoted(std::string_view name)
    {
        return u'"' % QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())) % u'"';
    }
    static tl::unexpected<base::Error> refusal(std::string_view name, const QString &rule)
    {
        return base::fail(ErrorCode::InvalidInput,
                          Message::verbatim(u"The member %1 %2."_s.arg(quoted(name), rule)));
    }

    // A provider may take it for the other, and the last of the two for the one that counts.
    static tl::unexpected<base::Error> otherCase(std::string_view name, std::string_view meant)
    {
        return refusal(name,
                       u"differs from %1 only in the case of its letters"_s.arg(quoted(meant)));
    }
    // The same for a member further down, where `known` are acted on.
    static Result<> checkCase(std::string_view name, std::initializer_list<std::string_view> known)
    {
        for (const std::string_view meant : known) {
            if (name != meant && foldsTo(name, meant))
                return otherCase(name, meant);
        }
        return {};
    }

    static tl::unexpected<base::Error> dearer(const Member &member)
    {
        return refusal(member.name,
                       u"asks for what has another price than its model; an administrator can "
                       "offer it by a channel of its own"_s);
    }

    QByteArrayView m_body;
    QByteArrayView m_pathModel;
    QByteArrayView m_defaultModel;
    QByteArray m_repaired{}; // empty: the body could be parsed as it is
    element m_root{};
    Peek m_peek{};
    quint32 m_seen = 0;
    bool m_modelIsNull = false;
    std::optional<Member> m_streamOptions{};
    std::optional<Member> m_generationConfig{};
    std::optional<Member> m_nestedRequest{};
    std::optional<Member> m_batch{};
    std::shared_ptr<domain::RequestParameters> m_parameters{}; // null: nobody wants them
    std::optional<qint64> m_maxTokens{};
    std::optional<qint64> m_maxCompletionTokens{};
    qint64 m_prompts = 1; // of a completion
};

Result<Peek> Reader::read()
{
    if (auto parsed = parse(); !parsed)
        return base::fail(parsed.error());

    const QByteArrayView text = m_repaired.isEmpty() ? m_body : QByteArrayView(m_repaired);
    const qsizetype begin = text.indexOf('{');
    m_peek.objectStart = begin + 1;
    const auto object = simdjson::dom::object(m_root);
    m_peek.isEmptyObject = object.size() == 0;

    Result<> outcome;
    const simdjson::error_code error =
        visitMembers(text, {begin, text.size() - begin}, object, [&](const Member &member) {
            if (m_parameters)
                noteParameter(*m_parameters, member);
            if (outcome)
                outcome = noteMember(member);
        });
    if (error)
        return base::fail(ErrorCode::InvalidInput, Message::verbatim(syntaxMessage(error)));
    outcome = outcome.and_then([this] { return readStreamOptions(); })
                  .and_then([this] { return readGenerationConfig(); })
                  .and_then([this] { return readNestedModel(); })
                  .and_then([this] { return readBatch(); })
                  .and_then([this] { return finish(); });
    if (!outcome)
        return base::fail(outcome.error());
    return std::move(m_peek);
}

Result<> Reader::parse()
{
    if (m_body.startsWith("\xEF\xBB\xBF"))
        return base::fail(ErrorCode::InvalidInput,
                          Message::verbatim(u"The request body begins with a byte order mark."_s));
    if (const auto error = parseJsonLeniently(m_body, true, m_root, &m_repaired))
        return base::fail(ErrorCode::InvalidInput, Message::verbatim(syntaxMessage(error)));
    if (!m_root.is_object())
        return base::fail(ErrorCode::InvalidInput,
                          Message::verbatim(u"The request body must be a JSON object."_s));
    return {};
}

Result<> Reader::noteMember(const Member &member)
{
    const domain::Dialect dialect = dialectOf(m_peek.operation);
    const Field field = fieldNamed(dialect, member.name);
    if (field == Field::None) {
        if (const std::string_view meant = fieldNameLike(dialect, member.name); !meant.empty())
            return otherCase(member.name, meant);
        noteSession(member);
        return {};
    }
    const quint32 bit = 1U << static_cast<unsigned>(field);
    if (m_seen & bit)
        return refusal(member.name, u"occurs more than once"_s);
    m_seen |= bit;
    noteOpening(field, member);
    return act(field, member);
}

void Reader::noteSession(const Member &member)
{
    constexpr size_t longest = 1000;
    std::string_view text;
    if (member.name == "prompt_cache_key" && !member.value.get_string().get(text)
        && text.size() <= longest) {
        m_peek.session = QByteArray(text.data(), static_cast<qsizetype>(text.size()));
    } else if (member.name == "metadata" && !member.value["user_id"].get_string().get(text)
               && text.size() <= longest) {
        m_peek.session = sessionInUserId(text);
    } else if (member.name == "tools") {
        m_peek.opening.tools = member.text;
    } else if (member.name == "temperature") {
        noteTemperature(member);
    } else {
        noteContinued(member);
    }
}

// The highest of several, since nobody knows which of them a provider believes.
void Reader::noteTemperature(const Member &member)
{
    double temperature = 0;
    if (!member.value.get_double().get(temperature))
        m_peek.temperature = std::max(m_peek.temperature.value_or(temperature), temperature);
}

void Reader::noteContinued(const Member &member)
{
    constexpr size_t longest = 200;
    const bool isConversation = member.name == "conversation";
    if (!isConversation && member.name != "previous_response_id")
        return;
    std::string_view id;
    const bool isText = !member.value.get_string().get(id);
    if (!isText && (!isConversation || member.value["id"].get_string().get(id)))
        return;
    if (!id.empty() && id.size() <= longest)
        m_peek.continues = bytes(id).toByteArray();
}

void Reader::noteOpening(Field field, const Member &member)
{
    switch (field) {
    case Field::System:
    case Field::Instructions:
    case Field::SystemInstruction:
        m_peek.opening.system = member.text;
        break;
    case Field::Prompt:
        // Elsewhere it is a template, which many sessions have in common.
        if (m_peek.operation == Operation::Completions)
            m_peek.opening.turns = member.text;
        break;
    case Field::Messages:
    case Field::Input:
    case Field::Contents:
        m_peek.opening.turns = member.text;
        break;
    default:
        break;
    }
}

Result<> Reader::act(Field field, const Member &member)
{
    const Operation operation = m_peek.operation;
    switch (field) {
    case Field::Model:
        return readModel(member);
    case Field::Stream:
        return mayStream(operation) ? readBoolean(member, m_peek.stream) : Result<>();
    case Field::StreamFormat: {
        QByteArray format;
        if (operation != Operation::Speech)
            return {};
        auto outcome = readText(member, format);
        m_peek.stream = format == "sse";
        return outcome;
    }
    case Field::StreamOptions:
        if (asksForUsage(operation))
            m_streamOptions = member;
        return {};
    case Field::MaxTokens:
        return heedsMaxTokens(operation) ? readLimit(member, m_maxTokens) : Result<>();
    case Field::MaxCompletionTokens:
        return operation == Operation::ChatCompletions ? readLimit(member, m_maxCompletionTokens)
                                                       : Result<>();
    case Field::MaxOutputTokens:
        return operation == Operation::Responses ? readLimit(member, m_peek.maxOutputTokens)
                                                 : Result<>();
    case Field::Choices:
    case Field::BestOf:
        return readChoices(member);
    case Field::Size:
        return operation == Operation::ImageGenerations ? readText(member, m_peek.imageSize)
                                                        : Result<>();
    case Field::Quality:
        return operation == Operation::ImageGenerations ? readText(member, m_peek.imageQuality)
                                                        : Result<>();
    case Field::Input:
        if (operation == Operation::Speech) {
            QByteArray text;
            auto outcome = readText(member, text);
            m_peek.speechCharacters = codePoints(textOf(text));
            m_peek.speechBytes = text.size();
            return outcome;
        }
        return {};
    case Field::Prompt:
        if (operation == Operation::Completions)
            m_prompts = promptsIn(member.value);
        return {};
    case Field::Background:
        return operation == Operation::Responses ? readBackground(member) : Result<>();
    case Field::ServiceTier:
        return isCharged(operation) ? readServiceTier(member) : Result<>();
    case Field::Speed:
        return isCharged(operation) ? readSpeed(member) : Result<>();
    case Field::InferenceGeo:
        return isCharged(operation) ? readInferenceGeo(member) : Result<>();
    case Field::GenerationConfig:
        m_generationConfig = member;
        return {};
    case Field::GenerateContentRequest:
        if (operation == Operation::GeminiCountTokens)
            m_nestedRequest = member;
        return {};
    case Field::Requests:
        if (operation == Operation::BatchEmbedContents)
            m_batch = member;
        return {};
    default:
        return {};
    }
}

bool Reader::isUnchanged(Range range) const
{
    return m_repaired.isEmpty()
           || m_body.sliced(range.offset, range.length)
                  == QByteArrayView(m_repaired).sliced(range.offset, range.length);
}

Result<> Reader::readModel(const Member &member)
{
    m_peek.modelValue = member.text;
    m_modelIsNull = member.value.is_null();
    if (m_modelIsNull)
        return {};
    std::string_view model;
    if (member.value.get_string().get(model) || !isUnchanged(member.text))
        return refusal(member.name, u"must be a string"_s);
    if (auto checked = checkModelName(bytes(model)); !checked)
        return checked;
    m_peek.model = QByteArray(model.data(), static_cast<qsizetype>(model.size()));
    return {};
}

Result<> Reader::readBoolean(const Member &member, bool &target)
{
    if (member.value.is_null())
        return {};
    if (member.value.get_bool().get(target))
        return refusal(member.name, u"must be true or false"_s);
    return {};
}

Result<> Reader::readText(const Member &member, QByteArray &target)
{
    if (member.value.is_null())
        return {};
    std::string_view text;
    if (member.value.get_string().get(text))
        return refusal(member.name, u"must be a string"_s);
    target = QByteArray(text.data(), static_cast<qsizetype>(text.size()));
    return {};
}

// Such an answer is fetched later, by a request that the gateway does not offer, and what it costs is
// known only then.
Result<> Reader::readBackground(const Member &member)
{
    bool isWanted = false;
    if (auto outcome = readBoolean(member, isWanted); !outcome)
        return outcome;
    if (isWanted)
        return refusal(member.name, u"must be false: answers in the background are not offered"_s);
    return {};
}

// The tiers that cost more than the price of their model tells: OpenAI's, by their older name as well,
// and Gemini's, whose names protocol buffers write in several ways, even as a number.
Result<> Reader::readServiceTier(const Member &member)
{
    const bool isGemini = dialectOf(m_peek.operation) == domain::Dialect::Gemini;
    std::string_view text;
    if (member.value.get_string().get(text)) {
        return isGemini && member.value.is_number() ? refusal(member.name, u"must be a string"_s)
                                                    : Result<>();
    }
    QByteArray tier = bytes(text).toByteArray().toLower();
    if (constexpr QByteArrayView prefix("service_tier_"); isGemini && tier.startsWith(prefix))
        tier.remove(0, prefix.size());
    if (tier == "priority" || tier == "fast" || tier == "ultrafast")
        return dearer(member);
    return {};
}

// Anthropic's fast mode, which costs a multiple.
Result<> Reader::readSpeed(const Member &member)
{
    std::string_view speed;
    return !member.value.get_string().get(speed) && speed == "fast" ? dearer(member) : Result<>();
}

// Where Anthropic computes; any other place than its own choice costs more.
Result<> Reader::readInferenceGeo(const Member &member)
{
    std::string_view place;
    return !member.value.get_string().get(place) && place != "global" ? dearer(member) : Result<>();
}

Result<std::optional<qint64>> Reader::count(const Member &member, qint64 least)
{
    if (member.value.is_null())
        return std::nullopt;
    double number = 0;
    if (member.value.get_double().get(number) || !isUnchanged(member.text)
        || number != std::trunc(number)) {
        return refusal(member.name, u"must be a whole number"_s);
    }
    if (number < double(least) || number > double(largestRequestedCount)) {
        return refusal(member.name,
                       u"must be between %1 and %2"_s.arg(least).arg(largestRequestedCount));
    }
    return static_cast<qint64>(number);
}

Result<> Reader::readLimit(const Member &member, std::optional<qint64> &target)
{
    // Anthropic warms a cache with 0, and a completion may only be asked for probabilities.
    const bool mayBeZero = m_peek.operation == Operation::Messages
                           || m_peek.operation == Operation::CountTokens
                           || m_peek.operation == Operation::Completions;
    const auto limit = count(member, mayBeZero ? 0 : 1);
    if (!limit)
        return base::fail(limit.error());
    target = *limit;
    return {};
}

Result<> Reader::readChoices(const Member &member)
{
    const auto choices = count(member, 1);
    if (!choices)
        return base::fail(choices.error());
    // Of the completions that `best_of` makes, all are billed.
    m_peek.choices = std::max(m_peek.choices, choices->value_or(1));
    return {};
}

Result<> Reader::readStreamOptions()
{
    if (!m_streamOptions)
        return {};
    m_peek.streamOptions = m_streamOptions->text;
    if (m_streamOptions->value.is_null())
        return {};
    simdjson::dom::object options;
    if (m_streamOptions->value.get_object().get(options))
        return refusal("stream_options", u"must be an object"_s);
    m_peek.streamOptionsIsObject = true;
    m_peek.streamOptionsIsEmpty = options.size() == 0;

    Result<> outcome;
    const QByteArrayView text = m_repaired.isEmpty() ? m_body : QByteArrayView(m_repaired);
    const auto error = visitMembers(text, m_peek.streamOptions, options, [&](const Member &member) {
        if (outcome)
            outcome = checkCase(member.name, {"include_usage"});
        if (!outcome || member.name != "include_usage")
            return;
        if (m_peek.includeUsageValue.isPresent()) {
            outcome = refusal(member.name, u"occurs more than once"_s);
            return;
        }
        m_peek.includeUsageValue = member.text;
        outcome = readBoolean(member, m_peek.includeUsage);
    });
    if (error)
        return base::fail(ErrorCode::InvalidInput, Message::verbatim(syntaxMessage(error)));
    return outcome;
}

Result<> Reader::readGenerationConfig()
{
    if (!m_generationConfig || m_generationConfig->value.is_null())
        return {};
    simdjson::dom::object config;
    if (m_generationConfig->value.get_object().get(config))
        return refusal(m_generationConfig->name, u"must be an object"_s);

    Result<> outcome;
    bool hasLimit = false;
    bool hasChoices = false;
    const QByteArrayView text = m_repaired.isEmpty() ? m_body : QByteArrayView(m_repaired);
    const auto error =
        visitMembers(text, m_generationConfig->text, config, [&](const Member &member) {
            if (m_parameters)
                noteParameter(*m_parameters, member);
            const bool isLimit =
                member.name == "maxOutputTokens" || member.name == "max_output_tokens";
            const bool isChoices =
                member.name == "candidateCount" || member.name == "candidate_count";
            if (outcome && !isLimit && !isChoices) {
                outcome = checkCase(
                    member.name,
                    {"maxOutputTokens", "max_output_tokens", "candidateCount", "candidate_count"});
            }
            if (member.name == "temperature")
                noteTemperature(member);
            if (!outcome || (!isLimit && !isChoices))
                return;
            if (std::exchange(isLimit ? hasLimit : hasChoices, true)) {
                outcome = refusal(member.name, u"occurs more than once"_s);
                return;
            }
            outcome = isLimit ? readLimit(member, m_peek.maxOutputTokens) : readChoices(member);
        });
    if (error)
        return base::fail(ErrorCode::InvalidInput, Message::verbatim(syntaxMessage(error)));
    return outcome;
}

Result<> Reader::readNestedModel()
{
    simdjson::dom::object request;
    if (!m_nestedRequest || m_nestedRequest->value.get_object().get(request))
        return {};
    Result<> outcome;
    bool hasModel = false;
    const QByteArrayView text = m_repaired.isEmpty() ? m_body : QByteArrayView(m_repaired);
    const auto error =
        visitMembers(text, m_nestedRequest->text, request, [&](const Member &member) {
            if (outcome)
                outcome = checkCase(member.name, {"model"});
            if (!outcome || member.name != "model")
                return;
            if (std::exchange(hasModel, true) || m_peek.modelValue.isPresent()) {
                outcome = refusal(member.name, u"occurs more than once"_s);
                return;
            }
            outcome = readModel(member);
        });
    if (error)
        return base::fail(ErrorCode::InvalidInput, Message::verbatim(syntaxMessage(error)));
    return outcome;
}

Result<> Reader::readBatch()
{
    if (!m_batch || m_batch->value.is_null())
        return {};
    const QString rule = u"must be an array of objects"_s;
    simdjson::dom::array requests;
    if (m_batch->value.get_array().get(requests))
        return refusal(m_batch->name, rule);
    Result<> outcome;
    const QByteArrayView text = m_repaired.isEmpty() ? m_body : QByteArrayView(m_repaired);
    const auto error =
        visitElements(text, m_batch->text, requests, [&](element value, const Range &place) {
            simdjson::dom::object request;
            if (!outcome)
                return;
            if (value.get_object().get(request))
                outcome = refusal(m_batch->name, rule);
            else
                outcome = readModelInBatch(request, place);
        });
    if (error)
        return base::fail(ErrorCode::InvalidInput, Message::verbatim(syntaxMessage(error)));
    return outcome;
}

Result<> Reader::readModelInBatch(simdjson::dom::object request, Range place)
{
    Result<> outcome;
    bool hasModel = false;
    const QByteArrayView text = m_repaired.isEmpty() ? m_body : QByteArrayView(m_repaired);
    const auto error = visitMembers(text, place, request, [&](const Member &member) {
        if (outcome)
            outcome = checkCase(member.name, {"model"});
        if (!outcome || member.name != "model")
            return;
        std::string_view model;
        if (std::exchange(hasModel, true))
            outcome = refusal(member.name, u"occurs more than once"_s);
        else if (member.value.is_null())
            return;
        else if (member.value.get_string().get(model) || !isUnchanged(member.text))
            outcome = refusal(member.name, u"must be a string"_s);
        else if (!isModelOfPath(bytes(model)))
            outcome = refusal(member.name, u"differs from the model in the path"_s);
        else if (qint64(m_peek.nestedModels.size()) >= mostInBatch)
            outcome = refusal(m_batch->name, u"holds more than %1 requests"_s.arg(mostInBatch));
        else
            m_peek.nestedModels.push_back(member.text);
    });
    if (error)
        return base::fail(ErrorCode::InvalidInput, Message::verbatim(syntaxMessage(error)));
    return outcome;
}

// With "models/" before it or without.
bool Reader::isModelOfPath(QByteArrayView model) const
{
    constexpr QByteArrayView prefix("models/");
    return (model.startsWith(prefix) ? model.sliced(prefix.size()) : model) == m_pathModel;
}

Result<> Reader::finish()
{
    const Operation operation = m_peek.operation;
    if (dialectOf(operation) == domain::Dialect::Gemini) {
        m_peek.stream = operation == Operation::StreamGenerateContent;
        if (!m_peek.model.isEmpty() && !isModelOfPath(m_peek.model))
            return refusal("model", u"differs from the model in the path"_s);
        m_peek.model = m_pathModel.toByteArray();
    } else if (!m_peek.modelValue.isPresent() || m_modelIsNull) {
        m_peek.model = defaultModel(operation).toByteArray();
        if (m_peek.model.isEmpty() && answersWithText(operation)) {
            m_peek.model = m_defaultModel.toByteArray();
            m_peek.isModelReplaced = true;
        }
        if (m_peek.model.isEmpty()) {
            return base::fail(
                ErrorCode::InvalidInput,
                Message::verbatim(u"The request names no model; set the member \"model\"."_s));
        }
    }
    if (m_peek.model == domain::defaultModelAlias && !m_defaultModel.isEmpty()) {
        m_peek.model = m_defaultModel.toByteArray();
        m_peek.isModelReplaced =
            m_peek.isModelReplaced || m_defaultModel != domain::defaultModelAlias;
    }
    // Providers differ in which of the two they heed. Nothing is less than any number.
    if (!m_peek.maxOutputTokens)
        m_peek.maxOutputTokens = std::max(m_maxCompletionTokens, m_maxTokens);
    // Each prompt has as many completions. Both factors are far below the root of the largest number.
    m_peek.choices *= m_prompts;

    constexpr qsizetype smallBody = 16 * 1024;
    const PromptSize size = promptSizeOf(m_root);
    m_peek.promptBytes = m_body.size() <= smallBody ? m_body.size() : size.textBytes;
    m_peek.dataBytes = size.dataBytes;
    m_peek.hasReferences = size.hasReferences;
    m_peek.readsElsewhere = size.readsElsewhere;
    m_peek.hints = size.hints;
    m_peek.parameters = std::move(m_parameters);
    return {};
}

} // namespace

Result<Peek> peek(QByteArrayView body,
                  Operation operation,
                  QByteArrayView pathModel,
                  QByteArrayView defaultModel,
                  bool withParameters)
{
    return Reader(body, operation, pathModel, defaultModel, withParameters).read();
}

Result<> checkModelName(QByteArrayView model)
{
    if (model.isEmpty())
        return base::fail(ErrorCode::InvalidInput, Message::tr("The name of the model is empty."));
    if (model.size() > longestModelName) {
        return base::fail(
            ErrorCode::InvalidInput,
            Message::tr("The name of the model is longer than %1 bytes.").arg(longestModelName));
    }
    const bool hasControl = std::any_of(model.begin(), model.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    if (hasControl) {
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("The name of the model holds a control character."));
    }
    // Some parsers drop it at the beginning of a text, and so read another name.
    if (model.contains("\xEF\xBB\xBF")) {
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("The name of the model holds an invisible byte order mark."));
    }
    return {};
}

} // namespace gatehouse::protocol
