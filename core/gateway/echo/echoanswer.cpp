#include "gateway/echo/echoanswer.h"

#include "base/json.h"
#include "http/percent.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QJsonArray>
#include <QRandomGenerator>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

constexpr qint64 startOfTime = 1'700'000'000; // `created` of the models

EchoAnswer whole(const QJsonObject &body, int status = 200)
{
    EchoAnswer answer;
    answer.status = status;
    answer.pieces = {base::compactJson(body)};
    return answer;
}

// The part behind `/v1beta/models/` or, as newer clients have it, `/v1/models/`.
QByteArray geminiTarget(const QByteArray &path)
{
    for (const QByteArray &prefix : {QByteArray("/v1beta/models/"), QByteArray("/v1/models/")}) {
        if (path.startsWith(prefix) && path.contains(':'))
            return QByteArray::fromPercentEncoding(path.sliced(prefix.size()));
    }
    return {};
}

bool isGemini(const EchoRequest &request)
{
    return request.path.startsWith("/v1beta/") || !geminiTarget(request.path).isEmpty()
           || (request.isGoogle && request.path == "/v1/models");
}

bool isAnthropic(const EchoRequest &request)
{
    return request.isAnthropic || request.path.startsWith("/v1/messages");
}

// The type of an error in Anthropic's words (platform.claude.com, API errors).
QString anthropicErrorType(int status)
{
    switch (status) {
    case 401:
        return u"authentication_error"_s;
    case 403:
        return u"permission_error"_s;
    case 404:
        return u"not_found_error"_s;
    case 413:
        return u"request_too_large"_s;
    case 429:
        return u"rate_limit_error"_s;
    case 529:
        return u"overloaded_error"_s;
    default:
        return status < 500 ? u"invalid_request_error"_s : u"api_error"_s;
    }
}

// The status of an error in Google's words (google.rpc.Code).
QString geminiErrorStatus(int status)
{
    switch (status) {
    case 400:
        return u"INVALID_ARGUMENT"_s;
    case 401:
        return u"UNAUTHENTICATED"_s;
    case 403:
        return u"PERMISSION_DENIED"_s;
    case 404:
        return u"NOT_FOUND"_s;
    case 429:
        return u"RESOURCE_EXHAUSTED"_s;
    case 503:
        return u"UNAVAILABLE"_s;
    case 504:
        return u"DEADLINE_EXCEEDED"_s;
    default:
        return status < 500 ? u"FAILED_PRECONDITION"_s : u"INTERNAL"_s;
    }
}

QJsonObject openAiError(int status, const QString &message)
{
    QString type = status < 500 ? u"invalid_request_error"_s : u"server_error"_s;
    QJsonValue code = QJsonValue::Null;
    if (status == 401)
        code = u"invalid_api_key"_s;
    if (status == 404)
        code = u"model_not_found"_s;
    if (status == 429) {
        type = u"requests"_s;
        code = u"rate_limit_exceeded"_s;
    }
    return {{u"error"_s,
             QJsonObject{{u"message"_s, message},
                         {u"type"_s, type},
                         {u"param"_s, QJsonValue::Null},
                         {u"code"_s, code}}}};
}

EchoAnswer openAiModels()
{
    QJsonArray models;
    for (const QString &name : echoModels()) {
        models.append(QJsonObject{{u"id"_s, name},
                                  {u"object"_s, u"model"_s},
                                  {u"created"_s, startOfTime},
                                  {u"owned_by"_s, u"echo"_s}});
    }
    return whole({{u"object"_s, u"list"_s}, {u"data"_s, models}});
}

EchoAnswer anthropicModels()
{
    QJsonArray models;
    for (const QString &name : echoModels()) {
        models.append(QJsonObject{{u"type"_s, u"model"_s},
                                  {u"id"_s, name},
                                  {u"display_name"_s, name},
                                  {u"created_at"_s, u"2023-11-14T22:13:20Z"_s}});
    }
    return whole({{u"data"_s, models},
                  {u"has_more"_s, false},
                  {u"first_id"_s, echoModels().first()},
                  {u"last_id"_s, echoModels().last()}});
}

EchoAnswer geminiModels()
{
    const QJsonArray methods{
        u"generateContent"_s, u"streamGenerateContent"_s, u"countTokens"_s, u"embedContent"_s};
    QJsonArray models;
    for (const QString &name : echoModels()) {
        models.append(QJsonObject{{u"name"_s, QString(u"models/"_s + name)},
                                  {u"displayName"_s, name},
                                  {u"supportedGenerationMethods"_s, methods}});
    }
    return whole({{u"models"_s, models}});
}

