#include "gateway/echo/echoanswer.h"

#include "base/json.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

// One answer of Anthropic's Messages interface, whole or as its events.
class MessageWriter
{
public:
    explicit MessageWriter(const EchoReply &reply)
        : m_reply(reply)
    {}

    QJsonObject
    message(const QJsonArray &content, const QJsonValue &stopReason, qint64 outputTokens) const
    {
        QJsonObject message{{u"id"_s, QString(u"msg_"_s + m_reply.id)},
                            {u"type"_s, u"message"_s},
                            {u"role"_s, u"assistant"_s},
                            {u"model"_s, m_reply.prompt.model},
                            {u"content"_s, content},
                            {u"stop_reason"_s, stopReason},
                            {u"stop_sequence"_s, QJsonValue::Null}};
        if (!m_reply.behaviour.noUsage)
            message[u"usage"_s] = usage(outputTokens);
        return message;
    }

    QJsonObject finished() const
    {
        return message({block(true)}, stopReason(), m_reply.outputTokens());
    }

    // In the order that the reference gives; a `ping` follows the start of the block, as it does
    // there.
    QList<QByteArray> events()
    {
        add(u"message_start"_s, {{u"message"_s, message({}, QJsonValue::Null, 1)}});
        add(u"content_block_start"_s, {{u"index"_s, 0}, {u"content_block"_s, block(false)}});
        add(u"ping"_s, {});
        for (const QString &piece : m_reply.pieces) {
            const QJsonObject delta =
                m_reply.callsTool
                    ? QJsonObject{{u"type"_s, u"input_json_delta"_s}, {u"partial_json"_s, piece}}
                    : QJsonObject{{u"type"_s, u"text_delta"_s}, {u"text"_s, piece}};
            add(u"content_block_delta"_s, {{u"index"_s, 0}, {u"delta"_s, delta}});
        }
        add(u"content_block_stop"_s, {{u"index"_s, 0}});
        QJsonObject last{{u"delta"_s,
                          QJsonObject{{u"stop_reason"_s, stopReason()},
                                      {u"stop_sequence"_s, QJsonValue::Null}}}};
        if (!m_reply.behaviour.noUsage)
            last[u"usage"_s] = usage(m_reply.outputTokens());
        add(u"message_delta"_s, last);
        add(u"message_stop"_s, {});
        return m_events;
    }

private:
    QString stopReason() const
    {
        if (m_reply.callsTool)
            return u"tool_use"_s;
        return m_reply.truncated ? u"max_tokens"_s : u"end_turn"_s;
    }

    QJsonObject usage(qint64 outputTokens) const
    {
        return {{u"input_tokens"_s, m_reply.prompt.inputTokens},
                {u"cache_creation_input_tokens"_s, 0},
                {u"cache_read_input_tokens"_s, 0},
                {u"output_tokens"_s, outputTokens}};
    }

    QJsonObject block(bool whole) const
    {
        if (!m_reply.callsTool) {
            return {{u"type"_s, u"text"_s}, {u"text"_s, whole ? m_reply.text() : QString()}};
        }
        return {{u"type"_s, u"tool_use"_s},
                {u"id"_s, QString(u"toolu_"_s + m_reply.id)},
                {u"name"_s, m_reply.prompt.toolName},
                {u"input"_s, whole ? echoArguments(m_reply.prompt.toolSchema) : QJsonObject()}};
    }

    void add(const QString &type, QJsonObject payload)
    {
        payload[u"type"_s] = type;
        m_events.append(echoEvent(payload, type.toUtf8()));
    }

    const EchoReply &m_reply;
    QList<QByteArray> m_events{};
};

} // namespace

EchoAnswer messagesAnswer(const EchoReply &reply)
{
    MessageWriter writer(reply);
    if (!reply.prompt.stream)
        return {.pieces = {base::compactJson(writer.finished())}};
    return {.contentType = QByteArrayLiteral("text/event-stream"),
            .pieces = writer.events(),
            .stream = true};
}

} // namespace gatehouse::gateway
