#include "admin/traffic/conversation.h"

#include "admin/traffic/conversationreader.h"
#include "protocol/streamparser.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <map>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

using Kind = ConversationItem::Kind;

struct ConversationTexts
{
    Q_DECLARE_TR_FUNCTIONS(Conversation)
};

// The pieces of a stream's answer, put together in the order in which they began.
class StreamAssembly
{
public:
    explicit StreamAssembly(ConversationReader &reader)
        : m_reader(reader)
    {}

    void read(const QJsonObject &event);
    void finish();

private:
    struct Block
    {
        Kind kind = Kind::Assistant;
        QString id{};
        QString name{};
        QString text{};
    };

    Block &block(const QString &key, Kind kind);
    void readDelta(const QJsonObject &delta, const QString &place);
    void readAnthropic(const QString &type, const QJsonObject &event);
    void readResponses(const QString &type, const QJsonObject &event);

    ConversationReader &m_reader;
    std::vector<Block> m_blocks;
    std::map<QString, size_t> m_places; // by dialect's own key
    bool m_isWhole = false;             // the last event told all of it
};

StreamAssembly::Block &StreamAssembly::block(const QString &key, Kind kind)
{
    const auto [found, isNew] = m_places.try_emplace(key, m_blocks.size());
    if (isNew)
        m_blocks.push_back({.kind = kind});
    return m_blocks[found->second];
}

// Of a choice of Chat Completions.
void StreamAssembly::readDelta(const QJsonObject &delta, const QString &place)
{
    for (const QString &name : {u"reasoning_content"_s, u"reasoning"_s}) {
        if (const QString text = delta[name].toString(); !text.isEmpty())
            block(place + u" reasoning"_s, Kind::Reasoning).text += text;
    }
    if (const QString text = delta[u"content"_s].toString(); !text.isEmpty())
        block(place + u" text"_s, Kind::Assistant).text += text;
    const QJsonArray calls = delta[u"tool_calls"_s].toArray();
    for (const QJsonValue &call : calls) {
        Block &of =
            block(place + u" tool "_s + QString::number(call[u"index"_s].toInt()), Kind::Tool);
        const QJsonValue function = call[u"function"_s];
        if (of.id.isEmpty())
            of.id = call[u"id"_s].toString();
        of.name += function[u"name"_s].toString();
        of.text += function[u"arguments"_s].toString();
    }
}

void StreamAssembly::readAnthropic(const QString &type, const QJsonObject &event)
{
    const QString key = QString::number(event[u"index"_s].toInt());
    if (type == "content_block_start"_L1) {
        const QJsonObject begun = event[u"content_block"_s].toObject();
        const QString kind = begun[u"type"_s].toString();
        Block &of = block(key,
                          kind.endsWith("tool_use"_L1)   ? Kind::Tool
                          : kind.contains("thinking"_L1) ? Kind::Reasoning
                                                         : Kind::Assistant);
        of.id = begun[u"id"_s].toString();
        of.name = begun[u"name"_s].toString();
        of.text += begun[u"text"_s].toString() + begun[u"thinking"_s].toString();
    } else if (type == "content_block_delta"_L1) {
        const QJsonObject delta = event[u"delta"_s].toObject();
        block(key, Kind::Assistant).text += delta[u"text"_s].toString()
                                            + delta[u"thinking"_s].toString()
                                            + delta[u"partial_json"_s].toString();
    } else if (type == "message_delta"_L1) {
        m_reader.finish(event[u"delta"_s][u"stop_reason"_s].toString());
    }
}

void StreamAssembly::readResponses(const QString &type, const QJsonObject &event)
{
    if (type == "response.completed"_L1 || type == "response.incomplete"_L1
        || type == "response.failed"_L1) {
        m_isWhole = true;
        m_reader.readAnswer(event[u"response"_s].toObject());
        return;
    }
    if (!type.endsWith(".delta"_L1))
        return;
    const Kind kind = type.contains("reasoning"_L1)   ? Kind::Reasoning
                      : type.contains("arguments"_L1) ? Kind::Tool
                                                      : Kind::Assistant;
    const QString key = QString::number(event[u"output_index"_s].toInt()) + type;
    block(key, kind).text += event[u"delta"_s].toString();
}