// The behaviours that replace the answer, and those that damage it.
void applyBehaviour(const EchoRequest &request, EchoAnswer &answer, const EchoBehaviour &behaviour)
{
    if (behaviour.errorStatus != 0) {
        answer = echoError(request,
                           behaviour.errorStatus,
                           u"Echo answers %1, as the model asks."_s.arg(behaviour.errorStatus));
    } else if (behaviour.errorWithStatus200) {
        answer = echoError(request, 503, u"Echo is out of order, as the model asks."_s);
        answer.status = 200;
    } else if (behaviour.html) {
        answer = {.contentType = QByteArrayLiteral("text/html; charset=utf-8"),
                  .pieces = {QByteArrayLiteral(
                      "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>\n")}};
    } else if (behaviour.empty) {
        answer = {};
    } else if (behaviour.badJson && answer.stream) {
        answer.pieces.resize(answer.pieces.size() / 2);
        if (answer.contentType == "text/event-stream") {
            answer.pieces.append(
                QByteArrayLiteral("data: {\"id\":\"echo\",\"choices\":[{\"ind\n\n"));
        } else {
            answer.pieces.append(
                QByteArrayLiteral(",\r\n{\"responseId\":\"echo\",\"candidates\":[{\"ind"));
        }
    } else if (behaviour.badJson && !answer.pieces.isEmpty()) {
        QByteArray &body = answer.pieces.first();
        body.truncate(body.size() / 2);
    }
    answer.behaviour = behaviour;
}

bool asksForEvents(const QByteArray &query)
{
    const auto parameters = http::parametersFrom(query);
    return parameters && http::parameter(*parameters, "alt") == QByteArray("sse");
}

EchoAnswer geminiOperation(const EchoRequest &request, const QString &model, QByteArrayView action)
{
    const base::Result<QJsonObject> body = base::parseJsonObject(request.body);
    if (!body)
        return echoError(request, 400, u"The body is no JSON object."_s);
    EchoPrompt prompt = promptOfGemini(*body);
    prompt.model = model;
    prompt.stream = action == "streamGenerateContent";

    EchoAnswer answer;
    if (action == "generateContent" || prompt.stream)
        answer = geminiAnswer(echoReply(prompt), asksForEvents(request.query));
    else if (action == "countTokens")
        answer = whole({{u"totalTokens"_s, prompt.inputTokens}});
    else if (action == "embedContent")
        answer = geminiEmbeddingAnswer(*body);
    else if (action == "batchEmbedContents")
        answer = geminiEmbeddingsAnswer(*body);
    else
        return echoError(request, 404, u"Echo does not know this action."_s);
    applyBehaviour(request, answer, echoBehaviour(model));
    return answer;
}

EchoAnswer operation(const EchoRequest &request)
{
    const base::Result<QJsonObject> body = base::parseJsonObject(request.body);
    if (!body)
        return echoError(request, 400, u"The body is no JSON object."_s);
    const QString model = (*body)[u"model"_s].toString();
    if (model.isEmpty())
        return echoError(request, 400, u"The request names no model."_s);

    EchoAnswer answer;
    if (request.path == "/v1/chat/completions")
        answer = chatAnswer(echoReply(promptOfChat(*body)));
    else if (request.path == "/v1/completions")
        answer = completionAnswer(echoReply(promptOfCompletion(*body)));
    else if (request.path == "/v1/responses")
        answer = responsesAnswer(echoReply(promptOfResponses(*body)));
    else if (request.path == "/v1/messages")
        answer = messagesAnswer(echoReply(promptOfMessages(*body)));
    else if (request.path == "/v1/messages/count_tokens")
        answer = whole({{u"input_tokens"_s, promptOfMessages(*body).inputTokens}});
    else if (request.path == "/v1/embeddings")
        answer = embeddingsAnswer(*body);
    else if (request.path == "/v1/moderations")
        answer = moderationsAnswer(*body);
    else if (request.path == "/v1/images/generations")
        answer = imagesAnswer(*body);
    else if (request.path == "/v1/audio/speech")
        answer = speechAnswer(*body);
    else
        return echoError(request, 404, u"Echo does not know this path."_s);
    applyBehaviour(request, answer, echoBehaviour(model));
    return answer;
}

} // namespace

