#include "admin/statistics/stripplan.h"

#include <QDateTime>

#include <algorithm>

namespace gatehouse::admin {

namespace {

constexpr int mostCells = 60;

qint64 roundedUpTo(qint64 unit, qint64 value)
{
    return (value + unit - 1) / unit * unit;
}

} // namespace

std::vector<qint64> StripPlan::bounds() const
{
    std::vector<qint64> bounds;
    for (int i = 0; i <= cells; ++i)
        bounds.push_back(since + i * cell);
    return bounds;
}

StripPlan stripPlan(const TimeRange &range, const QTimeZone &zone, qint64 minutesSince)
{
    StripPlan plan{.level = range.since < minutesSince ? storage::RollUpLevel::Hour
                                                       : storage::RollUpLevel::Minute};
    if (range.length() <= 0)
        return plan;
    const qint64 unit = storage::lengthOf(plan.level);
    plan.cell = roundedUpTo(unit, (range.length() + mostCells - 1) / mostCells);
    // Rows begin with the units of UTC, also where the zone is half an hour off.
    const qint64 offset = zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(range.until))
                          * qint64(1'000) / unit * unit;
    const qint64 end = roundedUpTo(plan.cell, range.until + offset) - offset;
    plan.cells = static_cast<int>(
        std::min<qint64>(mostCells, (end - range.since + plan.cell - 1) / plan.cell));
    plan.since = end - plan.cells * plan.cell;
    return plan;
}

} // namespace gatehouse::admin
