#include "storage/rollup.h"

#include "storage/metarepository.h"
#include "storage/statement.h"
#include "storage/trafficquery.h"

#include <map>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::TrafficFigures;
using domain::UsageRecord;

namespace {

const QString lastLine = u"rollup_line"_s;

struct Line
{
    qint64 id = 0;
    UsageRecord record{};
};

Result<qint64> lastLineIn(Database &database, const QString &suffix = {})
{
    return firstRow(database,
                    execute(database,
                            u"SELECT value FROM meta WHERE name = :name"_s + suffix,
                            {{u":name"_s, lastLine}}),
                    [](const QSqlQuery &row) { return row.value(0).toByteArray().toLongLong(); })
        .map([](std::optional<qint64> line) { return line.value_or(0); });
}

// A statement that is prepared once and executed for many rows.
class RowStatement
{
public:
    static Result<RowStatement> prepare(Database &database, const QString &sql)
    {
        RowStatement statement(database);
        statement.m_query.setForwardOnly(true);
        if (!statement.m_query.prepare(sql))
            return base::fail(database.errorFrom(statement.m_query.lastError()));
        return statement;
    }

    void bind(int position, const QVariant &value) { m_query.bindValue(position, value); }
    void bind(int position, const QByteArray &bytes)
    {
        m_query.bindValue(position, bytes.isNull() ? QByteArray("") : bytes);
    }
    void bindPlace(const RollUpPlace &place)
    {
        bind(0, static_cast<int>(place.level));
        bind(1, static_cast<int>(place.kind));
        bind(2, place.start);
        bind(3, place.name.isEmpty() ? QVariant(u""_s) : QVariant(QString::fromUtf8(place.name)));
    }
    Result<QSqlQuery *> run()
    {
        if (!m_query.exec())
            return base::fail(m_database->errorFrom(m_query.lastError()));
        return &m_query;
    }
    void finish() { m_query.finish(); }

private:
    explicit RowStatement(Database &database)
        : m_database(&database)
        , m_query(database.connection())
    {}

    Database *m_database;
    QSqlQuery m_query;
};

TrafficFigures figuresFrom(const QSqlQuery &row)
{
    TrafficFigures figures;
    figures.firstByte.mergeBytes(row.value(0).toByteArray());
    figures.elapsed.mergeBytes(row.value(1).toByteArray());
    figures.speed.mergeBytes(row.value(2).toByteArray());
    return figures;
}

// The rows that lines touch, each as it is after the last line that was added.
class RollUpRows
{
public:
    RollUpRows(Database &database, const RollUpOrder &order, RowStatement find)
        : m_database(database)
        , m_order(order)
        , m_find(std::move(find))
    {}

    Result<> add(const UsageRecord &record)
    {
        const Group group{startOf(RollUpLevel::Minute, record.createdAt),
                          record.channelId.value,
                          record.tokenId.value,
                          record.userId.value,
                          record.model};
        m_groups[group].add(record,
                            record.usage.cacheRead > 0 && m_order.saved ? m_order.saved(record)
                                                                        : domain::Cost{});
        constexpr int rowsOfGroup = 15;
        const int mostGroups = m_order.rowsOfSlice / rowsOfGroup;
        return static_cast<int>(m_groups.size()) < mostGroups ? Result<>() : addGroups();
    }

    // Adds what is still apart to its rows.
    Result<> addGroups()
    {
        for (const auto &[group, figures] : std::exchange(m_groups, {})) {
            if (Result<> added = addGroup(group, figures); !added)
                return added;
        }
        return {};
    }

    size_t touched() const { return m_touched.size(); }

    // What was touched since the last call.
    std::vector<RollUpRow> take()
    {
        std::vector<RollUpRow> rows;
        rows.reserve(m_touched.size());
        for (Rows::value_type *row : std::exchange(m_touched, {})) {
            const TrafficFigures &figures = row->second.figures;
            rows.push_back({.place = row->first,
                            .added = std::exchange(row->second.added, {}),
                            .firstByte = figures.firstByte.toBytes(),
                            .elapsed = figures.elapsed.toBytes(),
                            .speed = figures.speed.toBytes()});
        }
        ++m_slice;
        return rows;
    }

private:
    struct Row
    {
        TrafficFigures figures{};    // only the histograms matter
        domain::TrafficSums added{}; // in the present slice
        int slice = 0;               // in which it was touched last
    };
    using Rows = std::map<RollUpPlace, Row>;

    // Lines that count in the same rows: they are summed up apart, and touch their rows once.
    struct Group
    {
        qint64 minute = 0;
        qint64 channel = 0;
        qint64 token = 0;
        qint64 user = 0;
        QByteArray model{};

        friend bool operator<(const Group &left, const Group &right)
        {
            return std::tie(left.minute, left.channel, left.token, left.user, left.model)
                   < std::tie(right.minute, right.channel, right.token, right.user, right.model);
        }
    };

    Result<> addGroup(const Group &group, const TrafficFigures &figures)
    {
        const bool recent = group.minute >= startOf(RollUpLevel::Minute, m_order.now - minutesKept);
        for (const RollUpLevel level : {RollUpLevel::Minute, RollUpLevel::Hour, RollUpLevel::Day}) {
            if (level == RollUpLevel::Minute && !recent)
                continue;
            const qint64 start = startOf(level, group.minute);
            const auto touch = [&](RollUpKind kind, const QByteArray &name) {
                return add({level, kind, start, name}, figures);
            };
            Result<> touched = touch(RollUpKind::All, {});
            if (touched && group.channel != 0)
                touched = touch(RollUpKind::Channel, QByteArray::number(group.channel));
            if (touched && !group.model.isEmpty())
                touched = touch(RollUpKind::Model, group.model);
            if (touched)
                touched = touch(RollUpKind::Token, QByteArray::number(group.token));
            if (touched)
                touched = touch(RollUpKind::User, QByteArray::number(group.user));
            if (!touched)
                return touched;
        }
        return {};
    }