QStringList echoModels()
{
    return {u"echo"_s,
            u"echo-fast"_s,
            u"echo-tool"_s,
            u"echo-slow-500ms"_s,
            u"echo-gap-100ms"_s,
            u"echo-long-1000"_s,
            u"echo-nousage"_s,
            u"echo-error-429"_s,
            u"echo-error-500"_s,
            u"echo-error200"_s,
            u"echo-cut"_s,
            u"echo-hang"_s,
            u"echo-badjson"_s,
            u"echo-html"_s,
            u"echo-empty"_s};
}

QByteArray echoEvent(const QJsonObject &data, const QByteArray &type)
{
    const QByteArray line = type.isEmpty() ? QByteArray() : QByteArray("event: " + type + "\n");
    return line + "data: " + base::compactJson(data) + "\n\n";
}

QList<double> echoVector(const QString &text, qint64 dimensions)
{
    QByteArray digest = QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
    const qint64 count = std::clamp<qint64>(dimensions, 1, 4096);
    QList<double> vector;
    double square = 0;
    for (qint64 i = 0; i < count; ++i) {
        const qsizetype place = i % digest.size();
        if (place == 0 && i > 0)
            digest = QCryptographicHash::hash(digest, QCryptographicHash::Sha256);
        const double value = static_cast<double>(static_cast<uchar>(digest[place])) / 127.5 - 1;
        vector.append(value);
        square += value * value;
    }
    const double length = square > 0 ? std::sqrt(square) : 1;
    for (double &value : vector)
        value /= length;
    return vector;
}

EchoReply echoReply(const EchoPrompt &prompt)
{
    EchoReply reply;
    reply.prompt = prompt;
    reply.behaviour = echoBehaviour(prompt.model);
    reply.id =
        QString::number(QRandomGenerator::global()->generate64(), 16).rightJustified(16, u'0');
    reply.created = QDateTime::currentSecsSinceEpoch();
    reply.callsTool = !prompt.toolName.isEmpty() && !prompt.toolRefused
                      && (prompt.toolForced || reply.behaviour.callTool
                          || prompt.text.contains(u"tool"_s, Qt::CaseInsensitive));
    if (reply.callsTool) {
        const QByteArray arguments = base::compactJson(echoArguments(prompt.toolSchema));
        reply.pieces = echoPieces(QString::fromUtf8(arguments), EchoBehaviour::mostWords);
        return reply;
    }

    const QString said = prompt.text.isEmpty() ? u"Echo."_s : prompt.text;
    reply.pieces = echoPieces(said, EchoBehaviour::mostWords);
    if (reply.behaviour.words > 0) {
        const QStringList once = reply.pieces;
        while (reply.pieces.size() < reply.behaviour.words) {
            if (!reply.pieces.last().back().isSpace())
                reply.pieces.last().append(u' ');
            reply.pieces.append(once);
        }
        reply.pieces.resize(reply.behaviour.words);
    }
    if (prompt.mostTokens > 0 && reply.pieces.size() > prompt.mostTokens) {
        reply.pieces.resize(prompt.mostTokens);
        reply.truncated = true;
    }
    return reply;
}

EchoAnswer echoError(const EchoRequest &request, int status, const QString &message)
{
    if (isGemini(request)) {
        return whole({{u"error"_s,
                       QJsonObject{{u"code"_s, status},
                                   {u"message"_s, message},
                                   {u"status"_s, geminiErrorStatus(status)}}}},
                     status);
    }
    if (isAnthropic(request)) {
        const QJsonObject error{{u"type"_s, anthropicErrorType(status)}, {u"message"_s, message}};
        return whole({{u"type"_s, u"error"_s}, {u"error"_s, error}}, status);
    }
    return whole(openAiError(status, message), status);
}

EchoAnswer echoAnswer(const EchoRequest &request)
{
    if (request.method == "GET"
        && (request.path == "/v1/models" || request.path == "/v1beta/models")) {
        if (isGemini(request))
            return geminiModels();
        return isAnthropic(request) ? anthropicModels() : openAiModels();
    }
    if (request.method != "POST")
        return echoError(request, 404, u"Echo does not know this path."_s);
    const QByteArray target = geminiTarget(request.path);
    if (target.isEmpty())
        return operation(request);
    const qsizetype colon = target.lastIndexOf(':');
    return geminiOperation(
        request, QString::fromUtf8(target.first(colon)), QByteArrayView(target).sliced(colon + 1));
}

} // namespace gatehouse::gateway
