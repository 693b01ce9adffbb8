#include "gateway/echo/echoanswer.h"

#include "base/json.h"

#include <QJsonArray>

#include <QtEndian>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

// The usage of a chat or a completion. It counts every member that OpenAI's own does.
QJsonObject usageOf(const EchoReply &reply)
{
    return {{u"prompt_tokens"_s, reply.prompt.inputTokens},
            {u"completion_tokens"_s, reply.outputTokens()},
            {u"total_tokens"_s, reply.prompt.inputTokens + reply.outputTokens()},
            {u"prompt_tokens_details"_s, QJsonObject{{u"cached_tokens"_s, 0}}},
            {u"completion_tokens_details"_s, QJsonObject{{u"reasoning_tokens"_s, 0}}}};
}

QString finishReason(const EchoReply &reply)
{
    if (reply.callsTool)
        return u"tool_calls"_s;
    return reply.truncated ? u"length"_s : u"stop"_s;
}

QJsonObject toolCall(const EchoReply &reply, const QString &arguments)
{
    return {{u"id"_s, QString(u"call_"_s + reply.id)},
            {u"type"_s, u"function"_s},
            {u"function"_s,
             QJsonObject{{u"name"_s, reply.prompt.toolName}, {u"arguments"_s, arguments}}}};
}

// Writes the chunks of a streamed chat, in the order of the API reference: role, content or tool
// call, finish reason, usage, [DONE].
class ChatChunks
{
public:
    explicit ChatChunks(const EchoReply &reply)
        : m_reply(reply)
    {}

    QList<QByteArray> all()
    {
        add({{u"role"_s, u"assistant"_s},
             {u"content"_s, m_reply.callsTool ? QJsonValue(QJsonValue::Null) : QJsonValue(u""_s)},
             {u"refusal"_s, QJsonValue::Null}});
        if (m_reply.callsTool)
            addToolCall();
        else
            for (const QString &piece : m_reply.pieces)
                add({{u"content"_s, piece}});
        add({}, finishReason(m_reply));
        if (m_reply.prompt.includeUsage && !m_reply.behaviour.noUsage) {
            QJsonObject last = chunk({});
            last[u"usage"_s] = usageOf(m_reply);
            m_events.append(echoEvent(last));
        }
        m_events.append(QByteArrayLiteral("data: [DONE]\n\n"));
        return m_events;
    }

private:
    QJsonObject chunk(const QJsonArray &choices) const
    {
        QJsonObject chunk{{u"id"_s, QString(u"chatcmpl-"_s + m_reply.id)},
                          {u"object"_s, u"chat.completion.chunk"_s},
                          {u"created"_s, m_reply.created},
                          {u"model"_s, m_reply.prompt.model},
                          {u"choices"_s, choices}};
        if (m_reply.prompt.includeUsage)
            chunk[u"usage"_s] = QJsonValue::Null;
        return chunk;
    }

    void add(const QJsonObject &delta, const QString &reason = {})
    {
        const QJsonObject choice{
            {u"index"_s, 0},
            {u"delta"_s, delta},
            {u"logprobs"_s, QJsonValue::Null},
            {u"finish_reason"_s,
             reason.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(reason)}};
        m_events.append(echoEvent(chunk({choice})));
    }

    void addToolCall()
    {
        QJsonObject first = toolCall(m_reply, {});
        first[u"index"_s] = 0;
        add({{u"tool_calls"_s, QJsonArray{first}}});
        for (const QString &piece : m_reply.pieces) {
            const QJsonObject part{{u"index"_s, 0},
                                   {u"function"_s, QJsonObject{{u"arguments"_s, piece}}}};
            add({{u"tool_calls"_s, QJsonArray{part}}});
        }
    }

    const EchoReply &m_reply;
    QList<QByteArray> m_events{};
};

EchoAnswer streamed(QList<QByteArray> events)
{
    return {.contentType = QByteArrayLiteral("text/event-stream"),
            .pieces = std::move(events),
            .stream = true};
}

EchoAnswer whole(const QJsonObject &body)
{
    return {.pieces = {base::compactJson(body)}};
}

