#include "storage/traffic/trafficquery.h"

#include "storage/statement.h"
#include "storage/traffic/trafficcondition.h"

#include <array>

#include <sqlite3.h>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::RecordKind;

namespace {

QString columns()
{
    return u"id, kind, created_at, user_id, token_id, channel_id, model, provider_model, "
           u"group_name,"
           " input, cache_read, cache_write, cache_write_long, output, cost, unpriced, stream,"
           " attempts, http_status, end_reason, elapsed, first_byte, error_code,"
           // What happened before the last attempt; where there was but one, its line tells all.
           " CASE WHEN attempts > 1 THEN attempt_log ELSE '' END"_s;
}

// A line as Qt SQL gives it.
class QtLine
{
public:
    explicit QtLine(const QSqlQuery &row)
        : m_row(row)
    {}

    qint64 number(int column) { return m_row.value(column).toLongLong(); }
    QByteArray text(int column) { return m_row.value(column).toString().toUtf8(); }

private:
    const QSqlQuery &m_row;
};

// A line by SQLite's C interface, which costs a fraction of what Qt SQL does: every request is summed
// up, so that this is a part of what a request costs.
class SqliteLine
{
public:
    SqliteLine(sqlite3 *handle, const QString &sql, qint64 after, int lines)
    {
        // Whoever steps a statement that could not be prepared gets SQLITE_MISUSE.
        if (sqlite3_prepare_v2(handle, sql.toUtf8().constData(), -1, &m_statement, nullptr)
            != SQLITE_OK)
            m_statement = nullptr;
        sqlite3_bind_int64(m_statement, 1, after);
        sqlite3_bind_int(m_statement, 2, lines);
    }
    ~SqliteLine() { sqlite3_finalize(m_statement); }
    SqliteLine(const SqliteLine &) = delete;
    SqliteLine &operator=(const SqliteLine &) = delete;

    int next() { return sqlite3_step(m_statement); }
    qint64 number(int column) { return sqlite3_column_int64(m_statement, column); }
    QByteArray text(int column)
    {
        const auto *const bytes =
            reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
        const QByteArrayView found(bytes, bytes ? sqlite3_column_bytes(m_statement, column) : 0);
        // It is most often that of the line before.
        QByteArray &last = m_texts.at(static_cast<size_t>(column));
        if (found != last)
            last = found.toByteArray();
        return last;
    }

private:
    sqlite3_stmt *m_statement = nullptr;
    std::array<QByteArray, 24> m_texts{}; // by column
};

template<typename Line>
domain::UsageRecord requestFrom(Line &line)
{
    domain::UsageRecord record;
    record.kind = static_cast<RecordKind>(line.number(1));
    record.createdAt = line.number(2);
    record.userId = {line.number(3)};
    record.tokenId = {line.number(4)};
    record.channelId = {line.number(5)};
    record.model = line.text(6);
    record.providerModel = line.text(7);
    record.group = line.text(8);
    record.usage.input = line.number(9);
    record.usage.cacheRead = line.number(10);
    record.usage.cacheWrite = line.number(11);
    record.usage.cacheWriteLong = line.number(12);
    record.usage.output = line.number(13);
    record.cost.nanoDollars = line.number(14);
    record.unpriced = line.number(15) != 0;
    record.stream = line.number(16) != 0;
    record.attempts = static_cast<int>(line.number(17));
    record.httpStatus = static_cast<int>(line.number(18));
    record.end = static_cast<domain::EndReason>(line.number(19));
    record.elapsedMilliseconds = line.number(20);
    record.firstByteMilliseconds = line.number(21);
    record.errorCode = line.text(22);
    record.attemptLog = line.text(23);
    return record;
}

bool isRequest(RecordKind kind)
{
    return kind == RecordKind::Consumption || kind == RecordKind::Failure;
}

} // namespace

Result<qint64> TrafficQuery::forEachAfter(qint64 after, int lines, const NextRequest &next) const
{
    if (m_database.sqliteHandle())
        return forEachAfterDirectly(after, lines, next);
    Result<QSqlQuery> rows =
        execute(m_database,
                u"SELECT "_s % columns()
                    % u" FROM usage_records WHERE id > :after ORDER BY id LIMIT :lines"_s,
                {{u":after"_s, after}, {u":lines"_s, lines}});
    if (!rows)
        return base::fail(std::move(rows.error()));
    // All of them first: PostgreSQL forgets what was not read yet as soon as it is asked for something else.
    qint64 last = after;
    std::vector<std::pair<qint64, domain::UsageRecord>> requests;
    while (true) {
        const Result<bool> row = nextRow(m_database, *rows);
        if (!row)
            return base::fail(row.error());
        if (!*row)
            break;
        QtLine line(*rows);
        last = line.number(0);
        if (isRequest(static_cast<RecordKind>(line.number(1))))
            requests.emplace_back(last, requestFrom(line));
    }
    rows->finish();
    for (const auto &[id, record] : requests) {
        const Result<bool> goesOn = next(id, record);
        if (!goesOn)
            return base::fail(goesOn.error());
        if (!*goesOn)
            return id;
    }
    return last;
}

Result<qint64>
TrafficQuery::forEachAfterDirectly(qint64 after, int lines, const NextRequest &next) const
{
    sqlite3 *const handle = m_database.sqliteHandle();
    SqliteLine line(handle,
                    u"SELECT "_s % columns()
                        % u" FROM usage_records WHERE id > ?1 ORDER BY id LIMIT ?2"_s,
                    after,
                    lines);
    qint64 last = after;
    while (true) {
        const int result = line.next();
        if (result == SQLITE_DONE)
            return last;
        if (result != SQLITE_ROW)
            return base::fail(m_database.errorFrom(sqliteFault(result),
                                                   QString::fromUtf8(sqlite3_errmsg(handle))));
        last = line.number(0);
        if (!isRequest(static_cast<RecordKind>(line.number(1))))
            continue;
        const Result<bool> goesOn = next(last, requestFrom(line));
        if (!goesOn)
            return base::fail(goesOn.error());
        if (!*goesOn)
            return last;
    }
}

