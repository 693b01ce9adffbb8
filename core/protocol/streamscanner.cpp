#include "protocol/streamscanner.h"

#include "protocol/counting/contentreader.h"
#include "protocol/errorclass.h"
#include "protocol/usagereader.h"

#include <algorithm>

namespace gatehouse::protocol {

using simdjson::dom::element;

// Reads one event into the scanner's state.
class EventReader
{
public:
    EventReader(StreamScanner &scanner, element root)
        : m_scanner(scanner)
        , m_root(root)
        , m_hadBytes(scanner.m_delivered.bytes)
        , m_delivered(scanner.m_delivered)
    {
        m_hadContent = std::exchange(m_delivered.hasContent, false);
    }

    EventFacts read(const http::Event &event);

private:
    EventFacts readChunk();
    EventFacts readResponseEvent(std::string_view type);
    EventFacts readMessageEvent(std::string_view type);
    EventFacts readGeminiChunk();
    EventFacts readMediaEvent(std::string_view type);

    void noteError(element error);
    void noteFinish(std::string_view reason);
    void noteId(element from, std::string_view name);
    bool toldContent() const { return m_delivered.hasContent || m_delivered.bytes > m_hadBytes; }
    // Final if the event ends the answer, else Content if it told any.
    EventRole role(bool isFinal = false);

