#include "storage/traffic/trafficlines.h"

#include "storage/traffic/trafficsweep.h"
#include "storage/traffic/usagestatement.h"

#include <QElapsedTimer>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

namespace {

// So many ids are looked at in one statement, at first and at most.
constexpr qint64 firstStep = 5'000;
constexpr qint64 largestStep = 80'000;

// Goes through a span from its newest end in steps that grow, until it is done with or time is up.
class Steps
{
public:
    Steps(TrafficSpan span, std::chrono::milliseconds budget)
        : m_left(span)
        , m_budget(budget)
    {
        m_timer.start();
    }

    bool isOver() const
    {
        return m_left.isEmpty() || (m_begun && m_timer.elapsed() >= m_budget.count());
    }
    TrafficSpan next()
    {
        m_begun = true;
        TrafficSpan step = m_left;
        step.after = std::max(m_left.after, m_left.before - 1 - m_step);
        m_step = std::min(largestStep, 2 * m_step);
        m_left.before = step.after + 1;
        return step;
    }
    TrafficSpan left() const { return m_left; }

private:
    TrafficSpan m_left;
    const std::chrono::milliseconds m_budget;
    QElapsedTimer m_timer;
    qint64 m_step = firstStep;
    bool m_begun = false;
};

QString selectRows()
{
    return u"SELECT id, "_s % usageColumns()
           % u", coalesce((SELECT channels.name FROM channels"
             " WHERE channels.id = usage_records.channel_id), ''),"
             " EXISTS (SELECT 1 FROM bookmarks"
             " WHERE bookmarks.request_id = usage_records.request_id) FROM usage_records"_s;
}

QString requestsWithin()
{
    return u" WHERE id > :after AND id < :before AND kind IN (2, 6)"_s;
}

TrafficRow rowFrom(const QSqlQuery &row)
{
    constexpr int channelName = 44;
    constexpr int bookmark = 45;
    return {.stored = {.id = row.value(0).toLongLong(), .record = usageFrom(row)},
            .channelName = row.value(channelName).toString(),
            .bookmarked = row.value(bookmark).toBool()};
}

} // namespace

Bindings TrafficLines::bindingsFor(TrafficSpan span) const
{
    Bindings bindings = m_condition.bindings;
    bindings.push_back({u":after"_s, span.after});
    bindings.push_back({u":before"_s, span.before});
    return bindings;
}

// Ids rise with time but for clocks that are set, so the index by time is asked for the ids.
Result<TrafficSpan> TrafficLines::span() const
{
    // Each by itself is found at an end of the table; asked for together SQLite looks through all of it.
    QString sql = u"SELECT coalesce((SELECT min(id) FROM usage_records), 1),"
                  " coalesce((SELECT max(id) FROM usage_records), 0)"_s;
    Bindings bindings;
    if (m_condition.since > 0 || m_condition.until > 0) {
        const qint64 until =
            m_condition.until > 0 ? m_condition.until : std::numeric_limits<qint64>::max();
        sql = u"SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM usage_records"
              " WHERE created_at >= :since AND created_at < :until"_s;
        bindings = {{u":since"_s, m_condition.since}, {u":until"_s, until}};
    }
    return required(firstRow(m_database,
                             execute(m_database, sql, bindings),
                             [](const QSqlQuery &row) {
                                 return TrafficSpan{.before = row.value(1).toLongLong() + 1,
                                                    .after = row.value(0).toLongLong() - 1};
                             }),
                    base::Message::tr("There are no lines."));
}

Result<std::vector<TrafficRow>> TrafficLines::read(TrafficSpan span, int limit) const
{
    Bindings bindings = bindingsFor(span);
    bindings.push_back({u":limit"_s, limit});
    return rowsOf(m_database,
                  execute(m_database,
                          selectRows() % requestsWithin() % m_condition.sql
                              % u" ORDER BY id DESC LIMIT :limit"_s,
                          bindings),
                  rowFrom);
}

Result<TrafficRows> TrafficLines::newest(TrafficSpan span,
                                         int limit,
                                         std::chrono::milliseconds budget,
                                         const Helpers &helpers) const
{
    const auto sweep = std::make_shared<TrafficSweep>(m_condition, span, limit, budget);
    std::function<void()> askForHelp;
    if (helpers) {
        askForHelp = [&helpers, &sweep] {
            helpers([sweep](Database &database) { sweep->help(database); });
        };
    }
    return sweep->run(m_database, askForHelp);
}

Result<qint64> TrafficLines::newestId() const
{
    return numberOf(m_database,
                    execute(m_database, u"SELECT coalesce(max(id), 0) FROM usage_records"_s));
}

Result<TrafficSumsRow> TrafficLines::sumsOf(TrafficSpan span, const QString &columns) const
{
    return required(firstRow(m_database,
                             execute(m_database,
                                     u"SELECT count(*)"_s % columns % u" FROM usage_records"_s
                                         % requestsWithin() % m_condition.sql,
                                     bindingsFor(span)),
                             [](const QSqlQuery &row) {
                                 return TrafficSumsRow{.requests = row.value(0).toLongLong(),
                                                       .errors = row.value(1).toLongLong(),
                                                       .input = row.value(2).toLongLong(),
                                                       .cached = row.value(3).toLongLong(),
                                                       .output = row.value(4).toLongLong(),
                                                       .cost = {row.value(5).toLongLong()}};
                             }),
                    base::Message::tr("There are no sums."));
}

Result<TrafficSumsRow>
TrafficLines::count(TrafficSpan span, qint64 most, std::chrono::milliseconds budget) const
{
    TrafficSumsRow sums;
    Steps steps(span, budget);
    while (!steps.isOver() && sums.requests < most) {
        const Result<TrafficSumsRow> part = sumsOf(steps.next(), u", 0, 0, 0, 0, 0"_s);
        if (!part)
            return part;
        sums.requests += part->requests;
    }
    sums.left = steps.left();
    return sums;
}

Result<TrafficSumsRow> TrafficLines::sums(TrafficSpan span, std::chrono::milliseconds budget) const
{
    const QString columns =
        u", coalesce(sum(CASE WHEN end_reason NOT IN (2, 4, 5)"
        " AND NOT (http_status < 400 AND end_reason = 0) THEN 1 ELSE 0 END), 0),"
        " CAST(coalesce(sum(input), 0) AS bigint), CAST(coalesce(sum(cache_read), 0) AS bigint),"
        " CAST(coalesce(sum(output), 0) AS bigint), CAST(coalesce(sum(cost), 0) AS bigint)"_s;
    TrafficSumsRow sums;
    Steps steps(span, budget);
    while (!steps.isOver()) {
        const Result<TrafficSumsRow> part = sumsOf(steps.next(), columns);
        if (!part)
            return part;
        sums.requests += part->requests;
        sums.errors += part->errors;
        sums.input += part->input;
        sums.cached += part->cached;
        sums.output += part->output;
        sums.cost.nanoDollars += part->cost.nanoDollars;
    }
    sums.left = steps.left();
    return sums;
}

Result<std::optional<TrafficRow>> TrafficLines::find(Database &database, qint64 id)
{
    return firstRow(database,
                    execute(database, selectRows() % u" WHERE id = :id"_s, {{u":id"_s, id}}),
                    rowFrom);
}

Result<std::optional<TrafficRow>> TrafficLines::find(Database &database,
                                                     const QByteArray &requestId)
{
    return firstRow(database,
                    execute(database,
                            selectRows() % u" WHERE request_id = :request"_s,
                            {{u":request"_s, QString::fromUtf8(requestId)}}),
                    rowFrom);
}

} // namespace gatehouse::storage
