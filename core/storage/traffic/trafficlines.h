#pragma once

#include "storage/traffic/trafficcondition.h"
#include "storage/traffic/usagerepository.h"

#include <functional>

namespace gatehouse::storage {

// A line of the ledger with what a list shows beside it.
struct TrafficRow
{
    StoredUsage stored{};
    QString channelName{}; // empty: none, or one that is no more
    bool bookmarked = false;
};

// Which part of the ledger is read, by ids; both ends are excluded.
struct TrafficSpan
{
    qint64 before = 0;
    qint64 after = 0;

    bool isEmpty() const { return before <= after + 1; }
};

struct TrafficRows
{
    std::vector<TrafficRow> rows{}; // the newest first
    TrafficSpan left{};             // what was not looked at
};

struct TrafficSumsRow
{
    qint64 requests = 0;
    qint64 errors = 0;
    qint64 input = 0;
    qint64 cached = 0;
    qint64 output = 0;
    domain::Cost cost{};
    TrafficSpan left{}; // what was not looked at
};

// Reads requests (consumption and failures) out of the ledger, the newest first and a span of ids at a
// time, so that whatever is asked for has an answer after about the time that it may take.
class TrafficLines
{
public:
    // Has a function called in another reading thread, when one is free; perhaps too late or never.
    using Helpers = std::function<void(std::function<void(Database &)> help)>;

    TrafficLines(Database &database, TrafficCondition condition)
        : m_database(database)
        , m_condition(std::move(condition))
    {}

    // The ids among which the condition's lines are, as far as its times tell that.
    base::Result<TrafficSpan> span() const;
    // `helpers`, if there are any, look through a part of it where the first lines are not enough.
    base::Result<TrafficRows> newest(TrafficSpan span,
                                     int limit,
                                     std::chrono::milliseconds budget,
                                     const Helpers &helpers = {}) const;
    // All of a span in one statement, up to `limit` lines.
    base::Result<std::vector<TrafficRow>> read(TrafficSpan span, int limit) const;
    // The largest id of the ledger, whether it is meant or not; 0: it is empty.
    base::Result<qint64> newestId() const;
    // Counts until there are `most`.
    base::Result<TrafficSumsRow>
    count(TrafficSpan span, qint64 most, std::chrono::milliseconds budget) const;
    base::Result<TrafficSumsRow> sums(TrafficSpan span, std::chrono::milliseconds budget) const;

    static base::Result<std::optional<TrafficRow>> find(Database &database, qint64 id);
    static base::Result<std::optional<TrafficRow>> find(Database &database,
                                                        const QByteArray &requestId);

private:
    base::Result<TrafficSumsRow> sumsOf(TrafficSpan span, const QString &columns) const;
    Bindings bindingsFor(TrafficSpan span) const;

    Database &m_database;
    const TrafficCondition m_condition;
};

} // namespace gatehouse::storage
