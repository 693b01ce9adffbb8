#include "protocol/promptsize.h"

#include "protocol/peekfields.h"

#include <algorithm>
#include <array>

namespace gatehouse::protocol {

using simdjson::dom::element;
using simdjson::dom::element_type;

namespace {

// Members that name what lies elsewhere, in any of the dialects.
constexpr std::array<std::string_view, 12> references{
    // OpenAI; `image_url` is a text in Responses
    "image_url",
    "file_id",
    "file_url",
    "previous_response_id",
    "conversation",
    // Gemini
    "fileUri",
    "file_uri",
    "cachedContent",
    "cached_content",
    // vLLM and others
    "video_url",
    "audio_url",
    // Anthropic's, which holds files
    "container",
};
// Objects in which `url` and `id` are such names.
constexpr std::array<std::string_view, 6> referenceHolders{
    "image_url", "video_url", "audio_url", "source", "conversation", "prompt"};

template<size_t Size>
bool contains(const std::array<std::string_view, Size> &names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Objects in which `data` is a picture, a sound or a document.
constexpr std::array<std::string_view, 4> dataHolders{
    "source", "inlineData", "inline_data", "input_audio"};

bool isData(std::string_view holder, std::string_view name, std::string_view text)
{
    return text.starts_with("data:") || name == "file_data"
           || (name == "data" && contains(dataHolders, holder));
}

bool isReference(std::string_view holder, std::string_view name, std::string_view text)
{
    if (text.empty() || text.starts_with("data:"))
        return false;
    return contains(references, name)
           || ((name == "url" || name == "id") && contains(referenceHolders, holder));
}

// Where embeddings of several kinds name what they are of.
bool isMediaAddress(std::string_view name, std::string_view text)
{
    constexpr std::array<std::string_view, 3> names{"image", "audio", "video"};
    return contains(names, name) && (text.starts_with("http://") || text.starts_with("https://"));
}

// Members of the body that have the provider search or call servers: OpenAI's, Anthropic's, and those of
// OpenRouter, xAI and Qwen.
constexpr std::array<std::string_view, 5> lookUps{
    "web_search_options", "mcp_servers", "plugins", "search_parameters", "enable_search"};
// Gemini's, in its tools.
constexpr std::array<std::string_view, 10> lookUpTools{"googleSearch",
                                                       "google_search",
                                                       "googleSearchRetrieval",
                                                       "google_search_retrieval",
                                                       "googleMaps",
                                                       "google_maps",
                                                       "urlContext",
                                                       "url_context",
                                                       "fileSearch",
                                                       "file_search"};

// The client runs functions itself; those of other types are the provider's own.
bool isLookUpTool(element tool)
{
    simdjson::dom::object members;
    if (tool.get_object().get(members))
        return false;
    return std::any_of(members.begin(), members.end(), [](const auto &member) {
        std::string_view type;
        if (member.key == "type" && !member.value.get_string().get(type))
            return type != "function" && type != "custom";
        return contains(lookUpTools, member.key);
    });
}

// Whether a member of the body has the provider look for what is not in it.
bool looksElsewhere(std::string_view name, element value)
{
    if (contains(lookUps, name)) {
        bool isOn = true;
        return !value.is_null() && (value.get_bool().get(isOn) || isOn);
    }
    simdjson::dom::array tools;
    return name == "tools" && !value.get_array().get(tools)
           && std::any_of(tools.begin(), tools.end(), isLookUpTool);
}

// Pictures are cut to pieces of a fixed size; no provider counts more than some ten thousand tokens. In
// bytes of text that would cost the same.
constexpr qint64 mostOfPicture = 100'000;

// Beside the data or the address of a picture, a sound or a document stands its type.
std::string_view mediaTypeIn(simdjson::dom::object holder)
{
    for (const auto &[name, value] : holder) {
        std::string_view type;
        if ((name == "media_type" || name == "mimeType" || name == "mime_type")
            && !value.get_string().get(type))
            return type;
    }
    return {};
}

bool isPictureType(std::string_view type)
{
    return type.starts_with("image/");
}

bool isSoundType(std::string_view type)
{
    return !isPictureType(type) && !type.starts_with("text/") && type != "application/pdf";
}

bool namesSound(std::string_view name)
{
    constexpr std::array<std::string_view, 4> names{
        "audio_url", "video_url", "cachedContent", "cached_content"};
    return contains(names, name);
}

// Whether data may be a sound. What has no type may be one, except in OpenAI's files.
bool isSound(std::string_view holder,
             std::string_view name,
             std::string_view text,
             std::string_view type)
{
    constexpr std::string_view scheme("data:");
    if (text.starts_with(scheme)) {
        const std::string_view own = text.substr(scheme.size());
        return own.starts_with("audio/") || own.starts_with("video/") || namesSound(holder)
               || namesSound(name);
    }
    return name != "file_data" && isSoundType(type);
}

// The same for what is elsewhere.
bool isSoundElsewhere(std::string_view holder, std::string_view name, std::string_view type)
{
    if (name == "fileUri" || name == "file_uri")
        return isSoundType(type);
    return namesSound(name) || namesSound(holder);
}

bool isSpoken(element modality)
{
    std::string_view name;
    return modality.get_string().get(name) || (!foldsTo(name, "text") && !foldsTo(name, "image"));
}

bool isAnySpoken(element modalities)
{
    simdjson::dom::array several;
    if (!modalities.get_array().get(several))
        return std::any_of(several.begin(), several.end(), isSpoken);
    return !modalities.is_object() && !modalities.is_null() && isSpoken(modalities);
}

// Anthropic keeps what it read for five minutes unless another time is named.
bool isKeptLong(element cacheControl)
{
    simdjson::dom::object members;
    if (cacheControl.get_object().get(members))
        return false;
    for (const auto &[name, value] : members) {
        std::string_view time;
        if (foldsTo(name, "ttl") && !value.is_null())
            return value.get_string().get(time) || time != "5m";
    }
    return false;
}

class Measure
{
public:
    // `holder` is the member of which `value` is the value.
    void add(element value, std::string_view holder);

    PromptSize size{};

private:
    void noteHints(std::string_view holder, std::string_view name, element value);
    void addText(std::string_view text, bool isNamedData, bool isPicture);
};

void Measure::addText(std::string_view text, bool isNamedData, bool isPicture)
{
    constexpr size_t longText = 2048;
    constexpr qint64 bytesForData = 6000;
    // A picture of one colour has few bytes, and as many tokens as others.
    constexpr qint64 leastData = 20'000;
    const auto bytes = static_cast<qint64>(text.size());
    const std::string_view start = text.substr(0, longText);
    const bool isLongData = text.size() >= longText && start.find(' ') == std::string_view::npos
                            && start.find('\n') == std::string_view::npos
                            && std::all_of(start.begin(), start.end(), [](char c) {
                                   return static_cast<unsigned char>(c) < 0x80;
                               });
    size.textBytes += isLongData ? bytesForData : bytes;
    if (isNamedData && isPicture)
        size.dataBytes += std::clamp(bytes, leastData, mostOfPicture);
    else if (isNamedData)
        size.dataBytes += std::max(bytes, leastData);
    else if (isLongData)
        size.dataBytes += bytes;
}

// By the first letter, since nearly no member is one of these.
void Measure::noteHints(std::string_view holder, std::string_view name, element value)
{
    PriceHints &hints = size.hints;
    switch (name.empty() ? '\0' : name.front()) {
    case 'c':
    case 'C':
        if (foldsTo(name, "cache_control") && !value.is_null()) {
            hints.writesCache = true;
            hints.writesLongCache |= isKeptLong(value);
        }
        return;
    case 'm':
    case 'M':
        hints.wantsSound |= foldsTo(name, "modalities") && isAnySpoken(value);
        return;
    case 'r':
    case 'R':
        hints.wantsSound |=
            (foldsTo(name, "responseModalities") || foldsTo(name, "response_modalities"))
            && isAnySpoken(value);
        return;
    case 'a':
    case 'A':
        // At the top it is how the answer is to sound, in a message what was said before.
        if (foldsTo(name, "audio") && value.is_object())
            (holder.empty() ? hints.wantsSound : hints.hasSound) = true;
        return;
    default:
        return;
    }
}

void Measure::add(element value, std::string_view holder)
{
    constexpr qint64 bytesForOthers = 4;
    switch (value.type()) {
    case element_type::STRING:
        addText(std::string_view(value), false, false);
        return;
    case element_type::ARRAY:
        for (const element inner : simdjson::dom::array(value))
            add(inner, holder);
        return;
    case element_type::OBJECT: {
        const std::string_view type = mediaTypeIn(simdjson::dom::object(value));
        for (const auto &[name, inner] : simdjson::dom::object(value)) {
            size.textBytes += static_cast<qint64>(name.size());
            noteHints(holder, name, inner);
            if (holder.empty())
                size.readsElsewhere |= looksElsewhere(name, inner);
            std::string_view text;
            if (inner.get_string().get(text)) {
                add(inner, name);
                continue;
            }
            const bool isNamedData = isData(holder, name, text);
            addText(text, isNamedData, isPictureType(type) || text.starts_with("data:image/"));
            size.hints.hasSound |= isNamedData && isSound(holder, name, text, type);
            size.readsElsewhere |= isMediaAddress(name, text);
            if (!isReference(holder, name, text))
                continue;
            size.readsElsewhere = true;
            size.hints.hasSound |= isSoundElsewhere(holder, name, type);
            if (name == "image_url" || holder == "image_url")
                size.dataBytes += mostOfPicture;
            else
                size.hasReferences = true;
        }
        return;
    }
    default:
        size.textBytes += bytesForOthers;
        return;
    }
}

} // namespace

PromptSize promptSizeOf(element body)
{
    Measure measure;
    measure.add(body, {});
    return measure.size;
}

} // namespace gatehouse::protocol