// The inputs of an embedding or moderation: a text, several, or lists of token numbers, each as the
// text it stands for.
QStringList inputsOf(const QJsonValue &input)
{
    if (input.isString())
        return {input.toString()};
    QStringList texts;
    const QJsonArray items = input.toArray();
    const bool isTokenList = !items.isEmpty() && items.first().isDouble();
    for (const QJsonValue &item : items) {
        if (item.isString())
            texts.append(item.toString());
        else if (item[u"text"_s].isString())
            texts.append(item[u"text"_s].toString());
        else
            texts.append(QString::fromUtf8(base::compactJson(item.toArray())));
    }
    return isTokenList ? QStringList{QString::fromUtf8(base::compactJson(items))} : texts;
}

// OpenAI's base64 form of a vector: 32-bit floats, little endian.
QString packed(const QList<double> &vector)
{
    QByteArray bytes(vector.size() * 4, '\0');
    for (qsizetype i = 0; i < vector.size(); ++i)
        qToLittleEndian(static_cast<float>(vector[i]), bytes.data() + 4 * i);
    return QString::fromLatin1(bytes.toBase64());
}

} // namespace

EchoAnswer chatAnswer(const EchoReply &reply)
{
    if (reply.prompt.stream)
        return streamed(ChatChunks(reply).all());

    QJsonObject message{{u"role"_s, u"assistant"_s}, {u"refusal"_s, QJsonValue::Null}};
    if (reply.callsTool) {
        message[u"content"_s] = QJsonValue::Null;
        message[u"tool_calls"_s] = QJsonArray{toolCall(reply, reply.text())};
    } else {
        message[u"content"_s] = reply.text();
    }
    const QJsonObject choice{{u"index"_s, 0},
                             {u"message"_s, message},
                             {u"logprobs"_s, QJsonValue::Null},
                             {u"finish_reason"_s, finishReason(reply)}};
    QJsonObject body{{u"id"_s, QString(u"chatcmpl-"_s + reply.id)},
                     {u"object"_s, u"chat.completion"_s},
                     {u"created"_s, reply.created},
                     {u"model"_s, reply.prompt.model},
                     {u"choices"_s, QJsonArray{choice}}};
    if (!reply.behaviour.noUsage)
        body[u"usage"_s] = usageOf(reply);
    return whole(body);
}

EchoAnswer completionAnswer(const EchoReply &reply)
{
    const auto body = [&reply](const QString &text, const QJsonValue &reason) {
        const QJsonObject choice{{u"index"_s, 0},
                                 {u"text"_s, text},
                                 {u"logprobs"_s, QJsonValue::Null},
                                 {u"finish_reason"_s, reason}};
        return QJsonObject{{u"id"_s, QString(u"cmpl-"_s + reply.id)},
                           {u"object"_s, u"text_completion"_s},
                           {u"created"_s, reply.created},
                           {u"model"_s, reply.prompt.model},
                           {u"choices"_s, QJsonArray{choice}}};
    };
    if (!reply.prompt.stream) {
        QJsonObject all = body(reply.text(), finishReason(reply));
        if (!reply.behaviour.noUsage)
            all[u"usage"_s] = usageOf(reply);
        return whole(all);
    }

    QList<QByteArray> events;
    for (const QString &piece : reply.pieces)
        events.append(echoEvent(body(piece, QJsonValue::Null)));
    events.append(echoEvent(body({}, finishReason(reply))));
    if (reply.prompt.includeUsage && !reply.behaviour.noUsage) {
        QJsonObject last = body({}, QJsonValue::Null);
        last[u"choices"_s] = QJsonArray();
        last[u"usage"_s] = usageOf(reply);
        events.append(echoEvent(last));
    }
    events.append(QByteArrayLiteral("data: [DONE]\n\n"));
    return streamed(std::move(events));
}

