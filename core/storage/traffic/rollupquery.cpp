#include "storage/traffic/rollupquery.h"

#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::TrafficFigures;
using domain::TrafficSums;

namespace {

qint64 roundedUp(RollUpLevel level, qint64 moment)
{
    const qint64 start = startOf(level, moment);
    return start == moment ? start : start + lengthOf(level);
}

void append(std::vector<RollUpSegment> &segments, RollUpSegment segment)
{
    if (segment.since < segment.until)
        segments.push_back(segment);
}

// Covers the stretch with rows of hours, and what is left at its ends with rows of minutes.
void appendHours(std::vector<RollUpSegment> &segments, qint64 since, qint64 until)
{
    const qint64 first = std::min(roundedUp(RollUpLevel::Hour, since), until);
    const qint64 end = std::max(startOf(RollUpLevel::Hour, until), first);
    append(segments, {RollUpLevel::Minute, since, first});
    append(segments, {RollUpLevel::Hour, first, end});
    append(segments, {RollUpLevel::Minute, end, until});
}

QString sumColumns()
{
    return u"ok, client_errors, server_errors, cancelled, attempts, input, cache_read,"
           " cache_write, output, cost, saved, unpriced, channel_faults, passed_on, passed_on_faults"_s;
}

// The same over several rows.
QString summedColumns()
{
    return u"CAST(sum(ok) AS bigint), CAST(sum(client_errors) AS bigint),"
           " CAST(sum(server_errors) AS bigint), CAST(sum(cancelled) AS bigint),"
           " CAST(sum(attempts) AS bigint), CAST(sum(input) AS bigint),"
           " CAST(sum(cache_read) AS bigint), CAST(sum(cache_write) AS bigint),"
           " CAST(sum(output) AS bigint), CAST(sum(cost) AS bigint), CAST(sum(saved) AS bigint),"
           " CAST(sum(unpriced) AS bigint), CAST(sum(channel_faults) AS bigint),"
           " CAST(sum(passed_on) AS bigint), CAST(sum(passed_on_faults) AS bigint)"_s;
}

// Of the columns of sumColumns(), the first of which is `column`.
TrafficSums sumsFrom(const QSqlQuery &row, int column)
{
    const auto next = [&row, &column] { return row.value(column++).toLongLong(); };
    TrafficSums sums;
    sums.ok = next();
    sums.clientErrors = next();
    sums.serverErrors = next();
    sums.cancelled = next();
    sums.attempts = next();
    sums.inputTokens = next();
    sums.cacheReadTokens = next();
    sums.cacheWriteTokens = next();
    sums.outputTokens = next();
    sums.cost.nanoDollars = next();
    sums.saved.nanoDollars = next();
    sums.unpriced = next();
    sums.channelFaults = next();
    sums.passedOn = next();
    sums.passedOnFaults = next();
    return sums;
}

Bindings bindingsFor(const RollUpSegment &segment, RollUpKind kind)
{
    return {{u":level"_s, static_cast<int>(segment.level)},
            {u":kind"_s, static_cast<int>(kind)},
            {u":since"_s, segment.since},
            {u":until"_s, segment.until}};
}

QString condition()
{
    return u" FROM traffic_rollups WHERE level = :level AND kind = :kind"
           " AND start >= :since AND start < :until"_s;
}

// Calls `each` for all rows.
template<typename Each>
Result<> forEachRow(Database &database, Result<QSqlQuery> rows, Each each)
{
    if (!rows)
        return base::fail(std::move(rows.error()));
    while (true) {
        const Result<bool> row = nextRow(database, *rows);
        if (!row)
            return base::fail(row.error());
        if (!*row)
            return {};
        each(std::as_const(*rows));
    }
}

// In which of the stretches between two neighbours of `bounds` a row counts.
size_t bucketOf(const std::vector<qint64> &bounds, qint64 start)
{
    const auto after = std::upper_bound(bounds.begin(), bounds.end(), start);
    return static_cast<size_t>(
        std::max<std::ptrdiff_t>(0, std::distance(bounds.begin(), after) - 1));
}

// Calls `each` with the start and the figures of every row of one name.
template<typename Each>
Result<> forEachFigures(Database &database,
                        const RollUpSegment &segment,
                        const RollUpFilter &filter,
                        Each each)
{
    Bindings bindings = bindingsFor(segment, filter.kind);
    bindings.push_back({u":name"_s, QString::fromUtf8(filter.name)});
    return forEachRow(database,
                      execute(database,
                              u"SELECT start, first_byte, elapsed, speed, "_s % sumColumns()
                                  % condition() % u" AND name = :name"_s,
                              bindings),
                      [&each](const QSqlQuery &row) {
                          TrafficFigures figures;
                          figures.firstByte.mergeBytes(row.value(1).toByteArray());
                          figures.elapsed.mergeBytes(row.value(2).toByteArray());
                          figures.speed.mergeBytes(row.value(3).toByteArray());
                          figures.sums = sumsFrom(row, 4);
                          each(row.value(0).toLongLong(), figures);
                      });
}

} // namespace