Result<> TrafficQuery::forEachWithin(const TrafficFilter &filter, const EachRequest &each) const
{
    QString condition = u" WHERE created_at >= :since AND created_at < :until"
                        " AND kind IN (:consumption, :failure)"_s;
    Bindings bindings{{u":since"_s, filter.since},
                      {u":until"_s, filter.until},
                      {u":consumption"_s, static_cast<int>(RecordKind::Consumption)},
                      {u":failure"_s, static_cast<int>(RecordKind::Failure)}};
    if (filter.channel) {
        condition += u" AND channel_id = :channel"_s;
        bindings.push_back({u":channel"_s, filter.channel->value});
    }
    if (filter.model) {
        condition += u" AND model = :model"_s;
        bindings.push_back({u":model"_s, QString::fromUtf8(*filter.model)});
    }
    if (filter.token) {
        condition += u" AND token_id = :token"_s;
        bindings.push_back({u":token"_s, filter.token->value});
    }
    if (filter.user) {
        condition += u" AND user_id = :user"_s;
        bindings.push_back({u":user"_s, filter.user->value});
    }
    Result<QSqlQuery> rows = execute(
        m_database, u"SELECT "_s % columns() % u" FROM usage_records"_s % condition, bindings);
    if (!rows)
        return base::fail(std::move(rows.error()));
    while (true) {
        const Result<bool> row = nextRow(m_database, *rows);
        if (!row)
            return base::fail(row.error());
        if (!*row)
            return {};
        QtLine line(*rows);
        each(line.number(0), requestFrom(line));
    }
}

Result<std::vector<FailureCount>>
TrafficQuery::failures(domain::ChannelId channel, qint64 since, int limit) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT max(created_at) AS latest, http_status, error_code,"
                          " channel_key_id, count(*) FROM usage_records"
                          " WHERE created_at >= :since AND kind IN (:consumption, :failure)"
                          " AND channel_id = :channel AND error_code <> ''"
                          " AND end_reason NOT IN (:left, :stopped, :cancelled)"
                          " GROUP BY http_status, error_code, channel_key_id"
                          " ORDER BY latest DESC LIMIT :limit"_s,
                          {{u":since"_s, since},
                           {u":consumption"_s, static_cast<int>(RecordKind::Consumption)},
                           {u":failure"_s, static_cast<int>(RecordKind::Failure)},
                           {u":channel"_s, channel.value},
                           {u":left"_s, static_cast<int>(domain::EndReason::ClientGone)},
                           {u":stopped"_s, static_cast<int>(domain::EndReason::ShutDown)},
                           {u":cancelled"_s, static_cast<int>(domain::EndReason::Cancelled)},
                           {u":limit"_s, limit}}),
                  [](const QSqlQuery &row) {
                      return FailureCount{.latest = row.value(0).toLongLong(),
                                          .httpStatus = row.value(1).toInt(),
                                          .errorCode = row.value(2).toString().toUtf8(),
                                          .key = row.value(3).toLongLong(),
                                          .count = row.value(4).toLongLong()};
                  });
}

Result<std::vector<FailureCount>>
TrafficQuery::failureCodes(qint64 since, qint64 until, int limit) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT max(created_at), http_status, error_code, count(*) AS failures"
                          " FROM usage_records"
                          " WHERE created_at >= :since AND created_at < :until"
                          " AND kind IN (:consumption, :failure) AND error_code <> ''"
                          " AND end_reason NOT IN (:left, :stopped, :cancelled)"
                          " GROUP BY http_status, error_code"
                          " ORDER BY failures DESC, http_status, error_code LIMIT :limit"_s,
                          {{u":since"_s, since},
                           {u":until"_s, until},
                           {u":consumption"_s, static_cast<int>(RecordKind::Consumption)},
                           {u":failure"_s, static_cast<int>(RecordKind::Failure)},
                           {u":left"_s, static_cast<int>(domain::EndReason::ClientGone)},
                           {u":stopped"_s, static_cast<int>(domain::EndReason::ShutDown)},
                           {u":cancelled"_s, static_cast<int>(domain::EndReason::Cancelled)},
                           {u":limit"_s, limit}}),
                  [](const QSqlQuery &row) {
                      return FailureCount{.latest = row.value(0).toLongLong(),
                                          .httpStatus = row.value(1).toInt(),
                                          .errorCode = row.value(2).toString().toUtf8(),
                                          .count = row.value(3).toLongLong()};
                  });
}

Result<PassedOnCount> TrafficQuery::passedOn(domain::ChannelId channel, qint64 since) const
{
    const QString sql = u"SELECT coalesce(max(created_at), 0), count(*) FROM usage_records"
                        " WHERE created_at >= :since AND attempts > 1 AND kind IN (2, 6)"
                        " AND channel_id <> :channel AND attempt_log LIKE :pattern AND "_s
                        % triedAmongSeveral(m_database.dialect(), u"= :channel"_s);
    return required(firstRow(m_database,
                             execute(m_database,
                                     sql,
                                     {{u":since"_s, since},
                                      {u":channel"_s, channel.value},
                                      {u":pattern"_s, logPatternOf(channel)}}),
                             [](const QSqlQuery &row) {
                                 return PassedOnCount{.latest = row.value(0).toLongLong(),
                                                      .count = row.value(1).toLongLong()};
                             }),
                    base::Message::tr("There are no lines."));
}

} // namespace gatehouse::storage
