#include "gateway/echo/echoanswer.h"

#include "base/json.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

// One answer of OpenAI's Responses interface, whole or as its events.
class ResponseWriter
{
public:
    explicit ResponseWriter(const EchoReply &reply)
        : m_reply(reply)
        , m_itemId((reply.callsTool ? u"fc_"_s : u"msg_"_s) + reply.id)
    {}

    QJsonObject finished() const
    {
        QJsonObject response = begun(finalStatus());
        response[u"output"_s] = QJsonArray{item(finalStatus(), true)};
        if (m_reply.truncated)
            response[u"incomplete_details"_s] = QJsonObject{{u"reason"_s, u"max_output_tokens"_s}};
        if (!m_reply.behaviour.noUsage)
            response[u"usage"_s] = usage();
        return response;
    }

    // In the order that the reference gives for a text and for a function call.
    QList<QByteArray> events()
    {
        add(u"response.created"_s, {{u"response"_s, begun(u"in_progress"_s)}});
        add(u"response.in_progress"_s, {{u"response"_s, begun(u"in_progress"_s)}});
        add(u"response.output_item.added"_s,
            {{u"output_index"_s, 0}, {u"item"_s, item(u"in_progress"_s, false)}});
        if (m_reply.callsTool)
            addArguments();
        else
            addText();
        add(u"response.output_item.done"_s,
            {{u"output_index"_s, 0}, {u"item"_s, item(finalStatus(), true)}});
        add(u"response."_s + finalStatus(), {{u"response"_s, finished()}});
        return m_events;
    }

private:
    QString finalStatus() const { return m_reply.truncated ? u"incomplete"_s : u"completed"_s; }

    QJsonObject usage() const
    {
        const qint64 input = m_reply.prompt.inputTokens;
        return {{u"input_tokens"_s, input},
                {u"input_tokens_details"_s, QJsonObject{{u"cached_tokens"_s, 0}}},
                {u"output_tokens"_s, m_reply.outputTokens()},
                {u"output_tokens_details"_s, QJsonObject{{u"reasoning_tokens"_s, 0}}},
                {u"total_tokens"_s, input + m_reply.outputTokens()}};
    }

    QJsonObject begun(const QString &status) const
    {
        return {{u"id"_s, QString(u"resp_"_s + m_reply.id)},
                {u"object"_s, u"response"_s},
                {u"created_at"_s, m_reply.created},
                {u"status"_s, status},
                {u"error"_s, QJsonValue::Null},
                {u"incomplete_details"_s, QJsonValue::Null},
                {u"instructions"_s, QJsonValue::Null},
                {u"model"_s, m_reply.prompt.model},
                {u"output"_s, QJsonArray()},
                {u"parallel_tool_calls"_s, true},
                {u"temperature"_s, 1},
                {u"top_p"_s, 1},
                {u"tool_choice"_s, u"auto"_s},
                {u"tools"_s, QJsonArray()},
                {u"metadata"_s, QJsonObject()},
                {u"usage"_s, QJsonValue::Null}};
    }

    QJsonObject part(const QString &text) const
    {
        return {{u"type"_s, u"output_text"_s},
                {u"text"_s, text},
                {u"annotations"_s, QJsonArray()},
                {u"logprobs"_s, QJsonArray()}};
    }

    QJsonObject item(const QString &status, bool whole) const
    {
        QJsonObject item{{u"id"_s, m_itemId}, {u"status"_s, status}};
        if (m_reply.callsTool) {
            item[u"type"_s] = u"function_call"_s;
            item[u"call_id"_s] = QString(u"call_"_s + m_reply.id);
            item[u"name"_s] = m_reply.prompt.toolName;
            item[u"arguments"_s] = whole ? m_reply.text() : QString();
        } else {
            item[u"type"_s] = u"message"_s;
            item[u"role"_s] = u"assistant"_s;
            item[u"content"_s] = whole ? QJsonArray{part(m_reply.text())} : QJsonArray();
        }
        return item;
    }

    void add(const QString &type, QJsonObject payload)
    {
        payload[u"type"_s] = type;
        payload[u"sequence_number"_s] = m_events.size();
        m_events.append(echoEvent(payload, type.toUtf8()));
    }

    void addText()
    {
        const auto place = [this](const QString &name, const QJsonValue &value) {
            return QJsonObject{{u"item_id"_s, m_itemId},
                               {u"output_index"_s, 0},
                               {u"content_index"_s, 0},
                               {name, value}};
        };
        const auto textual = [&place](const QString &name, const QString &text) {
            QJsonObject payload = place(name, text);
            payload[u"logprobs"_s] = QJsonArray();
            return payload;
        };
        add(u"response.content_part.added"_s, place(u"part"_s, part({})));
        for (const QString &piece : m_reply.pieces)
            add(u"response.output_text.delta"_s, textual(u"delta"_s, piece));
        add(u"response.output_text.done"_s, textual(u"text"_s, m_reply.text()));
        add(u"response.content_part.done"_s, place(u"part"_s, part(m_reply.text())));
    }

    void addArguments()
    {
        const QJsonObject place{{u"item_id"_s, m_itemId}, {u"output_index"_s, 0}};
        for (const QString &piece : m_reply.pieces) {
            QJsonObject payload = place;
            payload[u"delta"_s] = piece;
            add(u"response.function_call_arguments.delta"_s, payload);
        }
        QJsonObject payload = place;
        payload[u"name"_s] = m_reply.prompt.toolName;
        payload[u"arguments"_s] = m_reply.text();
        add(u"response.function_call_arguments.done"_s, payload);
    }

    const EchoReply &m_reply;
    const QString m_itemId;
    QList<QByteArray> m_events{};
};

} // namespace

EchoAnswer responsesAnswer(const EchoReply &reply)
{
    ResponseWriter writer(reply);
    if (!reply.prompt.stream)
        return {.pieces = {base::compactJson(writer.finished())}};
    return {.contentType = QByteArrayLiteral("text/event-stream"),
            .pieces = writer.events(),
            .stream = true};
}

} // namespace gatehouse::gateway
