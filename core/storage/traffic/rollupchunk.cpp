// The part of the roll-ups that reads the ledger.
#include "storage/rowstatement.h"
#include "storage/statement.h"
#include "storage/traffic/rollup.h"
#include "storage/traffic/trafficquery.h"

#include <map>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::TrafficFigures;
using domain::UsageRecord;

namespace {

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
        addPassedOn(group.minute, record);
        constexpr size_t rowsOfGroup = 15;
        constexpr size_t rowsOfChannel = 3;
        const size_t next = rowsOfGroup * (m_groups.size() + 1) + rowsOfChannel * m_passedOn.size();
        return next <= static_cast<size_t>(m_order.rowsOfSlice) ? Result<>() : addGroups();
    }

    // Adds what is still apart to its rows.
    Result<> addGroups()
    {
        for (const auto &[group, figures] : std::exchange(m_groups, {})) {
            if (Result<> added = addGroup(group, figures); !added)
                return added;
        }
        for (const auto &[tried, figures] : std::exchange(m_passedOn, {})) {
            if (Result<> added = addTried(tried, figures); !added)
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

    // A channel in a minute.
    struct Tried
    {
        qint64 minute = 0;
        qint64 channel = 0;

        friend bool operator<(const Tried &left, const Tried &right)
        {
            return std::tie(left.minute, left.channel) < std::tie(right.minute, right.channel);
        }
    };

    // All attempts but the last one, which is that of the request's own channel.
    void addPassedOn(qint64 minute, const UsageRecord &record)
    {
        if (record.attempts < 2)
            return;
        std::vector<domain::AttemptNote> attempts = domain::attemptsFrom(record.attemptLog);
        if (!attempts.empty())
            attempts.pop_back();
        for (const domain::AttemptNote &attempt : attempts) {
            m_passedOn[{minute, attempt.channel.value}].sums +=
                {.passedOn = 1, .passedOnFaults = domain::isFaultOfChannel(attempt) ? 1 : 0};
        }
    }

    bool isMinuteKept(qint64 minute) const
    {
        return minute >= startOf(RollUpLevel::Minute, m_order.now - minutesKept);
    }

    Result<> addTried(const Tried &tried, const TrafficFigures &figures)
    {
        if (tried.channel == 0)
            return {};
        for (const RollUpLevel level : {RollUpLevel::Minute, RollUpLevel::Hour, RollUpLevel::Day}) {
            if (level == RollUpLevel::Minute && !isMinuteKept(tried.minute))
                continue;
            const qint64 start = startOf(level, tried.minute);
            if (Result<> added =
                    add({level, RollUpKind::Channel, start, QByteArray::number(tried.channel)},
                        figures);
                !added)
                return added;
        }
        return {};
    }

    Result<> addGroup(const Group &group, const TrafficFigures &figures)
    {
        for (const RollUpLevel level : {RollUpLevel::Minute, RollUpLevel::Hour, RollUpLevel::Day}) {
            if (level == RollUpLevel::Minute && !isMinuteKept(group.minute))
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
        bindPlace(m_find, 0, place);
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
    std::map<Tried, TrafficFigures> m_passedOn{}; // only the sums matter
    Rows m_rows{};
    std::vector<Rows::value_type *> m_touched{};
    int m_slice = 1;
};

} // namespace

Result<RollUpChunk> readRollUpChunk(Database &database, const RollUpOrder &order)
{
    const Result<RollUpState> state = rollUpState(database);
    if (!state)
        return base::fail(state.error());
    Result<RowStatement> find =
        RowStatement::prepare(database,
                              u"SELECT first_byte, elapsed, speed FROM traffic_rollups"
                              " WHERE level = ? AND kind = ? AND start = ? AND name = ?"_s);
    if (!find)
        return base::fail(std::move(find.error()));

    RollUpChunk chunk;
    RollUpRows rows(database, order, std::move(*find));
    const qint64 from = state->last;
    qint64 after = from;
    qint64 read = from;
    bool all = true;
    const auto endSlice = [&](qint64 last) {
        chunk.slices.push_back(
            {.after = after, .last = last, .corrections = state->corrections, .rows = rows.take()});
        after = last;
    };
    const auto addLine = [&](qint64 id, const UsageRecord &record) -> Result<bool> {
        const qint64 age = order.now - record.createdAt;
        all = order.settling <= 0 || std::abs(age) >= order.settling;
        if (!all)
            return false;
        if (Result<> added = rows.add(record); !added)
            return base::fail(std::move(added.error()));
        read = id;
        if (rows.touched() < static_cast<size_t>(order.rowsOfSlice))
            return true;
        if (Result<> added = rows.addGroups(); !added)
            return base::fail(std::move(added.error()));
        endSlice(id);
        return true;
    };
    const Result<qint64> last = TrafficQuery(database).forEachAfter(from, order.lines, addLine);
    if (!last)
        return base::fail(last.error());
    if (Result<> added = rows.addGroups(); !added)
        return base::fail(std::move(added.error()));
    // What is behind the last request is of other kinds, and counts as contained.
    if (const qint64 end = all ? *last : read; end > after)
        endSlice(end);
    chunk.reachesEnd = !all || *last == from;
    return chunk;
}

} // namespace gatehouse::storage
