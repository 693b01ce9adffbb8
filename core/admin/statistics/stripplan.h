#pragma once

#include "admin/statistics/statistics.h"
#include "storage/traffic/rollup.h"

#include <QTimeZone>

namespace gatehouse::admin {

// How the time of heat strips is cut into cells of one length.
struct StripPlan
{
    qint64 since = 0;                // where the first cell begins
    qint64 cell = 0;                 // milliseconds; whole minutes or whole hours
    int cells = 0;                   // 60 at most
    storage::RollUpLevel level = {}; // of the rows that they are summed up from

    qint64 until() const { return since + cells * cell; }
    // The cells' beginnings, and where the last one ends.
    std::vector<qint64> bounds() const;
};

// The cells end with the first that holds the end of the range, and begin on the clock of `zone`. Where
// only hours are known, before `minutesSince`, none is shorter.
StripPlan stripPlan(const TimeRange &range, const QTimeZone &zone, qint64 minutesSince);

} // namespace gatehouse::admin
