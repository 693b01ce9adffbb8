#include "gateway/echo/echoanswer.h"

#include "base/json.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

// A GenerateContentResponse with one part. Without `finishReason` it is one of a stream that goes on.
QJsonObject response(const EchoReply &reply,
                     const QJsonObject &part,
                     qint64 outputTokens,
                     const QString &finishReason)
{
    const QJsonObject content{{u"role"_s, u"model"_s}, {u"parts"_s, QJsonArray{part}}};
    QJsonObject candidate{{u"content"_s, content}, {u"index"_s, 0}};
    if (!finishReason.isEmpty())
        candidate[u"finishReason"_s] = finishReason;
    QJsonObject body{{u"candidates"_s, QJsonArray{candidate}},
                     {u"modelVersion"_s, reply.prompt.model},
                     {u"responseId"_s, reply.id}};
    if (!reply.behaviour.noUsage) {
        const qint64 input = reply.prompt.inputTokens;
        body[u"usageMetadata"_s] = QJsonObject{{u"promptTokenCount"_s, input},
                                               {u"candidatesTokenCount"_s, outputTokens},
                                               {u"totalTokenCount"_s, input + outputTokens}};
    }
    return body;
}

QJsonObject textPart(const QString &text)
{
    return {{u"text"_s, text}};
}

// Gemini gives a function call whole, in a stream too.
QJsonObject callPart(const EchoReply &reply)
{
    return {{u"functionCall"_s,
             QJsonObject{{u"name"_s, reply.prompt.toolName},
                         {u"args"_s, echoArguments(reply.prompt.toolSchema)}}}};
}

QList<QJsonObject> parts(const EchoReply &reply)
{
    const QString reason = reply.truncated ? u"MAX_TOKENS"_s : u"STOP"_s;
    if (reply.callsTool)
        return {response(reply, callPart(reply), reply.outputTokens(), reason)};
    QList<QJsonObject> all;
    for (qsizetype i = 0; i < reply.pieces.size(); ++i) {
        const bool isLast = i + 1 == reply.pieces.size();
        all.append(response(reply, textPart(reply.pieces[i]), i + 1, isLast ? reason : QString()));
    }
    return all;
}

QString embeddedText(const QJsonObject &request)
{
    QStringList texts;
    for (const QJsonValue &part : request[u"content"_s][u"parts"_s].toArray())
        texts.append(part[u"text"_s].toString());
    return texts.join(u'\n');
}

QJsonObject embedding(const QJsonObject &request)
{
    QJsonArray values;
    const qint64 dimensions = request[u"outputDimensionality"_s].toInteger(8);
    for (double value : echoVector(embeddedText(request), dimensions))
        values.append(value);
    return {{u"values"_s, values}};
}

} // namespace

EchoAnswer geminiAnswer(const EchoReply &reply, bool serverSentEvents)
{
    if (!reply.prompt.stream) {
        const QString reason = reply.truncated ? u"MAX_TOKENS"_s : u"STOP"_s;
        const QJsonObject part = reply.callsTool ? callPart(reply) : textPart(reply.text());
        return {.pieces = {base::compactJson(response(reply, part, reply.outputTokens(), reason))}};
    }

    EchoAnswer answer{.stream = true};
    if (serverSentEvents)
        answer.contentType = QByteArrayLiteral("text/event-stream");
    for (const QJsonObject &part : parts(reply)) {
        if (serverSentEvents)
            answer.pieces.append(echoEvent(part));
        else
            answer.pieces.append((answer.pieces.isEmpty() ? "[" : ",\r\n")
                                 + base::compactJson(part));
    }
    if (!serverSentEvents)
        answer.pieces.append("\n]");
    return answer;
}

EchoAnswer geminiEmbeddingAnswer(const QJsonObject &request)
{
    return {.pieces = {base::compactJson(QJsonObject{{u"embedding"_s, embedding(request)}})}};
}

EchoAnswer geminiEmbeddingsAnswer(const QJsonObject &request)
{
    QJsonArray embeddings;
    for (const QJsonValue &each : request[u"requests"_s].toArray())
        embeddings.append(embedding(each.toObject()));
    return {.pieces = {base::compactJson(QJsonObject{{u"embeddings"_s, embeddings}})}};
}

} // namespace gatehouse::gateway
