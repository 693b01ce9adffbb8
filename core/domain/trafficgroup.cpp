#include "domain/trafficgroup.h"

#include <algorithm>

namespace gatehouse::domain {

void TrafficGroup::add(qint64 id, const UsageRecord &record)
{
    const Outcome outcome = outcomeOf(record.httpStatus, record.end);
    const bool failed = outcome == Outcome::ClientError || outcome == Outcome::ServerError;
    merge({.name = name,
           .client = QString::fromUtf8(record.client),
           .tokenName = QString::fromUtf8(record.tokenName),
           .newest = id,
           .oldest = id,
           .begunAt = record.createdAt - record.elapsedMilliseconds,
           .endedAt = record.createdAt,
           .requests = 1,
           .errors = failed ? 1 : 0,
           .input = record.usage.input,
           .cached = record.usage.cacheRead,
           .output = record.usage.output,
           .cost = record.cost});
}

void TrafficGroup::merge(const TrafficGroup &other)
{
    if (other.requests == 0)
        return;
    const bool first = requests == 0;
    if (other.newest > newest || first) {
        name = other.name;
        client = other.client;
        tokenName = other.tokenName;
    }
    newest = std::max(newest, other.newest);
    oldest = first ? other.oldest : std::min(oldest, other.oldest);
    begunAt = first ? other.begunAt : std::min(begunAt, other.begunAt);
    endedAt = std::max(endedAt, other.endedAt);
    requests += other.requests;
    errors += other.errors;
    input += other.input;
    cached += other.cached;
    output += other.output;
    cost.nanoDollars += other.cost.nanoDollars;
}

QString trafficGroupKey(TrafficGrouping grouping, const UsageRecord &record)
{
    switch (grouping) {
    case TrafficGrouping::Session:
        return QString::fromUtf8(record.session);
    case TrafficGrouping::Model:
        return QString::fromUtf8(record.model);
    case TrafficGrouping::Token:
        return QString::number(record.tokenId.value);
    case TrafficGrouping::Channel:
        return QString::number(record.channelId.value);
    }
    return {};
}

} // namespace gatehouse::domain
