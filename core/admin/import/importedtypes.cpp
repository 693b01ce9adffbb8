// The channel types of One API and New API. One API's numbers are those of this gateway; New API's are
// the same up to a point, and mean other providers from there on.
#include "admin/import/importplan.h"

#include "domain/providertype.h"

#include <QHash>

namespace gatehouse::admin {

using namespace Qt::StringLiterals;
using storage::ForeignKind;

namespace {

constexpr qint64 lastOfOneApi = 51;

std::optional<ImportedType> typeOfNewApi(qint64 number)
{
    constexpr int cloudflare = 37;
    // Those that speak OpenAI's dialect and have no number here keep their address.
    static const QHash<qint64, ImportedType> others{
        {4, {domain::provider::ollama}},
        {26, {16}}, // Zhipu
        {27, {domain::provider::openAiCompatible, u"https://api.perplexity.ai"_s}},
        {31, {31}}, // 01.AI
        {33, {33}}, // AWS Bedrock
        {34, {35}}, // Cohere
        {35, {27}}, // MiniMax
        {38, {domain::provider::custom, u"https://api.jina.ai"_s}},
        {39, {cloudflare}},
        {40, {44}},                       // SiliconFlow
        {41, {42}},                       // Vertex AI
        {42, {28}},                       // Mistral
        {43, {36}},                       // DeepSeek
        {45, {40}},                       // Volcengine
        {46, {47}},                       // Baidu V2
        {47, {domain::provider::custom}}, // Xinference, at an address of its own
        {48, {45}},                       // xAI
        {49, {34}},                       // Coze
        {53, {domain::provider::custom, u"https://llm.submodel.ai"_s}},
        {56, {46}}, // Replicate
    };
    if (const auto other = others.constFind(number); other != others.cend())
        return *other;
    const bool isSame = number == 1 || number == 3 || (number >= 6 && number <= 25);
    return isSame ? std::optional(ImportedType{static_cast<int>(number), {}}) : std::nullopt;
}

} // namespace

std::optional<ImportedType> importedType(ForeignKind kind, qint64 number)
{
    if (kind == ForeignKind::NewApi)
        return typeOfNewApi(number);
    if (number < 1 || number > lastOfOneApi || !domain::providerType(static_cast<int>(number)))
        return std::nullopt;
    return ImportedType{static_cast<int>(number), {}};
}

} // namespace gatehouse::admin
