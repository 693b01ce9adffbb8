#include "protocol/modelslist.h"

#include "protocol/splice.h"

#include <QUrlQuery>

#include <algorithm>

namespace gatehouse::protocol {

using domain::Dialect;

namespace {

// The gateway does not know when a model was made; this is One API's figure.
constexpr QByteArrayView createdSeconds = "1626777600";
constexpr QByteArrayView createdDate = "2021-07-20T10:40:00Z";

QByteArray openAiModel(QByteArrayView model)
{
    return "{\"id\":" + jsonString(model) + ",\"object\":\"model\",\"created\":"
           + createdSeconds.toByteArray() + ",\"owned_by\":\"gatehouse\"}";
}

QByteArray anthropicModel(QByteArrayView model)
{
    const QByteArray name = jsonString(model);
    return "{\"type\":\"model\",\"id\":" + name + ",\"display_name\":" + name
           + ",\"created_at\":" + jsonString(createdDate) + '}';
}

QByteArray geminiModel(QByteArrayView model)
{
    const QByteArray path =
        model.contains('/') ? model.toByteArray() : "models/" + model.toByteArray();
    const QByteArray methods =
        model.contains("embedding")
            ? "[\"embedContent\",\"countTokens\"]"
            : "[\"generateContent\",\"streamGenerateContent\",\"countTokens\"]";
    return "{\"name\":" + jsonString(path) + ",\"displayName\":" + jsonString(model)
           + ",\"supportedGenerationMethods\":" + methods + '}';
}

// The page, as a part of the list.
std::span<const QByteArray> pageOf(std::span<const QByteArray> models, const ModelsPage &page)
{
    auto begin = models.begin();
    auto end = models.end();
    if (!page.afterId.isEmpty()) {
        const auto found = std::find(begin, end, page.afterId);
        begin = found == end ? end : found + 1;
    }
    if (!page.beforeId.isEmpty())
        end = std::find(begin, end, page.beforeId);
    const qint64 size = end - begin;
    if (size > page.limit) {
        // Towards an earlier page the last ones before the mark are meant.
        if (!page.beforeId.isEmpty() && page.afterId.isEmpty())
            begin = end - page.limit;
        else
            end = begin + page.limit;
    }
    return {begin, end};
}

QByteArray joined(std::span<const QByteArray> models, QByteArray (*write)(QByteArrayView))
{
    QByteArray text;
    for (const QByteArray &model : models) {
        if (!text.isEmpty())
            text.append(',');
        text.append(write(model));
    }
    return text;
}

} // namespace

QByteArray modelsList(Dialect dialect, std::span<const QByteArray> models, const ModelsPage &page)
{
    if (dialect == Dialect::OpenAi) {
        return "{\"object\":\"list\",\"data\":[" + joined(models, openAiModel) + "]}";
    }
    const std::span<const QByteArray> part = pageOf(models, page);
    if (dialect == Dialect::Anthropic) {
        const bool isBackwards = !page.beforeId.isEmpty() && page.afterId.isEmpty();
        const bool hasMore =
            !part.empty()
            && (isBackwards ? part.data() > models.data()
                            : part.data() + part.size() < models.data() + models.size());
        return "{\"data\":[" + joined(part, anthropicModel)
               + "],\"has_more\":" + (hasMore ? "true" : "false") + ",\"first_id\":"
               + (part.empty() ? QByteArray("null") : jsonString(part.front())) + ",\"last_id\":"
               + (part.empty() ? QByteArray("null") : jsonString(part.back())) + '}';
    }
    QByteArray text = "{\"models\":[" + joined(part, geminiModel) + ']';
    // The token of the next page is the last model of this one.
    if (!part.empty() && part.data() + part.size() < models.data() + models.size())
        text += ",\"nextPageToken\":" + jsonString(part.back());
    return text + '}';
}

QByteArray modelAnswer(Dialect dialect, QByteArrayView model)
{
    switch (dialect) {
    case Dialect::Anthropic:
        return anthropicModel(model);
    case Dialect::Gemini:
        return geminiModel(model);
    case Dialect::OpenAi:
        break;
    }
    return openAiModel(model);
}

ModelsPage modelsPage(Dialect dialect, QByteArrayView query)
{
    constexpr qint64 most = 1000;
    const QUrlQuery parameters(QString::fromUtf8(query));
    const auto parameter = [&parameters](const char *name) {
        return parameters.queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded).toUtf8();
    };
    ModelsPage page;
    const bool isGemini = dialect == Dialect::Gemini;
    bool isNumber = false;
    const qint64 limit = parameter(isGemini ? "pageSize" : "limit").toLongLong(&isNumber);
    if (isNumber)
        page.limit = std::clamp<qint64>(limit, 1, most);
    page.afterId = parameter(isGemini ? "pageToken" : "after_id");
    if (!isGemini)
        page.beforeId = parameter("before_id");
    return page;
}

} // namespace gatehouse::protocol
