#include "admin/gateway/livecounters.h"

namespace gatehouse::admin {

using domain::RecordKind;

void LiveCounters::count(std::span<const storage::LedgerEntry> stored)
{
    const std::lock_guard lock(m_mutex);
    for (const storage::LedgerEntry &entry : stored) {
        const domain::UsageRecord &record = entry.record;
        if (record.kind != RecordKind::Consumption && record.kind != RecordKind::Failure)
            continue;
        ++m_requests;
        const qint64 number = std::max<qint64>(0, record.createdAt / 1000);
        Second &second = m_seconds[static_cast<size_t>(number) % kept];
        if (second.number > number)
            continue; // too old for the ring
        if (second.number < number)
            second = {.number = number};
        ++second.requests;
        if (domain::outcomeOf(record.httpStatus, record.end) == domain::Outcome::ServerError)
            ++second.failures;
    }
}

quint64 LiveCounters::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

LiveFigures LiveCounters::figures(qint64 now) const
{
    LiveFigures figures{.sparkline = std::vector<int>(points, 0)};
    const qint64 present = now / 1000;
    const qint64 lastPoint = present / secondsOfPoint;
    const std::lock_guard lock(m_mutex);
    for (const Second &second : m_seconds) {
        if (second.number < 0 || second.number > present)
            continue;
        if (present - second.number < 60) {
            figures.requestsInLastMinute += second.requests;
            figures.failuresInLastMinute += second.failures;
        }
        const qint64 point = points - 1 - (lastPoint - second.number / secondsOfPoint);
        if (point >= 0)
            figures.sparkline[static_cast<size_t>(point)] += second.requests;
    }
    return figures;
}

} // namespace gatehouse::admin
