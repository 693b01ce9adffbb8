#include "protocol/capabilities/capabilitytable.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using domain::Capability;
using domain::ModelCapabilities;
using domain::ModelPurpose;

namespace {

constexpr std::array<std::pair<char, Capability>, 10> abilityLetters{{
    {'t', Capability::Tools},
    {'v', Capability::Vision},
    {'r', Capability::Reasoning},
    {'c', Capability::PromptCache},
    {'a', Capability::Audio},
    {'o', Capability::Speech},
    {'m', Capability::Video},
    {'d', Capability::Documents},
    {'s', Capability::JsonSchema},
    {'w', Capability::WebSearch},
}};

constexpr std::array<std::pair<char, ModelPurpose>, 8> purposes{{
    {'E', ModelPurpose::Embeddings},
    {'I', ModelPurpose::Images},
    {'S', ModelPurpose::Speech},
    {'T', ModelPurpose::Transcription},
    {'R', ModelPurpose::Reranking},
    {'M', ModelPurpose::Moderation},
    {'V', ModelPurpose::Video},
    {'L', ModelPurpose::Realtime},
}};

// What stands before a model's name, as "vendor/model", where the name then is the vendor's own one.
constexpr std::array knownVendors{
    "ai21",        "alibaba",    "allenai",    "amazon",     "anthropic",    "azure",
    "baidu",       "bytedance",  "cohere",     "coherelabs", "deepseek",     "deepseek-ai",
    "fireworks",   "gemini",     "google",     "groq",       "ibm-granite",  "inception",
    "inclusionai", "meta",       "meta-llama", "microsoft",  "minimax",      "minimaxai",
    "mistral",     "mistralai",  "moonshot",   "moonshotai", "nousresearch", "nvidia",
    "openai",      "openrouter", "perplexity", "qwen",       "stepfun-ai",   "tencent",
    "voyageai",    "x-ai",       "xai",        "xiaomi",     "xiaomimimo",   "z-ai",
    "zai",         "zai-org",
};

// The vendors and the places in Bedrock's "eu.anthropic.claude-haiku-4-5-20251001-v1:0".
constexpr std::array bedrockVendors{
    "ai21",
    "amazon",
    "anthropic",
    "cohere",
    "deepseek",
    "google",
    "meta",
    "minimax",
    "mistral",
    "moonshot",
    "moonshotai",
    "nvidia",
    "openai",
    "qwen",
    "stability",
    "twelvelabs",
    "writer",
    "zai",
};
constexpr std::array bedrockPlaces{"us", "us-gov", "eu", "apac", "ap", "au", "ca", "jp", "global"};

// OpenRouter's variants that change how a model is served, not what it can do, and Ollama's usual tag.
// https://openrouter.ai/docs/features/model-routing
constexpr std::array servingVariants{
    ":free", ":nitro", ":floor", ":exacto", ":thinking", ":beta", ":online", ":latest", "@default"};

template<size_t Size>
bool isListed(const std::array<const char *, Size> &list, QByteArrayView text)
{
    return std::any_of(list.begin(), list.end(), [text](const char *each) { return text == each; });
}

bool isFigure(char character)
{
    return character >= '0' && character <= '9';
}

// False: what stands before the name is no vendor's.
bool removeVendor(QByteArray &name)
{
    qsizetype begin = 0;
    for (qsizetype slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', begin)) {
        const QByteArrayView part = QByteArrayView(name).sliced(begin, slash - begin);
        // "models/…", "accounts/fireworks/models/…", "@cf/vendor/…"
        const bool isFrame = part == "models" || part == "accounts" || part == "@cf";
        if (!isFrame && !isListed(knownVendors, part))
            return false;
        begin = slash + 1;
    }
    name.remove(0, begin);
    return true;
}

// "-v1:0", "-v1" and "-1:0" at the end of Bedrock's names.
qsizetype bedrockEnd(const QByteArray &name)
{
    qsizetype end = name.size();
    const auto skipDigits = [&name](qsizetype from) {
        while (from > 0 && isFigure(name.at(from - 1)))
            --from;
        return from;
    };
    const qsizetype last = skipDigits(end);
    const bool hasColon = last < end && last > 0 && name.at(last - 1) == ':';
    qsizetype begin = hasColon ? skipDigits(last - 1) : last;
    if (begin == (hasColon ? last - 1 : end))
        return end;
    const bool hasV = begin > 0 && name.at(begin - 1) == 'v';
    begin -= hasV ? 1 : 0;
    return (hasV || hasColon) && begin > 0 && name.at(begin - 1) == '-' ? begin - 1 : end;
}

void removeBedrockParts(QByteArray &name)
{
    qsizetype begin = 0;
    qsizetype dot = name.indexOf('.');
    if (dot > 0 && isListed(bedrockPlaces, QByteArrayView(name).first(dot))) {
        begin = dot + 1;
        dot = name.indexOf('.', begin);
    }
    if (dot <= begin || !isListed(bedrockVendors, QByteArrayView(name).sliced(begin, dot - begin)))
        return;
    name = name.first(bedrockEnd(name)).sliced(dot + 1);
}

QByteArray ownBytes(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

// "tvc 128000 16384"; see packaging/make-capabilities.py. What is not understood is left out, so that a
// later table may tell more.
ModelCapabilities capabilitiesFrom(std::string_view text)
{
    ModelCapabilities result;
    const QList<QByteArray> parts = ownBytes(text).split(' ');
    for (const char letter : parts.front()) {
        for (const auto &[written, capability] : abilityLetters)
            result.abilities.setFlag(capability,
                                     letter == written || result.abilities.testFlag(capability));
        for (const auto &[written, purpose] : purposes) {
            if (letter == written)
                result.purpose = purpose;
        }
    }
    result.contextTokens = parts.value(1).toLongLong();
    result.outputTokens = parts.value(2).toLongLong();
    return result;
}

// What is missing or of another type is reported by simdjson's exception, which readCapabilities()
// catches.
CapabilityTable::Models modelsFrom(const simdjson::dom::object &object)
{
    CapabilityTable::Models models;
    models.reserve(qsizetype(object.size()));
    for (const auto &[name, text] : object)
        models.insert(ownBytes(name), capabilitiesFrom(text.get_string()));
    return models;
}

} // namespace

base::Result<CapabilityTable> readCapabilities(QByteArrayView json)
{
    try {
        if (json.isEmpty())
            throw simdjson::simdjson_error(simdjson::EMPTY);
        simdjson::dom::parser parser;
        const simdjson::dom::object root =
            parser.parse(json.data(), size_t(json.size())).get_object();
        CapabilityTable table{.models = modelsFrom(root.at_key("models").get_object()),
                              .version = ownBytes(root.at_key("version").get_string())};
        const QByteArray day = ownBytes(root.at_key("asOf").get_string());
        table.asOf = QDate::fromString(QString::fromLatin1(day), Qt::ISODate);
        const simdjson::dom::object providers = root.at_key("providers").get_object();
        for (const auto &[id, models] : providers)
            table.providers.insert(ownBytes(id), modelsFrom(models.get_object()));
        return table;
    } catch (const std::exception &exception) {
        return base::fail(
            base::ErrorCode::Internal,
            base::Message::tr("The built-in table of what models can do cannot be read."),
            QString::fromLatin1(exception.what()));
    }
}

QByteArray capabilityName(QByteArrayView model)
{
    QByteArray name = model.toByteArray().trimmed().toLower();
    for (const char *variant : servingVariants) {
        if (name.endsWith(variant))
            name.chop(qsizetype(qstrlen(variant)));
    }
    if (!removeVendor(name))
        return {};
    removeBedrockParts(name);
    for (char &character : name) {
        if (character == '.' || character == '_' || character == '@')
            character = '-';
    }
    return name;
}

QByteArray familyName(const QByteArray &name)
{
    QByteArrayView rest = name;
    // "-20250929" and "-2025-09-29"
    for (const QByteArrayView form : {QByteArrayView("-20##m#d#"), QByteArrayView("-20##-m#-d#")}) {
        if (rest.size() <= form.size())
            continue;
        const QByteArrayView end = rest.last(form.size());
        const auto fits = [](char character, char wanted) {
            switch (wanted) {
            case '#':
                return isFigure(character);
            case 'm':
                return character == '0' || character == '1';
            case 'd':
                return character >= '0' && character <= '3';
            default:
                return character == wanted;
            }
        };
        if (std::equal(end.begin(), end.end(), form.begin(), fits)) {
            rest.chop(form.size());
            break;
        }
    }
    constexpr QByteArrayView latest = "-latest";
    if (rest.endsWith(latest))
        rest.chop(latest.size());
    return rest.toByteArray();
}

} // namespace gatehouse::protocol