EchoAnswer embeddingsAnswer(const QJsonObject &request)
{
    const qint64 dimensions = request[u"dimensions"_s].toInteger(8);
    const bool isPacked = request[u"encoding_format"_s].toString() == u"base64"_s;
    QJsonArray data;
    qint64 tokens = 0;
    for (const QString &text : inputsOf(request[u"input"_s])) {
        const QList<double> vector = echoVector(text, dimensions);
        QJsonArray numbers;
        for (double value : vector)
            numbers.append(value);
        tokens += echoTokens(text);
        data.append(QJsonObject{
            {u"object"_s, u"embedding"_s},
            {u"index"_s, data.size()},
            {u"embedding"_s, isPacked ? QJsonValue(packed(vector)) : QJsonValue(numbers)}});
    }
    QJsonObject body{
        {u"object"_s, u"list"_s}, {u"model"_s, request[u"model"_s]}, {u"data"_s, data}};
    if (!echoBehaviour(request[u"model"_s].toString()).noUsage)
        body[u"usage"_s] = QJsonObject{{u"prompt_tokens"_s, tokens}, {u"total_tokens"_s, tokens}};
    return whole(body);
}

EchoAnswer moderationsAnswer(const QJsonObject &request)
{
    QJsonArray results;
    for (const QString &text : inputsOf(request[u"input"_s])) {
        const bool flagged = text.contains(u"violence"_s, Qt::CaseInsensitive);
        results.append(QJsonObject{
            {u"flagged"_s, flagged},
            {u"categories"_s, QJsonObject{{u"violence"_s, flagged}}},
            {u"category_scores"_s, QJsonObject{{u"violence"_s, flagged ? 0.9 : 0.01}}}});
    }
    return whole(
        {{u"id"_s, u"modr-echo"_s}, {u"model"_s, request[u"model"_s]}, {u"results"_s, results}});
}

EchoAnswer imagesAnswer(const QJsonObject &request)
{
    // A PNG of one transparent pixel.
    const QString image =
        u"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAA"
        "SUVORK5CYII="_s;
    const qint64 count = std::clamp<qint64>(request[u"n"_s].toInteger(1), 1, 10);
    QJsonArray images;
    for (qint64 i = 0; i < count; ++i)
        images.append(QJsonObject{{u"b64_json"_s, image}});
    const qint64 tokens = echoTokens(request[u"prompt"_s].toString());
    QJsonObject body{{u"created"_s, 1'700'000'000}, {u"data"_s, images}};
    if (!echoBehaviour(request[u"model"_s].toString()).noUsage) {
        body[u"usage"_s] =
            QJsonObject{{u"input_tokens"_s, tokens},
                        {u"output_tokens"_s, count},
                        {u"total_tokens"_s, tokens + count},
                        {u"input_tokens_details"_s,
                         QJsonObject{{u"text_tokens"_s, tokens}, {u"image_tokens"_s, 0}}}};
    }
    return whole(body);
}

EchoAnswer speechAnswer(const QJsonObject &request)
{
    // A RIFF file with one channel of 16-bit samples: a tone that lasts 20 ms for each word.
    constexpr quint32 rate = 8000;
    const qint64 words = std::clamp<qint64>(echoTokens(request[u"input"_s].toString()), 1, 50);
    const quint32 samples = static_cast<quint32>(words) * rate / 50;
    QByteArray wave(44 + 2 * static_cast<qsizetype>(samples), '\0');
    char *at = wave.data();
    const auto put32 = [at](qsizetype offset, quint32 value) {
        qToLittleEndian(value, at + offset);
    };
    const auto put16 = [at](qsizetype offset, quint16 value) {
        qToLittleEndian(value, at + offset);
    };
    wave.replace(0, 4, "RIFF");
    put32(4, 36 + 2 * samples);
    wave.replace(8, 8, "WAVEfmt ");
    put32(16, 16); // bytes of the format
    put16(20, 1);  // PCM
    put16(22, 1);  // channels
    put32(24, rate);
    put32(28, 2 * rate); // bytes a second
    put16(32, 2);        // bytes a frame
    put16(34, 16);       // bits a sample
    wave.replace(36, 4, "data");
    put32(40, 2 * samples);
    for (quint32 i = 0; i < samples; ++i) {
        const double angle = 2 * std::numbers::pi * 440 * i / rate;
        put16(44 + 2 * static_cast<qsizetype>(i),
              static_cast<quint16>(static_cast<qint16>(8000 * std::sin(angle))));
    }
    return {.contentType = QByteArrayLiteral("audio/wav"), .pieces = {wave}};
}

} // namespace gatehouse::gateway
