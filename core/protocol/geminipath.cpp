#include "protocol/peek.h"

#include <QString>

#include <simdjson.h>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using base::ErrorCode;

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Empty if an escape is broken.
std::optional<QByteArray> percentDecoded(QByteArrayView text)
{
    QByteArray decoded;
    decoded.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.append(text[i]);
            continue;
        }
        const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        decoded.append(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return decoded;
}

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
    const std::optional<QByteArray> decoded = percentDecoded(rest);
    if (!decoded)
        return base::fail(ErrorCode::InvalidInput,
                          base::Message::verbatim(u"The path has a broken percent-encoding."_s));
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