std::vector<RollUpSegment> segmentsFor(qint64 since, qint64 until, qint64 now)
{
    if (since >= until)
        return {};
    // Whoever asks for all until now names a moment that has passed when it is read.
    constexpr qint64 justNow = 2'000;
    const qint64 firstMinute = now - minutesKept + 2 * minuteLength;
    const auto levelAt = [firstMinute](qint64 moment) {
        return moment >= firstMinute ? RollUpLevel::Minute : RollUpLevel::Hour;
    };
    const qint64 begin = startOf(levelAt(since), since);
    const qint64 end = until >= now - justNow ? startOf(RollUpLevel::Day, now) + dayLength
                                              : startOf(levelAt(until), until);
    std::vector<RollUpSegment> segments;
    if (begin >= end)
        return segments;
    const qint64 firstDay = std::min(roundedUp(RollUpLevel::Day, begin), end);
    const qint64 endOfDays = std::max(startOf(RollUpLevel::Day, end), firstDay);
    appendHours(segments, begin, firstDay);
    append(segments, {RollUpLevel::Day, firstDay, endOfDays});
    appendHours(segments, endOfDays, end);
    return segments;
}

Result<TrafficFigures> RollUpQuery::figures(const std::vector<RollUpSegment> &segments,
                                            const RollUpFilter &filter) const
{
    TrafficFigures all;
    for (const RollUpSegment &segment : segments) {
        const Result<> read =
            forEachFigures(m_database, segment, filter, [&all](qint64, const TrafficFigures &row) {
                all.merge(row);
            });
        if (!read)
            return base::fail(read.error());
    }
    return all;
}

Result<std::vector<TrafficFigures>> RollUpQuery::series(const std::vector<qint64> &bounds,
                                                        RollUpLevel level,
                                                        const RollUpFilter &filter) const
{
    std::vector<TrafficFigures> buckets;
    if (bounds.size() < 2)
        return buckets;
    buckets.resize(bounds.size() - 1);
    const Result<> read = forEachFigures(m_database,
                                         {level, startOf(level, bounds.front()), bounds.back()},
                                         filter,
                                         [&](qint64 start, const TrafficFigures &row) {
                                             buckets[bucketOf(bounds, start)].merge(row);
                                         });
    if (!read)
        return base::fail(read.error());
    return buckets;
}

