#include "protocol/peek.h"

#include "http/percent.h"

#include <QString>

#include <simdjson.h>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using base::ErrorCode;

namespace {

std::optional<Operation> operationOf(QByteArrayView action)
{
    if (action == "generateContent")
        return Operation::GenerateContent;
    if (action == "streamGenerateContent")
        return Operation::StreamGenerateContent;
    if (action == "embedContent")
        return Operation::EmbedContent;
    // What Google's own library calls for one text as well as for several.
    if (action == "batchEmbedContents")
        return Operation::BatchEmbedContents;
    if (action == "countTokens")
        return Operation::GeminiCountTokens;
    return std::nullopt;
}

} // namespace

base::Result<GeminiTarget> peekModelFromGeminiPath(QByteArrayView path)
{
    QByteArrayView rest;
    for (const QByteArrayView version : {QByteArrayView("/v1beta/"), QByteArrayView("/v1/")}) {
        if (path.startsWith(version))
            rest = path.sliced(version.size());
    }
    constexpr QByteArrayView models = "models/";
    constexpr QByteArrayView tuned = "tunedModels/";
    const bool isTuned = rest.startsWith(tuned);
    if (!isTuned && !rest.startsWith(models))
        return base::fail(ErrorCode::NotFound,
                          base::Message::verbatim(u"There is nothing at this path."_s));
    rest = rest.sliced(isTuned ? tuned.size() : models.size());

    // The colon may itself be encoded, as some clients do with the whole segment.
    const base::Result<QByteArray> decoded = http::decodePercent(rest);
    if (!decoded)
        return base::fail(decoded.error());
    const qsizetype colon = decoded->lastIndexOf(':');
    if (colon < 0)
        return base::fail(ErrorCode::NotFound,
                          base::Message::verbatim(u"The path names no action behind the model."_s));

    GeminiTarget target;
    const QByteArray model = decoded->left(colon);
    target.action = decoded->sliced(colon + 1);
    const bool leavesSegment = model.contains('/') || model.contains('\\') || model == "."
                               || model == ".." || target.action.contains('/');
    if (leavesSegment
        || !simdjson::validate_utf8(model.constData(), static_cast<size_t>(model.size())))
        return base::fail(ErrorCode::InvalidInput,
                          base::Message::verbatim(u"The name of the model is not valid."_s));
    if (auto checked = checkModelName(model); !checked)
        return base::fail(checked.error());
    target.model = isTuned ? "tunedModels/" + model : model;
    target.operation = operationOf(target.action);
    return target;
}

} // namespace gatehouse::protocol
