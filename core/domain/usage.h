#pragma once

#include <QtGlobal>

namespace gatehouse::domain {

// Where the figures of a Usage come from.
enum class UsageSource { None, Provider, Counted };

// What a request consumed, the same for all dialects. `input` includes cache reads, cache writes,
// audio and images; `output` includes reasoning and audio. Nothing is ever negative.
struct Usage
{
    qint64 input = 0;
    qint64 cacheRead = 0;
    qint64 cacheWrite = 0;     // kept for about five minutes, or an unknown time
    qint64 cacheWriteLong = 0; // kept for an hour and more
    qint64 inputAudio = 0;
    qint64 output = 0;
    qint64 reasoning = 0;
    qint64 outputAudio = 0;
    qint64 images = 0;     // pictures made
    qint64 characters = 0; // of text read aloud
    UsageSource source = UsageSource::None;
    // A figure from outside was negative, fractional, too large or not a number, and was clamped.
    bool anomalous = false;

    static constexpr qint64 largest = 1'000'000'000;

    bool isEmpty() const { return input == 0 && output == 0 && images == 0 && characters == 0; }
    bool operator==(const Usage &) const = default;
};

} // namespace gatehouse::domain
