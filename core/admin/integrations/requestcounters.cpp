#include "admin/integrations/requestcounters.h"

#include "domain/attemptnote.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::admin {

using domain::RecordKind;
using domain::UsageRecord;

namespace {

// Of a name whose own place would be one too many.
const QByteArray otherName("__other__");

quint64 notNegative(qint64 figure)
{
    return static_cast<quint64>(std::max<qint64>(0, figure));
}

// The entry at the place, or the one for all that have none.
template<typename Value>
Value &placeIn(std::map<std::pair<qint64, QByteArray>, Value> &map,
               const std::pair<qint64, QByteArray> &place,
               size_t most)
{
    const auto found = map.find(place);
    if (found != map.end())
        return found->second;
    return map.size() < most ? map[place] : map[{0, otherName}];
}

} // namespace

void DurationCounts::add(qint64 time)
{
    if (time < 0)
        return;
    constexpr double second = 1'000;
    const auto bound =
        std::lower_bound(bounds.begin(), bounds.end(), static_cast<double>(time) / second);
    ++counts[static_cast<size_t>(bound - bounds.begin())];
    milliseconds += static_cast<quint64>(time);
}

void RequestCounters::count(std::span<const storage::LedgerEntry> stored)
{
    const std::lock_guard lock(m_mutex);
    for (const storage::LedgerEntry &entry : stored) {
        const UsageRecord &record = entry.record;
        if (record.kind != RecordKind::Consumption && record.kind != RecordKind::Failure)
            continue;
        RequestTotal &total = totalOf(record);
        const domain::Outcome outcome = domain::outcomeOf(record.httpStatus, record.end);
        ++total.requests[static_cast<size_t>(outcome)];
        const domain::Usage &usage = record.usage;
        const qint64 written = usage.cacheWrite + usage.cacheWriteLong;
        const std::array<qint64, RequestTotal::tokenKinds> tokens{usage.input - usage.cacheRead
                                                                      - written,
                                                                  usage.cacheRead,
                                                                  written,
                                                                  usage.output - usage.reasoning,
                                                                  usage.reasoning};
        for (size_t i = 0; i < tokens.size(); ++i)
            total.tokens[i] += notNegative(tokens[i]);
        total.costNanoDollars += notNegative(record.cost.nanoDollars);
        if (outcome == domain::Outcome::Ok) {
            total.elapsed.add(record.elapsedMilliseconds);
            total.firstByte.add(record.firstByteMilliseconds);
        }
        // A request that was served at once has left no channel.
        if (record.attempts > 1 || outcome != domain::Outcome::Ok)
            countFailures(record);
    }
}

RequestTotal &RequestCounters::totalOf(const UsageRecord &record)
{
    const Place place{record.channelId.value, record.model};
    if (record.channelId.isNull() && !m_requests.contains(place)) {
        const auto served = m_requests.lower_bound({1, {}});
        if (static_cast<size_t>(std::distance(m_requests.begin(), served)) >= mostUnserved)
            return m_requests[{0, otherName}];
    }
    return placeIn(m_requests, place, mostPlaces);
}

void RequestCounters::countFailures(const UsageRecord &record)
{
    for (const domain::AttemptNote &attempt : domain::attemptsFrom(record.attemptLog)) {
        if (attempt.errorCode.isEmpty())
            continue;
        constexpr int firstError = 400;
        const QByteArray reason =
            attempt.status >= firstError ? QByteArray::number(attempt.status) : attempt.errorCode;
        ++placeIn(m_failures, {attempt.channel.value, reason}, mostReasons);
    }
}

RequestTotals RequestCounters::totals() const
{
    RequestTotals totals;
    const std::lock_guard lock(m_mutex);
    totals.requests.reserve(m_requests.size());
    for (const auto &[place, total] : m_requests) {
        totals.requests.push_back(total);
        totals.requests.back().channel = {place.first};
        totals.requests.back().model = place.second;
    }
    for (const auto &[place, count] : m_failures)
        totals.failures.push_back({{place.first}, place.second, count});
    return totals;
}

} // namespace gatehouse::admin
