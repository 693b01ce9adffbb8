#pragma once

#include "storage/traffic/rollup.h"

#include <map>

namespace gatehouse::storage {

// A stretch of time that rows of one length cover exactly.
struct RollUpSegment
{
    RollUpLevel level = RollUpLevel::Minute;
    qint64 since = 0; // milliseconds since 1970, UTC
    qint64 until = 0;

    bool operator==(const RollUpSegment &) const = default;
};

// Covers [since, until) with the longest rows that fit, by rising time. `now` tells how far back
// there are minutes: before, the ends are taken back to whole hours. A row that is still growing
// counts as long as there is nothing after it.
std::vector<RollUpSegment> segmentsFor(qint64 since, qint64 until, qint64 now);

struct RollUpFilter
{
    RollUpKind kind = RollUpKind::All;
    QByteArray name{}; // of the kind; of RollUpKind::All empty
};

// Reads what was summed up.
class RollUpQuery
{
public:
    explicit RollUpQuery(Database &database)
        : m_database(database)
    {}

    base::Result<domain::TrafficFigures> figures(const std::vector<RollUpSegment> &segments,
                                                 const RollUpFilter &filter) const;
    // Of each of the stretches between two neighbours of `bounds`, from rows of the level.
    base::Result<std::vector<domain::TrafficFigures>>
    series(const std::vector<qint64> &bounds, RollUpLevel level, const RollUpFilter &filter) const;
    // Likewise of each of `names`, and under the empty name of all others of the kind together. Sums and
    // speeds alone; names of which there is nothing are left out.
    base::Result<std::map<QByteArray, std::vector<domain::TrafficFigures>>>
    seriesByName(const std::vector<qint64> &bounds,
                 RollUpLevel level,
                 RollUpKind kind,
                 const std::vector<QByteArray> &names) const;
    // The sums of each name of a kind.
    base::Result<std::map<QByteArray, domain::TrafficSums>>
    sumsByName(const std::vector<RollUpSegment> &segments, RollUpKind kind) const;
    // Likewise with the histograms of the first byte.
    base::Result<std::map<QByteArray, domain::TrafficFigures>>
    figuresByName(const std::vector<RollUpSegment> &segments, RollUpKind kind) const;
    // What a channel, a token or a user is called now; empty: there is none of that id.
    base::Result<QString> nameOf(RollUpKind kind, qint64 id) const;
    // The sums of each name of a kind in each stretch of that many milliseconds of the segment, the first
    // of which begins with it; by their beginnings. Stretches of which there is nothing are left out.
    base::Result<std::map<QByteArray, std::map<qint64, domain::TrafficSums>>>
    stretchesByName(const RollUpSegment &segment, qint64 length, RollUpKind kind) const;

private:
    Database &m_database;
};

} // namespace gatehouse::storage