    StreamScanner &m_scanner;
    element m_root;
    qint64 m_hadBytes;
    Delivered &m_delivered;
    bool m_hadContent = false;
};

EventFacts EventReader::read(const http::Event &event)
{
    const std::string_view type = stringOf(m_root, "type");
    EventFacts facts;
    const bool isResponses = m_scanner.m_operation == Operation::Responses;
    const auto error = errorIn(m_root);
    if (error && !(isResponses && type.starts_with("response."))) {
        noteError(*error);
        facts.role = EventRole::Error;
    } else if (event.type == QByteArrayView("error")) {
        noteError(m_root);
        facts.role = EventRole::Error;
    } else if (m_root.is_object()) {
        switch (m_scanner.m_operation) {
        case Operation::Messages:
            facts = readMessageEvent(type);
            break;
        case Operation::Responses:
            facts = readResponseEvent(type);
            break;
        case Operation::GenerateContent:
        case Operation::StreamGenerateContent:
            facts = readGeminiChunk();
            break;
        case Operation::ImageGenerations:
        case Operation::Speech:
            facts = readMediaEvent(type);
            break;
        default:
            facts = readChunk();
            break;
        }
    }
    facts.hasContent = toldContent();
    m_delivered.hasContent = m_delivered.hasContent || m_hadContent;
    return facts;
}

void EventReader::noteError(element error)
{
    if (!m_scanner.m_error) {
        m_scanner.m_error =
            errorFrom(error, m_root, 0, dialectOf(m_scanner.m_operation), m_scanner.m_secret);
    }
}

void EventReader::noteFinish(std::string_view reason)
{
    constexpr size_t longest = 100;
    if (m_scanner.m_finishReason.isEmpty())
        m_scanner.m_finishReason = bytes(reason.substr(0, longest)).toByteArray();
}

void EventReader::noteId(element from, std::string_view name)
{
    constexpr size_t longest = 200;
    if (!m_scanner.m_responseId.isEmpty())
        return;
    m_scanner.m_responseId = bytes(stringOf(from, name).substr(0, longest)).toByteArray();
    if (!m_scanner.m_readsModel || m_scanner.m_responseId.isEmpty())
        return;
    const bool isGemini = dialectOf(m_scanner.m_operation) == domain::Dialect::Gemini;
    const std::string_view model = stringOf(from, isGemini ? "modelVersion" : "model");
    m_scanner.m_responseModel = bytes(model.substr(0, longest)).toByteArray();
}

EventRole EventReader::role(bool isFinal)
{
    if (isFinal) {
        m_scanner.m_finished = true;
        return EventRole::Final;
    }
    return toldContent() ? EventRole::Content : EventRole::Ordinary;
}

// OpenAI's chat.completion.chunk, and the chunks of legacy completions.
EventFacts EventReader::readChunk()
{
    noteId(m_root, "id");
    EventFacts facts;
    std::optional<element> usage = memberOf(m_root, "usage");
    if (!usage)
        usage = memberOf(memberOf(m_root, "x_groq"), "usage");

    bool hasChoices = false;
    if (const auto choices = arrayOf(m_root, "choices")) {
        for (const element choice : *choices) {
            hasChoices = true;
            noteFinish(stringOf(choice, "finish_reason"));
            if (const auto delta = memberOf(choice, "delta"))
                readOpenAiMessage(*delta, m_delivered);
            else if (const auto message = memberOf(choice, "message"))
                readOpenAiMessage(*message, m_delivered);
            else
                m_delivered.add(bytes(stringOf(choice, "text")));
            // Moonshot puts it into the last choice.
            if (!usage)
                usage = memberOf(choice, "usage");
        }
    }
    facts.hasUsage = usage && readOpenAiUsage(*usage, false, m_scanner.m_usage);
    m_scanner.m_coversOutput = m_scanner.m_coversOutput || facts.hasUsage;
    facts.role = role();
    if (!hasChoices && usage && usage->is_object())
        facts.role = EventRole::UsageOnly;
    return facts;
}

EventFacts EventReader::readResponseEvent(std::string_view type)
{
    EventFacts facts;
    if (type.ends_with(".delta")) {
        m_delivered.add(bytes(stringOf(m_root, "delta")));
        facts.role = role();
        return facts;
    }
    if (type == "response.output_item.added") {
        const auto item = memberOf(m_root, "item");
        const std::string_view kind = item ? stringOf(*item, "type") : std::string_view();
        if (!kind.empty() && kind != "message" && kind != "reasoning") {
            m_delivered.hasContent = true;
            if (kind == "image_generation_call")
                ++m_delivered.pictures;
            m_delivered.add(bytes(stringOf(*item, "name")));
        }
        facts.role = role();
        return facts;
    }
    if (type.ends_with(".partial_image")) {
        m_delivered.hasContent = true;
        m_delivered.pictures = std::max<qint64>(1, m_delivered.pictures);
    }
    const auto response = memberOf(m_root, "response");
    if (!response) {
        facts.role = role();
        return facts;
    }
    noteId(*response, "id");
    if (const auto usage = memberOf(*response, "usage")) {
        facts.hasUsage = readOpenAiUsage(*usage, false, m_scanner.m_usage);
        m_scanner.m_coversOutput = m_scanner.m_coversOutput || facts.hasUsage;
    }
    if (type == "response.failed") {
        m_scanner.m_finished = true;
        noteFinish("failed");
        noteError(memberOf(*response, "error").value_or(*response));
        facts.role = EventRole::Error;
        return facts;
    }
    const bool isFinal = type == "response.completed" || type == "response.incomplete";
    if (isFinal) {
        const auto details = memberOf(*response, "incomplete_details");
        noteFinish(details ? stringOf(*details, "reason") : stringOf(*response, "status"));
    }
    facts.role = role(isFinal);
    return facts;
}

EventFacts EventReader::readMessageEvent(std::string_view type)
{
    EventFacts facts;
    const auto readUsage = [&](std::optional<element> usage, bool coversOutput) {
        const bool isTold = usage && m_scanner.m_figures.read(*usage);
        if (!isTold) {
            m_scanner.m_usage.anomalous = m_scanner.m_figures.anomalous;
            return;
        }
        m_scanner.m_usage = m_scanner.m_figures.usage();
        facts.hasUsage = m_scanner.hasUsage();
        m_scanner.m_coversOutput = m_scanner.m_coversOutput || (coversOutput && facts.hasUsage);
    };
    if (type == "content_block_delta") {
        if (const auto delta = memberOf(m_root, "delta")) {
            for (const std::string_view name : {"text", "thinking", "partial_json"})
                m_delivered.add(bytes(stringOf(*delta, name)));
        }
    } else if (type == "content_block_start") {
        if (const auto block = memberOf(m_root, "content_block"))
            readAnthropicBlock(*block, m_delivered);
    } else if (type == "message_start") {
        if (const auto message = memberOf(m_root, "message")) {
            noteId(*message, "id");
            readUsage(memberOf(*message, "usage"), false);
        }
    } else if (type == "message_delta") {
        if (const auto delta = memberOf(m_root, "delta"))
            noteFinish(stringOf(*delta, "stop_reason"));
        const auto usage = memberOf(m_root, "usage");
        readUsage(usage, usage && memberOf(*usage, "output_tokens"));
    } else if (type == "ping") {
        facts.role = EventRole::Comment;
        return facts;
    }
    facts.role = role(type == "message_stop");
    return facts;
}

EventFacts EventReader::readGeminiChunk()
{
    // Code Assist wraps each chunk.
    const element chunk = memberOf(m_root, "response").value_or(m_root);
    noteId(chunk, "responseId");
    EventFacts facts;
    bool isFinal = false;
    if (const auto candidates = arrayOf(chunk, "candidates")) {
        for (const element candidate : *candidates) {
            readGeminiCandidate(candidate, m_delivered);
            const std::string_view reason = stringOf(candidate, "finishReason");
            isFinal = isFinal || !reason.empty();
            noteFinish(reason);
        }
    }
    if (const auto feedback = memberOf(chunk, "promptFeedback")) {
        // A refused prompt is answered by this alone.
        const std::string_view reason = stringOf(*feedback, "blockReason");
        isFinal = isFinal || !reason.empty();
        noteFinish(reason);
    }
    if (const auto usage = memberOf(chunk, "usageMetadata")) {
        facts.hasUsage = readGeminiUsage(*usage, m_scanner.m_usage);
        m_scanner.m_coversOutput = m_scanner.m_coversOutput || facts.hasUsage;
    }
    facts.role = role(isFinal && m_scanner.m_form == StreamForm::Events);
    return facts;
}

// Streams of pictures (image_generation.…) and of speech (speech.audio.…).
EventFacts EventReader::readMediaEvent(std::string_view type)
{
    EventFacts facts;
    if (!stringOf(m_root, "b64_json").empty() || !stringOf(m_root, "audio").empty())
        m_delivered.hasContent = true;
    if (type == "image_generation.completed") {
        ++m_scanner.m_usage.images;
        m_scanner.m_usage.source = domain::UsageSource::Provider;
        m_scanner.m_coversOutput = true;
        facts.hasUsage = true;
    }
    if (const auto usage = memberOf(m_root, "usage")) {
        facts.hasUsage = readOpenAiUsage(*usage, false, m_scanner.m_usage) || facts.hasUsage;
        m_scanner.m_coversOutput = m_scanner.m_coversOutput || facts.hasUsage;
    }
    facts.role = role(type == "image_generation.completed" || type == "speech.audio.done");
    return facts;
}

StreamScanner::StreamScanner(Operation operation, QByteArrayView secret, StreamForm form)
    : m_operation(operation)
    , m_secret(secret)
    , m_form(form)
{}

EventFacts StreamScanner::read(const http::Event &event)
{
    if (event.isComment || !event.hasData)
        return {.role = EventRole::Comment};
    // The client sees nothing of it.
    if (m_finished && endsWithMarker(m_operation, m_form))
        return {};
    const QByteArrayView data = event.data.trimmed();
    if (data == (m_form == StreamForm::Array ? QByteArrayView("]") : QByteArrayView("[DONE]"))) {
        m_finished = true;
        return {.role = EventRole::Final};
    }
    element root;
    if (data.isEmpty() || parseAnswer(data, root)) {
        // A text that is no JSON but is named an error is one.
        if (event.type != QByteArrayView("error"))
            return {};
        if (!m_error)
            m_error = notUnderstood(0, base::Message::verbatim(presentable(data, m_secret)));
        return {.role = EventRole::Error};
    }
    return EventReader(*this, root).read(event);
}

} // namespace gatehouse::protocol
