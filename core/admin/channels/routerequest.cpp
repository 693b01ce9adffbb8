#include "admin/channels/routerequest.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using protocol::Operation;

namespace {

bool hasAny(const QJsonObject &body, std::initializer_list<QLatin1String> names)
{
    return std::any_of(
        names.begin(), names.end(), [&](QLatin1String name) { return body.contains(name); });
}

// Anthropic's pieces of a message that OpenAI's chat does not have.
bool hasAnthropicPiece(const QJsonArray &messages)
{
    for (const QJsonValue &message : messages) {
        for (const QJsonValue &piece : message["content"_L1].toArray()) {
            const QString type = piece["type"_L1].toString();
            if (type == "tool_use"_L1 || type == "tool_result"_L1 || type == "image"_L1
                || type == "document"_L1 || type == "thinking"_L1)
                return true;
        }
    }
    return false;
}

bool isForAnthropic(const QJsonObject &body)
{
    if (hasAny(body, {"system"_L1, "stop_sequences"_L1, "thinking"_L1}))
        return true;
    const QJsonArray tools = body["tools"_L1].toArray();
    return (!tools.isEmpty() && tools.first().toObject().contains("input_schema"_L1))
           || hasAnthropicPiece(body["messages"_L1].toArray());
}

Operation operationOfInput(const QJsonObject &body)
{
    const QString model = body["model"_L1].toString();
    if (hasAny(body, {"voice"_L1}))
        return Operation::Speech;
    if (model.contains("moderation"_L1))
        return Operation::Moderations;
    const QJsonValue input = body["input"_L1];
    const bool isList =
        input.isArray() && !input.toArray().isEmpty() && !input.toArray().first().isObject();
    return isList || model.contains("embed"_L1, Qt::CaseInsensitive)
                   || hasAny(body, {"encoding_format"_L1, "dimensions"_L1})
               ? Operation::Embeddings
               : Operation::Responses;
}

// Where a JSON text cannot be read on, for people; empty: it can, as far as Qt sees.
Message placeOfFault(const QByteArray &body)
{
    QJsonParseError problem;
    if (!QJsonDocument::fromJson(body, &problem).isNull())
        return {};
    const QByteArrayView before =
        QByteArrayView(body).first(std::clamp<qsizetype>(problem.offset, 0, body.size()));
    const qsizetype line = std::count(before.begin(), before.end(), '\n') + 1;
    return Message::tr("See line %1 of the text.").arg(line);
}

} // namespace

Operation likelyOperation(const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    if (object.contains("contents"_L1))
        return Operation::GenerateContent;
    if (object.contains("requests"_L1))
        return Operation::BatchEmbedContents;
    if (object.contains("content"_L1))
        return Operation::EmbedContent;
    if (object.contains("messages"_L1))
        return isForAnthropic(object) ? Operation::Messages : Operation::ChatCompletions;
    if (object.contains("input"_L1))
        return operationOfInput(object);
    if (object.contains("prompt"_L1)) {
        return hasAny(object, {"size"_L1, "quality"_L1, "response_format"_L1, "background"_L1})
                   ? Operation::ImageGenerations
                   : Operation::Completions;
    }
    return Operation::ChatCompletions;
}

Result<protocol::Peek> peekAt(const QByteArray &body,
                              Operation operation,
                              const QByteArray &pathModel,
                              const domain::Catalog &catalog)
{
    const qint64 most = catalog.settings().http.maxBodyBytes;
    if (body.size() > most) {
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("The body has %1 bytes; at most %2 are taken "
                                      "(http.max_body_bytes).")
                              .arg(body.size(), most));
    }
    QByteArray padded = body;
    padded.append(protocol::peekPadding, '\0');
    Result<protocol::Peek> peeked = protocol::peek(
        QByteArrayView(padded).first(body.size()), operation, pathModel, catalog.defaultModel());
    if (peeked)
        return peeked;
    const Message place = placeOfFault(body);
    if (place.isEmpty())
        return base::fail(peeked.error());
    return base::fail(ErrorCode::InvalidInput,
                      Message::tr("%1 %2").arg(peeked.error().message, place));
}

protocol::Peek peekOfSize(qint64 promptTokens, Operation operation, const QByteArray &model)
{
    constexpr qint64 bytesPerToken = 4; // of English prose
    return {.operation = operation, .model = model, .promptBytes = promptTokens * bytesPerToken};
}

} // namespace gatehouse::admin
