#include "protocol/ratelimits.h"

#include "http/shorttext.h"

namespace gatehouse::protocol {

using domain::Dialect;

namespace {

using LimitText = http::ShortText<32>;

constexpr QByteArrayView openAiBeginning = "x-ratelimit-";
constexpr QByteArrayView anthropicBeginning = "anthropic-ratelimit-";

struct LimitNames
{
    QByteArrayView limit{};
    QByteArrayView remaining{};
    QByteArrayView reset{};
};

// https://platform.openai.com/docs/guides/rate-limits
constexpr LimitNames openAiRequests{
    "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"};
constexpr LimitNames openAiTokens{
    "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"};
// https://docs.anthropic.com/en/api/rate-limits
constexpr LimitNames anthropicRequests{"anthropic-ratelimit-requests-limit",
                                       "anthropic-ratelimit-requests-remaining",
                                       "anthropic-ratelimit-requests-reset"};
constexpr LimitNames anthropicTokens{"anthropic-ratelimit-tokens-limit",
                                     "anthropic-ratelimit-tokens-remaining",
                                     "anthropic-ratelimit-tokens-reset"};

// As OpenAI writes it: "0s", "1s", "6m0s".
LimitText durationText(std::chrono::seconds time)
{
    constexpr qint64 secondsOfMinute = 60;
    LimitText text;
    const qint64 seconds = time.count();
    if (seconds >= secondsOfMinute)
        text << seconds / secondsOfMinute << "m";
    text << seconds % secondsOfMinute << "s";
    return text;
}

// RFC 3339.
LimitText dateText(std::chrono::sys_seconds time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    LimitText text;
    text.padded(int(date.year()), 4) << "-";
    text.padded(unsigned(date.month()), 2) << "-";
    text.padded(unsigned(date.day()), 2) << "T";
    text.padded(clock.hours().count(), 2) << ":";
    text.padded(clock.minutes().count(), 2) << ":";
    text.padded(clock.seconds().count(), 2) << "Z";
    return text;
}

void addLimit(const RateLimit &limit,
              const LimitNames &names,
              const LimitText &reset,
              http::Headers &target)
{
    target.add(names.limit, (LimitText() << limit.limit).text());
    target.add(names.remaining, (LimitText() << limit.remaining).text());
    target.add(names.reset, reset.text());
}

bool startsWithName(QByteArrayView name, QByteArrayView beginning)
{
    return name.size() > beginning.size()
           && http::equalNames(name.first(beginning.size()), beginning);
}

} // namespace

void addRateLimits(Dialect dialect,
                   const RateLimits &limits,
                   std::chrono::sys_seconds now,
                   http::Headers &target)
{
    switch (dialect) {
    case Dialect::OpenAi:
        if (limits.requests)
            addLimit(
                *limits.requests, openAiRequests, durationText(limits.requests->reset), target);
        if (limits.tokens)
            addLimit(*limits.tokens, openAiTokens, durationText(limits.tokens->reset), target);
        return;
    case Dialect::Anthropic:
        if (limits.requests) {
            addLimit(*limits.requests,
                     anthropicRequests,
                     dateText(now + limits.requests->reset),
                     target);
        }
        if (limits.tokens)
            addLimit(*limits.tokens, anthropicTokens, dateText(now + limits.tokens->reset), target);
        return;
    case Dialect::Gemini:
        return;
    }
}

bool tellsRateLimit(QByteArrayView name)
{
    return startsWithName(name, openAiBeginning) || startsWithName(name, anthropicBeginning);
}

} // namespace gatehouse::protocol