Result<std::map<QByteArray, std::vector<TrafficFigures>>>
RollUpQuery::seriesByName(const std::vector<qint64> &bounds,
                          RollUpLevel level,
                          RollUpKind kind,
                          const std::vector<QByteArray> &names) const
{
    std::map<QByteArray, std::vector<TrafficFigures>> all;
    if (bounds.size() < 2)
        return all;
    const RollUpSegment segment{level, startOf(level, bounds.front()), bounds.back()};
    const auto add = [&](const QSqlQuery &row) {
        const QByteArray name = row.value(0).toString().toUtf8();
        const bool isNamed = std::find(names.begin(), names.end(), name) != names.end();
        std::vector<TrafficFigures> &buckets = all[isNamed ? name : QByteArray()];
        buckets.resize(bounds.size() - 1);
        TrafficFigures &figures = buckets[bucketOf(bounds, row.value(1).toLongLong())];
        figures.speed.mergeBytes(row.value(2).toByteArray());
        figures.sums += sumsFrom(row, 3);
    };
    const Result<> read =
        forEachRow(m_database,
                   execute(m_database,
                           u"SELECT name, start, speed, "_s % sumColumns() % condition(),
                           bindingsFor(segment, kind)),
                   add);
    if (!read)
        return base::fail(read.error());
    return all;
}

Result<std::map<QByteArray, TrafficSums>>
RollUpQuery::sumsByName(const std::vector<RollUpSegment> &segments, RollUpKind kind) const
{
    std::map<QByteArray, TrafficSums> all;
    for (const RollUpSegment &segment : segments) {
        const Result<> read = forEachRow(
            m_database,
            execute(m_database,
                    u"SELECT name, "_s % summedColumns() % condition() % u" GROUP BY name"_s,
                    bindingsFor(segment, kind)),
            [&all](const QSqlQuery &row) {
                all[row.value(0).toString().toUtf8()] += sumsFrom(row, 1);
            });
        if (!read)
            return base::fail(read.error());
    }
    return all;
}

Result<std::map<QByteArray, TrafficFigures>>
RollUpQuery::figuresByName(const std::vector<RollUpSegment> &segments, RollUpKind kind) const
{
    std::map<QByteArray, TrafficFigures> all;
    for (const RollUpSegment &segment : segments) {
        const Result<> read =
            forEachRow(m_database,
                       execute(m_database,
                               u"SELECT name, first_byte, "_s % sumColumns() % condition(),
                               bindingsFor(segment, kind)),
                       [&all](const QSqlQuery &row) {
                           TrafficFigures &figures = all[row.value(0).toString().toUtf8()];
                           figures.firstByte.mergeBytes(row.value(1).toByteArray());
                           figures.sums += sumsFrom(row, 2);
                       });
        if (!read)
            return base::fail(read.error());
    }
    return all;
}

Result<QString> RollUpQuery::nameOf(RollUpKind kind, qint64 id) const
{
    QString sql;
    switch (kind) {
    case RollUpKind::Channel:
        sql = u"SELECT name FROM channels WHERE id = :id"_s;
        break;
    case RollUpKind::Token:
        sql = u"SELECT name FROM tokens WHERE id = :id"_s;
        break;
    case RollUpKind::User:
        sql = u"SELECT username FROM users WHERE id = :id"_s;
        break;
    case RollUpKind::All:
    case RollUpKind::Model:
        return QString();
    }
    return firstRow(m_database,
                    execute(m_database, sql, {{u":id"_s, id}}),
                    [](const QSqlQuery &row) { return row.value(0).toString(); })
        .map([](std::optional<QString> name) { return name.value_or(QString()); });
}

Result<std::map<QByteArray, std::map<qint64, TrafficSums>>>
RollUpQuery::stretchesByName(const RollUpSegment &segment, qint64 length, RollUpKind kind) const
{
    std::map<QByteArray, std::map<qint64, TrafficSums>> all;
    Bindings bindings = bindingsFor(segment, kind);
    bindings.push_back({u":origin"_s, segment.since});
    bindings.push_back({u":length"_s, length});
    const Result<> read =
        forEachRow(m_database,
                   execute(m_database,
                           u"SELECT name, (start - :origin) / :length, "_s % summedColumns()
                               % condition() % u" GROUP BY 1, 2"_s,
                           bindings),
                   [&](const QSqlQuery &row) {
                       const qint64 start = segment.since + row.value(1).toLongLong() * length;
                       all[row.value(0).toString().toUtf8()][start] = sumsFrom(row, 2);
                   });
    if (!read)
        return base::fail(read.error());
    return all;
}

} // namespace gatehouse::storage
