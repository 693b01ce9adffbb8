#include "domain/trafficsums.h"

namespace gatehouse::domain {

namespace {

// A request counts for a million dollars at most, so that sums of sums cannot overflow.
constexpr qint64 mostCost = 1'000'000'000'000'000;

// Below, the time between tokens says little about a model.
constexpr qint64 leastTokensForSpeed = 20;

qint64 tenthsOfTokensPerSecond(const UsageRecord &record)
{
    const qint64 milliseconds = record.elapsedMilliseconds - record.firstByteMilliseconds;
    if (!record.stream || record.firstByteMilliseconds < 0 || milliseconds <= 0
        || record.usage.output < leastTokensForSpeed)
        return -1;
    return record.usage.output * 10'000 / milliseconds;
}

bool isFaultOfChannel(const UsageRecord &record, Outcome outcome)
{
    return !record.channelId.isNull()
           && (outcome == Outcome::ServerError
               || (outcome == Outcome::ClientError && record.errorCode == "provider_rate_limited"));
}

std::optional<double> share(qint64 part, qint64 whole)
{
    if (whole <= 0)
        return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

bool isFaultOfChannel(const AttemptNote &attempt)
{
    return !attempt.channel.isNull() && attempt.errorCode != "invalid_request"
           && attempt.errorCode != "provider_denied_access";
}

Outcome outcomeOf(int httpStatus, EndReason end)
{
    if (end == EndReason::ClientGone || end == EndReason::ShutDown || end == EndReason::Cancelled)
        return Outcome::Cancelled;
    if (httpStatus >= 400 && httpStatus < 500)
        return Outcome::ClientError;
    return httpStatus < 400 && end == EndReason::Completed ? Outcome::Ok : Outcome::ServerError;
}

std::optional<double> TrafficSums::successShare() const
{
    return share(ok, ok + clientErrors + serverErrors);
}

std::optional<double> TrafficSums::channelShare() const
{
    const qint64 all = tries() - cancelled;
    return share(all - faults(), all);
}

std::optional<double> TrafficSums::cacheShare() const
{
    return share(cacheReadTokens, totalInputTokens());
}

TrafficSums &TrafficSums::operator+=(const TrafficSums &other)
{
    ok += other.ok;
    clientErrors += other.clientErrors;
    serverErrors += other.serverErrors;
    cancelled += other.cancelled;
    attempts += other.attempts;
    inputTokens = saturatedSum(inputTokens, other.inputTokens);
    cacheReadTokens = saturatedSum(cacheReadTokens, other.cacheReadTokens);
    cacheWriteTokens = saturatedSum(cacheWriteTokens, other.cacheWriteTokens);
    outputTokens = saturatedSum(outputTokens, other.outputTokens);
    cost.nanoDollars = saturatedSum(cost.nanoDollars, other.cost.nanoDollars);
    saved.nanoDollars = saturatedSum(saved.nanoDollars, other.saved.nanoDollars);
    unpriced += other.unpriced;
    channelFaults += other.channelFaults;
    passedOn += other.passedOn;
    passedOnFaults += other.passedOnFaults;
    return *this;
}

void TrafficFigures::add(const UsageRecord &record, Cost saved)
{
    const Outcome outcome = outcomeOf(record.httpStatus, record.end);
    const Usage &usage = record.usage;
    const qint64 cacheWrite = usage.cacheWrite + usage.cacheWriteLong;
    sums += {.ok = outcome == Outcome::Ok ? 1 : 0,
             .clientErrors = outcome == Outcome::ClientError ? 1 : 0,
             .serverErrors = outcome == Outcome::ServerError ? 1 : 0,
             .cancelled = outcome == Outcome::Cancelled ? 1 : 0,
             .attempts = record.attempts,
             .inputTokens = std::max<qint64>(0, usage.input - usage.cacheRead - cacheWrite),
             .cacheReadTokens = usage.cacheRead,
             .cacheWriteTokens = cacheWrite,
             .outputTokens = usage.output,
             .cost = {std::clamp<qint64>(record.cost.nanoDollars, 0, mostCost)},
             .saved = {std::clamp<qint64>(saved.nanoDollars, 0, mostCost)},
             .unpriced = record.unpriced ? 1 : 0,
             .channelFaults = isFaultOfChannel(record, outcome) ? 1 : 0};
    if (outcome != Outcome::Ok)
        return;
    firstByte.add(record.firstByteMilliseconds);
    elapsed.add(record.elapsedMilliseconds);
    speed.add(tenthsOfTokensPerSecond(record));
}

void TrafficFigures::merge(const TrafficFigures &other)
{
    sums += other.sums;
    firstByte.merge(other.firstByte);
    elapsed.merge(other.elapsed);
    speed.merge(other.speed);
}

} // namespace gatehouse::domain
