#include "protocol/errorbody.h"

#include "protocol/splice.h"

namespace gatehouse::protocol {

using domain::Dialect;

namespace {

QByteArray messageOf(const ClientError &error)
{
    QByteArray text = error.message.toUtf8();
    // What people pass on is the sentence alone.
    if (!error.requestId.isEmpty())
        text += " (request id: " + error.requestId + ')';
    return jsonString(text);
}

QByteArray typeOf(Dialect dialect, const ClientError &error)
{
    return jsonString(error.type.isEmpty() ? errorType(dialect, error.status)
                                           : QByteArrayView(error.type));
}

QByteArray codeOf(const ClientError &error)
{
    return error.code.isEmpty() ? QByteArray("null") : jsonString(error.code);
}

// https://platform.openai.com/docs/guides/error-codes
QByteArrayView openAiType(int status)
{
    switch (status) {
    case 401:
        return "authentication_error";
    case 402:
        return "insufficient_quota";
    case 403:
        return "permission_error";
    case 429:
        return "rate_limit_error";
    default:
        return status >= 500 ? "server_error" : "invalid_request_error";
    }
}

// https://docs.anthropic.com/en/api/errors
QByteArrayView anthropicType(int status)
{
    switch (status) {
    case 401:
        return "authentication_error";
    case 402:
        return "billing_error";
    case 403:
        return "permission_error";
    case 404:
        return "not_found_error";
    case 408:
    case 504:
        return "timeout_error";
    case 409:
        return "conflict_error";
    case 413:
        return "request_too_large";
    case 429:
        return "rate_limit_error";
    case 503:
    case 529:
        return "overloaded_error";
    default:
        return status >= 500 ? "api_error" : "invalid_request_error";
    }
}

// google.rpc.Code and the statuses it is mapped to.
QByteArrayView geminiType(int status)
{
    switch (status) {
    case 401:
        return "UNAUTHENTICATED";
    case 403:
        return "PERMISSION_DENIED";
    case 404:
        return "NOT_FOUND";
    case 409:
        return "ABORTED";
    case 402:
    case 429:
        return "RESOURCE_EXHAUSTED";
    case 499:
        return "CANCELLED";
    case 501:
        return "UNIMPLEMENTED";
    case 502:
    case 503:
        return "UNAVAILABLE";
    case 408:
    case 504:
        return "DEADLINE_EXCEEDED";
    default:
        return status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
    }
}

QByteArray openAiBody(const ClientError &error)
{
    return "{\"error\":{\"message\":" + messageOf(error) + ",\"type\":"
           + typeOf(Dialect::OpenAi, error) + ",\"param\":null,\"code\":" + codeOf(error) + "}}";
}

QByteArray anthropicBody(const ClientError &error)
{
    QByteArray body = "{\"type\":\"error\",\"error\":{\"type\":" + typeOf(Dialect::Anthropic, error)
                      + ",\"message\":" + messageOf(error);
    if (!error.code.isEmpty())
        body += ",\"details\":{\"error_code\":" + jsonString(error.code) + '}';
    body += '}';
    if (!error.requestId.isEmpty())
        body += ",\"request_id\":" + jsonString(error.requestId);
    return body + '}';
}

QByteArray geminiBody(const ClientError &error)
{
    QByteArray details;
    if (!error.code.isEmpty()) {
        details = "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":"
                  + jsonString(error.code) + ",\"domain\":\"gatehouse\"}";
    }
    if (!error.requestId.isEmpty()) {
        details += QByteArray(details.isEmpty() ? "" : ",")
                   + "{\"@type\":\"type.googleapis.com/google.rpc.RequestInfo\",\"requestId\":"
                   + jsonString(error.requestId) + '}';
    }
    return "{\"error\":{\"code\":" + QByteArray::number(error.status)
           + ",\"message\":" + messageOf(error) + ",\"status\":" + typeOf(Dialect::Gemini, error)
           + ",\"details\":[" + details + "]}}";
}

// Two events: the clients of OpenAI's libraries stop at `error`, Codex reads response.failed alone.
QByteArray responsesEvents(const ClientError &error, qint64 sequenceNumber)
{
    const QByteArray code = error.code.isEmpty() ? QByteArray("server_error") : error.code;
    const QByteArray number = QByteArray::number(sequenceNumber);
    const QByteArray next = QByteArray::number(sequenceNumber + 1);
    return "event: error\ndata: {\"type\":\"error\",\"sequence_number\":" + number
           + ",\"code\":" + jsonString(code) + ",\"message\":" + messageOf(error)
           + ",\"param\":null}\n\nevent: response.failed\ndata: "
             "{\"type\":\"response.failed\",\"sequence_number\":"
           + next + ",\"response\":{\"id\":" + jsonString(QByteArray("resp_" + error.requestId))
           + ",\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":"
           + jsonString(code) + ",\"message\":" + messageOf(error) + "},\"output\":[]}}\n\n";
}

} // namespace

QByteArray errorBody(Dialect dialect, const ClientError &error)
{
    switch (dialect) {
    case Dialect::Anthropic:
        return anthropicBody(error);
    case Dialect::Gemini:
        return geminiBody(error);
    case Dialect::OpenAi:
        break;
    }
    return openAiBody(error);
}

QByteArrayView errorType(Dialect dialect, int status)
{
    switch (dialect) {
    case Dialect::Anthropic:
        return anthropicType(status);
    case Dialect::Gemini:
        return geminiType(status);
    case Dialect::OpenAi:
        break;
    }
    return openAiType(status);
}

QByteArray streamErrorEvent(Operation operation, const ClientError &error, qint64 sequenceNumber)
{
    if (operation == Operation::Responses)
        return responsesEvents(error, sequenceNumber);
    const Dialect dialect = dialectOf(operation);
    const QByteArray begin = dialect == Dialect::Anthropic ? "event: error\ndata: " : "data: ";
    return begin + errorBody(dialect, error) + "\n\n";
}

QByteArray streamErrorObject(Dialect dialect, const ClientError &error, bool isFirst)
{
    return (isFirst ? QByteArray() : QByteArray(",\n")) + errorBody(dialect, error) + '\n';
}

QByteArrayView streamOpening(StreamForm form)
{
    return form == StreamForm::Array ? QByteArrayView("[") : QByteArrayView();
}

QByteArrayView keepAlive(Dialect dialect, StreamForm form)
{
    if (form == StreamForm::Array)
        return "\n";
    if (dialect == Dialect::Anthropic)
        return "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    return ": keep-alive\n\n";
}

} // namespace gatehouse::protocol
