#include "protocol/usagereader.h"

#include "domain/pricing.h"

#include <algorithm>
#include <array>

namespace gatehouse::protocol {

using domain::Usage;
using simdjson::dom::element;

namespace {

// What was noticed of the figures of one usage.
struct Doubts
{
    bool anomalous = false;  // any was changed
    bool impossible = false; // by more than its fraction
};

// A figure; none if it is absent or null. Whatever is no proper count is clamped and noted.
std::optional<qint64> figureOf(const std::optional<element> &value, Doubts &doubts)
{
    if (!value)
        return std::nullopt;
    double number = 0;
    const bool isNumber = !value->get_double().get(number);
    if (!isNumber || !(number >= 0 && number <= double(Usage::largest)))
        doubts.impossible = true;
    if (isNumber)
        return domain::clampedCount(number, doubts.anomalous);
    doubts.anomalous = true;
    return 0;
}

std::optional<qint64> figure(std::optional<element> from, std::string_view name, Doubts &doubts)
{
    return figureOf(memberOf(from, name), doubts);
}

std::optional<qint64> figure(const ObjectMembers &from, std::string_view name, Doubts &doubts)
{
    return figureOf(from.find(name), doubts);
}

std::optional<qint64> firstOf(std::optional<qint64> first, std::optional<qint64> second)
{
    return first ? first : second;
}

// The parts of a sum cannot be more than the sum. Where two parts overlap (audio that came from the
// cache), the first keeps what they share.
void fitParts(Usage &usage)
{
    usage.input = std::min(usage.input, Usage::largest);
    usage.output = std::min(usage.output, Usage::largest);
    const auto fit = [&usage](qint64 &part, qint64 sum, qint64 &room) {
        usage.anomalous = usage.anomalous || part > sum;
        part = std::min(part, room);
        room -= part;
    };
    qint64 input = usage.input;
    fit(usage.cacheRead, usage.input, input);
    fit(usage.cacheWriteLong, usage.input, input);
    fit(usage.cacheWrite, usage.input, input);
    fit(usage.inputAudio, usage.input, input);
    qint64 output = usage.output;
    fit(usage.reasoning, usage.output, output);
    fit(usage.outputAudio, usage.output, output);
}

bool replaceUnlessEmpty(Usage &usage, Usage read, const Doubts &sums, const Doubts &parts)
{
    read.anomalous = sums.anomalous || parts.anomalous;
    fitParts(read);
    read.images = usage.images;
    read.characters = usage.characters;
    read.anomalous = read.anomalous || usage.anomalous;
    if (sums.impossible || (read.input == 0 && read.output == 0)) {
        usage.anomalous = read.anomalous;
        return false;
    }
    // Some tell the input first and only the output later: what is not told again stands.
    if (read.input == 0) {
        read.input = usage.input;
        read.cacheRead = usage.cacheRead;
        read.cacheWrite = usage.cacheWrite;
        read.cacheWriteLong = usage.cacheWriteLong;
        read.inputAudio = usage.inputAudio;
    }
    if (read.output == 0) {
        read.output = usage.output;
        read.reasoning = usage.reasoning;
        read.outputAudio = usage.outputAudio;
    }
    read.source = domain::UsageSource::Provider;
    usage = read;
    return true;
}

// The tokens of one modality among Gemini's details.
qint64 audioTokens(element metadata, std::string_view details, Doubts &doubts)
{
    qint64 sum = 0;
    const auto entries = arrayOf(metadata, details);
    if (!entries)
        return 0;
    for (const element entry : *entries) {
        if (stringOf(entry, "modality") == "AUDIO")
            sum += figure(entry, "tokenCount", doubts).value_or(0);
    }
    return sum;
}

} // namespace

bool readOpenAiUsage(element usageObject, bool totalIsInput, Usage &usage)
{
    if (!usageObject.is_object())
        return false;
    const ObjectMembers members(usageObject);
    Usage read;
    Doubts sums;
    Doubts parts;
    const auto number = [&](std::string_view name) { return figure(members, name, sums); };

    const auto input = firstOf(number("prompt_tokens"), number("input_tokens"));
    const auto output = firstOf(number("completion_tokens"), number("output_tokens"));
    const auto total = figure(members, "total_tokens", totalIsInput ? sums : parts);
    read.input = input.value_or(totalIsInput ? total.value_or(0) : 0);
    if (totalIsInput && read.input == 0)
        read.input = total.value_or(0);
    read.output = output.value_or(0);

    const auto inputFound = members.find("prompt_tokens_details");
    const ObjectMembers inputDetails(inputFound ? inputFound
                                                : members.find("input_tokens_details"));
    const auto outputFound = members.find("completion_tokens_details");
    const ObjectMembers outputDetails(outputFound ? outputFound
                                                  : members.find("output_tokens_details"));

    // DeepSeek: prompt_cache_hit_tokens; Moonshot: cached_tokens beside the sums.
    auto cached = figure(inputDetails, "cached_tokens", parts);
    cached = firstOf(cached, figure(members, "prompt_cache_hit_tokens", parts));
    cached = firstOf(cached, figure(members, "cached_tokens", parts));
    read.cacheRead = cached.value_or(0);
    // Alibaba's name is cache_creation_input_tokens.
    const qint64 written = firstOf(figure(inputDetails, "cache_write_tokens", parts),
                                   figure(inputDetails, "cache_creation_input_tokens", parts))
                               .value_or(0);
    const auto writeDetails = inputDetails.find("cache_write_tokens_details");
    read.cacheWriteLong =
        std::min(written, figure(writeDetails, "ttl_12h_tokens", parts).value_or(0));
    read.cacheWrite = written - read.cacheWriteLong;
    read.inputAudio = figure(inputDetails, "audio_tokens", parts).value_or(0);
    read.reasoning = figure(outputDetails, "reasoning_tokens", parts).value_or(0);
    read.outputAudio = figure(outputDetails, "audio_tokens", parts).value_or(0);

    // xAI counts reasoning beside the completion; only the total tells.
    if (read.reasoning > 0 && total == read.input + read.output + read.reasoning)
        read.output += read.reasoning;
    return replaceUnlessEmpty(usage, read, sums, parts);
}

bool readGeminiUsage(element metadata, Usage &usage)
{
    if (!metadata.is_object())
        return false;
    Usage read;
    Doubts sums;
    Doubts parts;
    const auto number = [&](std::string_view name) {
        return figure(metadata, name, sums).value_or(0);
    };
    read.input = number("promptTokenCount") + number("toolUsePromptTokenCount");
    read.cacheRead = figure(metadata, "cachedContentTokenCount", parts).value_or(0);
    read.reasoning = number("thoughtsTokenCount");
    read.output = number("candidatesTokenCount") + read.reasoning;
    read.inputAudio = audioTokens(metadata, "promptTokensDetails", parts);
    read.outputAudio = audioTokens(metadata, "candidatesTokensDetails", parts);
    return replaceUnlessEmpty(usage, read, sums, parts);
}

bool AnthropicFigures::read(element usageObject)
{
    if (!usageObject.is_object())
        return false;
    AnthropicFigures next = *this;
    Doubts sums;
    Doubts parts;
    bool any = false;
    const auto update = [&](std::optional<qint64> &target,
                            std::optional<element> from,
                            std::string_view name,
                            Doubts &doubts) {
        if (const auto value = figure(from, name, doubts)) {
            target = value;
            any = true;
        }
    };
    update(next.input, usageObject, "input_tokens", sums);
    update(next.cacheRead, usageObject, "cache_read_input_tokens", sums);
    update(next.cacheCreation, usageObject, "cache_creation_input_tokens", sums);
    update(next.output, usageObject, "output_tokens", sums);
    const auto creation = memberOf(usageObject, "cache_creation");
    update(next.fiveMinutes, creation, "ephemeral_5m_input_tokens", parts);
    update(next.oneHour, creation, "ephemeral_1h_input_tokens", parts);
    update(next.thinking, memberOf(usageObject, "output_tokens_details"), "thinking_tokens", parts);
    if (!sums.impossible)
        *this = next;
    anomalous = anomalous || sums.anomalous || parts.anomalous;
    return any && !sums.impossible;
}

Usage AnthropicFigures::usage() const
{
    Usage usage;
    usage.anomalous = anomalous;
    const qint64 longKept = oneHour.value_or(0);
    const qint64 created = cacheCreation.value_or(fiveMinutes.value_or(0) + longKept);
    usage.cacheWriteLong = std::min(longKept, created);
    usage.cacheWrite = created - usage.cacheWriteLong;
    usage.cacheRead = cacheRead.value_or(0);
    usage.input = input.value_or(0) + usage.cacheRead + created;
    usage.output = output.value_or(0);
    usage.reasoning = thinking.value_or(0);
    fitParts(usage);
    if (usage.input > 0 || usage.output > 0)
        usage.source = domain::UsageSource::Provider;
    return usage;
}

} // namespace gatehouse::protocol
