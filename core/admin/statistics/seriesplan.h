#pragma once

#include "admin/statistics/statistics.h"

#include <QTimeZone>

namespace gatehouse::admin {

// How a time series is cut into buckets.
struct SeriesPlan
{
    enum class Source {
        Ledger,  // buckets of seconds
        Minutes, // rows of the roll-ups, by their length
        Hours,
    };

    std::chrono::milliseconds bucket{0};
    std::vector<qint64> bounds{}; // between buckets, rising; the first begins, the last ends
    Source source = Source::Minutes;
};

// Cuts a range into at most about `buckets` pieces of a length that is usual on clocks, from a second
// up to weeks, aligned to the time of `zone`: a day begins at its midnight. Where only hours are
// known, before `minutesSince`, no bucket is shorter. `fine` allows buckets of seconds.
SeriesPlan seriesPlan(
    const TimeRange &range, int buckets, const QTimeZone &zone, qint64 minutesSince, bool fine);

} // namespace gatehouse::admin