    Result<> add(const RollUpPlace &place, const TrafficFigures &figures)
    {
        auto row = m_rows.find(place);
        if (row == m_rows.end()) {
            Result<TrafficFigures> stored = find(place);
            if (!stored)
                return base::fail(std::move(stored.error()));
            row = m_rows.emplace(place, Row{.figures = std::move(*stored)}).first;
        }
        row->second.figures.merge(figures);
        row->second.added += figures.sums;
        if (std::exchange(row->second.slice, m_slice) != m_slice)
            m_touched.push_back(&*row);
        return {};
    }

    Result<TrafficFigures> find(const RollUpPlace &place)
    {
        m_find.bindPlace(place);
        const Result<QSqlQuery *> rows = m_find.run();
        if (!rows)
            return base::fail(rows.error());
        const Result<bool> found = nextRow(m_database, **rows);
        if (!found)
            return base::fail(found.error());
        TrafficFigures figures = *found ? figuresFrom(**rows) : TrafficFigures{};
        m_find.finish();
        return figures;
    }

    Database &m_database;
    const RollUpOrder &m_order;
    RowStatement m_find;
    std::map<Group, TrafficFigures> m_groups{};
    Rows m_rows{};
    std::vector<Rows::value_type *> m_touched{};
    int m_slice = 1;
};

QString upsertion()
{
    return u"INSERT INTO traffic_rollups (level, kind, start, name, ok, client_errors, "
           u"server_errors,"
           " cancelled, attempts, input, cache_read, cache_write, output, cost, saved, unpriced,"
           " channel_faults, first_byte, elapsed, speed)"
           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
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
           " first_byte = excluded.first_byte, elapsed = excluded.elapsed, speed = excluded.speed"_s;
}

void bindRow(RowStatement &statement, const RollUpRow &row)
{
    const domain::TrafficSums &sums = row.added;
    statement.bindPlace(row.place);
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
                                sums.channelFaults})
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

Result<RollUpChunk> readRollUpChunk(Database &database, const RollUpOrder &order)
{
    const Result<qint64> from = lastLineIn(database);
    if (!from)
        return base::fail(from.error());
    std::vector<Line> lines;
    qint64 read = 0;
    const Result<qint64> last =
        TrafficQuery(database).forEachAfter(*from, order.lines, [&](qint64 id, UsageRecord record) {
            lines.push_back({id, std::move(record)});
        });
    if (!last)
        return base::fail(last.error());
    Result<RowStatement> find =
        RowStatement::prepare(database,
                              u"SELECT first_byte, elapsed, speed FROM traffic_rollups"
                              " WHERE level = ? AND kind = ? AND start = ? AND name = ?"_s);
    if (!find)
        return base::fail(std::move(find.error()));

    RollUpChunk chunk;
    RollUpRows rows(database, order, std::move(*find));
    qint64 after = *from;
    for (const Line &line : lines) {
        const qint64 age = order.now - line.record.createdAt;
        if (order.settling > 0 && std::abs(age) < order.settling)
            break;
        if (Result<> added = rows.add(line.record); !added)
            return base::fail(std::move(added.error()));
        read = line.id;
        if (rows.touched() < static_cast<size_t>(order.rowsOfSlice))
            continue;
        if (Result<> added = rows.addGroups(); !added)
            return base::fail(std::move(added.error()));
        chunk.slices.push_back({.after = after, .last = line.id, .rows = rows.take()});
        after = line.id;
    }
    if (Result<> added = rows.addGroups(); !added)
        return base::fail(std::move(added.error()));
    // What is behind the last request is of other kinds, and counts as contained.
    const bool all = lines.empty() || read == lines.back().id;
    const qint64 end = all ? *last : read;
    if (end > after)
        chunk.slices.push_back({.after = after, .last = end, .rows = rows.take()});
    chunk.reachesEnd = !all || *last == *from;
    return chunk;
}

Result<bool> storeRollUpSlice(Database &database, const RollUpSlice &slice)
{
    MetaRepository meta(database);
    if (const auto first = meta.saveFirst(lastLine, "0"); !first)
        return base::fail(first.error());
    const Result<qint64> reached = lastLineIn(database, database.dialect().lockingSuffix());
    if (!reached)
        return base::fail(reached.error());
    if (*reached != slice.after)
        return false;
    Result<RowStatement> save = RowStatement::prepare(database, upsertion());
    if (!save)
        return base::fail(std::move(save.error()));
    for (const RollUpRow &row : slice.rows) {
        bindRow(*save, row);
        if (const auto saved = save->run(); !saved)
            return base::fail(saved.error());
    }
    return meta.save(lastLine, QByteArray::number(slice.last)).map([] { return true; });
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
    const Result<qint64> last = lastLineIn(database);
    if (!last)
        return base::fail(last.error());
    return numberOf(database,
                    execute(database, u"SELECT coalesce(max(id), 0) FROM usage_records"_s))
        .map([&](qint64 newest) { return RollUpState{.last = *last, .newest = newest}; });
}

} // namespace gatehouse::storage
