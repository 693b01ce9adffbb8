#include "storage/traffic/rollup.h"

#include "storage/repositories/metarepository.h"
#include "storage/rowstatement.h"
#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

namespace {

const QString lastLine = u"rollup_line"_s;
const QString corrections = u"rollup_corrections"_s;

Result<qint64> numberIn(Database &database, const QString &name, const QString &suffix = {})
{
    return firstRow(database,
                    execute(database,
                            u"SELECT value FROM meta WHERE name = :name"_s + suffix,
                            {{u":name"_s, name}}),
                    [](const QSqlQuery &row) { return row.value(0).toByteArray().toLongLong(); })
        .map([](std::optional<qint64> number) { return number.value_or(0); });
}

QString upsertion()
{
    return u"INSERT INTO traffic_rollups (level, kind, start, name, ok, client_errors, "
           u"server_errors,"
           " cancelled, attempts, input, cache_read, cache_write, output, cost, saved, unpriced,"
           " channel_faults, passed_on, passed_on_faults, first_byte, elapsed, speed)"
           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
           " ON CONFLICT (level, kind, start, name) DO UPDATE SET"
           " ok = traffic_rollups.ok + excluded.ok,"
           " client_errors = traffic_rollups.client_errors + excluded.client_errors,"
           " server_errors = traffic_rollups.server_errors + excluded.server_errors,"
           " cancelled = traffic_rollups.cancelled + excluded.cancelled,"
           " attempts = traffic_rollups.attempts + excluded.attempts,"
           " input = traffic_rollups.input + excluded.input,"
           " cache_read = traffic_rollups.cache_read + excluded.cache_read,"
           " cache_write = traffic_rollups.cache_write + excluded.cache_write,"
           " output = traffic_rollups.output + excluded.output,"
           " cost = traffic_rollups.cost + excluded.cost,"
           " saved = traffic_rollups.saved + excluded.saved,"
           " unpriced = traffic_rollups.unpriced + excluded.unpriced,"
           " channel_faults = traffic_rollups.channel_faults + excluded.channel_faults,"
           " passed_on = traffic_rollups.passed_on + excluded.passed_on,"
           " passed_on_faults = traffic_rollups.passed_on_faults + excluded.passed_on_faults,"
           " first_byte = excluded.first_byte, elapsed = excluded.elapsed, speed = excluded.speed"_s;
}

void bindRow(RowStatement &statement, const RollUpRow &row)
{
    const domain::TrafficSums &sums = row.added;
    bindPlace(statement, 0, row.place);
    int position = 4;
    for (const qint64 number : {sums.ok,
                                sums.clientErrors,
                                sums.serverErrors,
                                sums.cancelled,
                                sums.attempts,
                                sums.inputTokens,
                                sums.cacheReadTokens,
                                sums.cacheWriteTokens,
                                sums.outputTokens,
                                sums.cost.nanoDollars,
                                sums.saved.nanoDollars,
                                sums.unpriced,
                                sums.channelFaults,
                                sums.passedOn,
                                sums.passedOnFaults})
        statement.bind(position++, QVariant(number));
    statement.bind(position++, row.firstByte);
    statement.bind(position++, row.elapsed);
    statement.bind(position++, row.speed);
}

} // namespace

qint64 lengthOf(RollUpLevel level)
{
    switch (level) {
    case RollUpLevel::Minute:
        return minuteLength;
    case RollUpLevel::Hour:
        return hourLength;
    case RollUpLevel::Day:
        return dayLength;
    }
    return dayLength;
}

qint64 startOf(RollUpLevel level, qint64 moment)
{
    const qint64 length = lengthOf(level);
    const qint64 beyond = moment % length;
    return moment - (beyond < 0 ? beyond + length : beyond);
}

void bindPlace(RowStatement &statement, int firstPosition, const RollUpPlace &place)
{
    statement.bind(firstPosition, static_cast<int>(place.level));
    statement.bind(firstPosition + 1, static_cast<int>(place.kind));
    statement.bind(firstPosition + 2, place.start);
    statement.bind(firstPosition + 3, place.name.isEmpty() ? u""_s : QString::fromUtf8(place.name));
}

Result<qint64> lockRollUps(Database &database)
{
    // There must be a row that can be locked.
    if (const auto first = MetaRepository(database).saveFirst(lastLine, "0"); !first)
        return base::fail(first.error());
    return numberIn(database, lastLine, database.dialect().lockingSuffix());
}

Result<> noteCorrection(Database &database)
{
    return numberIn(database, corrections).and_then([&](qint64 number) {
        return MetaRepository(database).save(corrections, QByteArray::number(number + 1));
    });
}

Result<bool> storeRollUpSlice(Database &database, const RollUpSlice &slice)
{
    const Result<qint64> reached = lockRollUps(database);
    if (!reached)
        return base::fail(reached.error());
    const Result<qint64> corrected = numberIn(database, corrections);
    if (!corrected)
        return base::fail(corrected.error());
    if (*reached != slice.after || *corrected != slice.corrections)
        return false;
    Result<RowStatement> save = RowStatement::prepare(database, upsertion());
    if (!save)
        return base::fail(std::move(save.error()));
    for (const RollUpRow &row : slice.rows) {
        bindRow(*save, row);
        if (const auto saved = save->run(); !saved)
            return base::fail(saved.error());
    }
    return MetaRepository(database).save(lastLine, QByteArray::number(slice.last)).map([] {
        return true;
    });
}

Result<qint64> pruneRollUps(Database &database, qint64 now)
{
    constexpr qint64 atOnce = 2 * minuteLength;
    const qint64 before = startOf(RollUpLevel::Minute, now - minutesKept);
    const int level = static_cast<int>(RollUpLevel::Minute);
    qint64 removed = 0;
    for (const RollUpKind kind : {RollUpKind::All,
                                  RollUpKind::Channel,
                                  RollUpKind::Model,
                                  RollUpKind::Token,
                                  RollUpKind::User}) {
        const Result<qint64> oldest =
            numberOf(database,
                     execute(database,
                             u"SELECT coalesce(min(start), :before) FROM traffic_rollups"
                             " WHERE level = :level AND kind = :kind"_s,
                             {{u":before"_s, before},
                              {u":level"_s, level},
                              {u":kind"_s, static_cast<int>(kind)}}));
        if (!oldest)
            return base::fail(oldest.error());
        if (*oldest >= before)
            continue;
        const Result<QSqlQuery> gone =
            execute(database,
                    u"DELETE FROM traffic_rollups"
                    " WHERE level = :level AND kind = :kind AND start < :before"_s,
                    {{u":level"_s, level},
                     {u":kind"_s, static_cast<int>(kind)},
                     {u":before"_s, std::min(before, *oldest + atOnce)}});
        if (!gone)
            return base::fail(gone.error());
        removed += gone->numRowsAffected();
    }
    return removed;
}

Result<RollUpState> rollUpState(Database &database)
{
    const Result<qint64> last = numberIn(database, lastLine);
    if (!last)
        return base::fail(last.error());
    const Result<qint64> corrected = numberIn(database, corrections);
    if (!corrected)
        return base::fail(corrected.error());
    return numberOf(database,
                    execute(database, u"SELECT coalesce(max(id), 0) FROM usage_records"_s))
        .map([&](qint64 newest) {
            return RollUpState{.last = *last, .newest = newest, .corrections = *corrected};
        });
}

} // namespace gatehouse::storage
