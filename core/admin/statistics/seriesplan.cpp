#include "admin/statistics/seriesplan.h"

#include <QDateTime>

#include <array>

using namespace std::chrono_literals;

namespace gatehouse::admin {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds day = 24h;
constexpr std::array<milliseconds, 18> lengths{1s,
                                               5s,
                                               15s,
                                               30s,
                                               1min,
                                               2min,
                                               5min,
                                               15min,
                                               30min,
                                               1h,
                                               2h,
                                               3h,
                                               6h,
                                               12h,
                                               1 * day,
                                               7 * day,
                                               30 * day,
                                               90 * day};
constexpr qint64 mostBuckets = 4'000;

milliseconds lengthFor(qint64 range, int buckets, milliseconds least)
{
    const qint64 wanted = range / std::max(buckets, 1);
    for (const milliseconds length : lengths) {
        if (length >= least && length.count() >= wanted)
            return length;
    }
    return lengths.back();
}

// For lengths that an hour is a multiple of; zones differ from UTC by whole quarters of an hour.
std::vector<qint64> evenBounds(const TimeRange &range, qint64 length)
{
    std::vector<qint64> bounds{range.since - range.since % length};
    while (bounds.back() < range.until)
        bounds.push_back(bounds.back() + length);
    return bounds;
}

// Each day begins anew at its midnight, so that days of 23 and of 25 hours come out right.
std::vector<qint64> boundsWithinDays(const TimeRange &range, qint64 length, const QTimeZone &zone)
{
    std::vector<qint64> bounds;
    QDate date = QDateTime::fromMSecsSinceEpoch(range.since, zone).date();
    while (bounds.empty() || bounds.back() < range.until) {
        const qint64 midnight = date.startOfDay(zone).toMSecsSinceEpoch();
        date = date.addDays(1);
        const qint64 next = date.startOfDay(zone).toMSecsSinceEpoch();
        // What is left of a day is not made a bucket of its own if it is but an hour.
        for (qint64 bound = midnight; bound + length / 2 < next || bound == midnight;
             bound += length) {
            if (bound + length > range.since && (bounds.empty() || bounds.back() < range.until))
                bounds.push_back(bound);
        }
    }
    return bounds;
}

std::vector<qint64> boundsOfDays(const TimeRange &range, qint64 days, const QTimeZone &zone)
{
    QDate date = QDateTime::fromMSecsSinceEpoch(range.since, zone).date();
    if (days == 7)
        date = date.addDays(1 - date.dayOfWeek());
    std::vector<qint64> bounds{date.startOfDay(zone).toMSecsSinceEpoch()};
    while (bounds.back() < range.until) {
        date = date.addDays(days);
        bounds.push_back(date.startOfDay(zone).toMSecsSinceEpoch());
    }
    return bounds;
}

} // namespace

SeriesPlan seriesPlan(
    const TimeRange &range, int buckets, const QTimeZone &zone, qint64 minutesSince, bool fine)
{
    const milliseconds least = range.since < minutesSince ? milliseconds(1h)
                               : fine                     ? milliseconds(1s)
                                                          : milliseconds(1min);
    SeriesPlan plan;
    if (range.length() <= 0)
        return plan;
    const int pieces = static_cast<int>(std::min<qint64>(buckets, mostBuckets));
    plan.bucket = lengthFor(range.length(), pieces, least);
    const qint64 length = plan.bucket.count();
    plan.source = plan.bucket < 1min ? SeriesPlan::Source::Ledger
                  : plan.bucket < 1h ? SeriesPlan::Source::Minutes
                                     : SeriesPlan::Source::Hours;
    if (plan.bucket < 1h)
        plan.bounds = evenBounds(range, length);
    else if (plan.bucket < day)
        plan.bounds = boundsWithinDays(range, length, zone);
    else
        plan.bounds = boundsOfDays(range, length / day.count(), zone);
    return plan;
}

} // namespace gatehouse::admin
