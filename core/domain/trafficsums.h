#pragma once

#include "domain/attemptnote.h"
#include "domain/latencyhistogram.h"
#include "domain/quota.h"
#include "domain/usagerecord.h"

namespace gatehouse::domain {

// How a request counts in statistics.
enum class Outcome {
    Ok,
    ClientError, // answered with 4xx
    ServerError, // answered with 5xx, broken off, or never answered
    Cancelled,   // the client left, or the gateway was being stopped
};

Outcome outcomeOf(int httpStatus, EndReason end);

// Of an attempt that another one followed: whether its channel failed, rather than the request.
bool isFaultOfChannel(const AttemptNote &attempt);

// What a number of requests came to. Tests of channels and entries of the management are no
// requests.
struct TrafficSums
{
    qint64 ok = 0;
    qint64 clientErrors = 0;
    qint64 serverErrors = 0;
    qint64 cancelled = 0;
    qint64 attempts = 0;
    qint64 inputTokens = 0; // neither read from a provider's cache nor written to it
    qint64 cacheReadTokens = 0;
    qint64 cacheWriteTokens = 0;
    qint64 outputTokens = 0;
    Cost cost{};
    Cost saved{};        // what the cache reads would have cost more as plain input
    qint64 unpriced = 0; // requests of a model without a price
    // Requests that failed because of their channel: without those that the provider refused for the
    // client's own mistake.
    qint64 channelFaults = 0;
    // Of a channel alone: attempts that it had before another one, of its own or of another channel, and
    // those of them that failed because of it. Their requests count where they ended.
    qint64 passedOn = 0;
    qint64 passedOnFaults = 0;

    qint64 requests() const { return ok + clientErrors + serverErrors + cancelled; }
    qint64 totalInputTokens() const { return inputTokens + cacheReadTokens + cacheWriteTokens; }
    // Of a channel: all attempts that it had.
    qint64 tries() const { return requests() + passedOn; }
    qint64 faults() const { return channelFaults + passedOnFaults; }
    qint64 tokens() const { return totalInputTokens() + outputTokens; }
    // The share of successes among what was not cancelled, 0 to 1; absent: there was nothing.
    std::optional<double> successShare() const;
    // The share of the attempts that were not cancelled in which the channel did its part, 0 to 1.
    std::optional<double> channelShare() const;
    // The share of the input that providers read from their caches, 0 to 1; absent: no input.
    std::optional<double> cacheShare() const;

    TrafficSums &operator+=(const TrafficSums &other);
    bool operator==(const TrafficSums &) const = default;
};

// The sums together with the distributions that percentiles are taken from.
struct TrafficFigures
{
    TrafficSums sums{};
    LatencyHistogram firstByte{}; // milliseconds until the first token, of successes
    LatencyHistogram elapsed{};   // milliseconds until the end, of successes
    // Tenths of output tokens a second after the first token, of streams with 20 tokens and more.
    LatencyHistogram speed{};

    // Counts one request. `saved` is what its cache reads saved.
    void add(const UsageRecord &record, Cost saved = {});
    void merge(const TrafficFigures &other);
    bool operator==(const TrafficFigures &) const = default;
};

} // namespace gatehouse::domain