void StreamAssembly::read(const QJsonObject &event)
{
    const QString type = event[u"type"_s].toString();
    if (type.startsWith("response."_L1))
        return readResponses(type, event);
    if (type.startsWith("content_block"_L1) || type.startsWith("message_"_L1))
        return readAnthropic(type, event);
    const QJsonArray choices = event[u"choices"_s].toArray();
    for (const QJsonValue &choice : choices) {
        const QString place = QString::number(choice[u"index"_s].toInt());
        readDelta(choice[u"delta"_s].toObject(), place);
        if (const QString text = choice[u"text"_s].toString(); !text.isEmpty())
            block(place + u" text"_s, Kind::Assistant).text += text;
        m_reader.finish(choice[u"finish_reason"_s].toString());
    }
    const QJsonArray candidates = event[u"candidates"_s].toArray();
    for (const QJsonValue &candidate : candidates) {
        const QJsonArray parts = candidate[u"content"_s][u"parts"_s].toArray();
        for (const QJsonValue &part : parts) {
            if (part[u"functionCall"_s].isObject()) {
                Block &of = block(u"call %1"_s.arg(m_blocks.size()), Kind::Tool);
                of.name = part[u"functionCall"_s][u"name"_s].toString();
                of.text = plainText(part[u"functionCall"_s][u"args"_s]);
                continue;
            }
            const bool isThought = part[u"thought"_s].toBool();
            block(isThought ? u"thought"_s : u"text"_s,
                  isThought ? Kind::Reasoning : Kind::Assistant)
                .text += part[u"text"_s].toString();
        }
        m_reader.finish(candidate[u"finishReason"_s].toString());
    }
    if (event[u"error"_s].isObject())
        m_reader.readAnswer({{u"error"_s, event[u"error"_s]}});
}

void StreamAssembly::finish()
{
    if (m_isWhole)
        return;
    for (const Block &each : m_blocks) {
        if (each.kind == Kind::Tool)
            m_reader.addCall(each.id, each.name, each.text);
        else if (!each.text.isEmpty())
            m_reader.add({.kind = each.kind, .text = each.text});
    }
}

void readStream(const QByteArray &body, protocol::StreamForm form, ConversationReader &reader)
{
    StreamAssembly assembly(reader);
    protocol::StreamParser parser(form, body.size() + 1);
    parser.feed(body);
    http::Event event;
    while (parser.next(event)) {
        const QJsonDocument data =
            event.hasData ? QJsonDocument::fromJson(event.data.toByteArray()) : QJsonDocument();
        if (data.isObject())
            assembly.read(data.object());
    }
    assembly.finish();
}

void readAnswer(const domain::CapturedMessage &answer, ConversationReader &reader)
{
    reader.beginAnswer();
    if (answer.field("content-type").startsWith("text/event-st")) {
        readStream(answer.body, protocol::StreamForm::Events, reader);
        return;
    }
    // Gemini streams without `alt=sse` as a list.
    if (QByteArrayView(answer.body).trimmed().startsWith('[')) {
        readStream(answer.body, protocol::StreamForm::Array, reader);
        return;
    }
    const QJsonDocument document = QJsonDocument::fromJson(answer.body);
    if (document.isObject())
        reader.readAnswer(document.object());
}

} // namespace

QString Conversation::answerText() const
{
    QStringList texts;
    for (const ConversationItem &item : items) {
        if (!item.isAnswer)
            continue;
        if (item.kind == Kind::Tool)
            texts.append(item.title + u'(' + item.text + u')');
        else if (!item.text.isEmpty())
            texts.append(item.text);
    }
    return texts.join(u"\n\n"_s);
}

Conversation conversationOf(const domain::Capture &capture)
{
    ConversationReader reader;
    QString problem;
    const QJsonDocument request = QJsonDocument::fromJson(capture.request.body);
    if (request.isObject()) {
        reader.readRequest(request.object());
    } else if (capture.request.isCut()) {
        problem = ConversationTexts::tr("The request was longer than what is kept of it, so that "
                                        "its messages cannot be shown.");
    } else if (capture.request.isPresent()) {
        problem = ConversationTexts::tr("The request is no JSON, or nested too deeply.");
    }
    readAnswer(capture.answer, reader);
    Conversation conversation = reader.take();
    conversation.problem = problem;
    return conversation;
}

} // namespace gatehouse::admin
