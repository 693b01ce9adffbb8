#include "storage/trafficquery.h"

#include "storage/statement.h"

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
           " attempts, http_status, end_reason, elapsed, first_byte, error_code"_s;
}

domain::UsageRecord requestFrom(const QSqlQuery &row)
{
    domain::UsageRecord record;
    record.kind = static_cast<RecordKind>(row.value(1).toInt());
    record.createdAt = row.value(2).toLongLong();
    record.userId = {row.value(3).toLongLong()};
    record.tokenId = {row.value(4).toLongLong()};
    record.channelId = {row.value(5).toLongLong()};
    record.model = row.value(6).toString().toUtf8();
    record.providerModel = row.value(7).toString().toUtf8();
    record.group = row.value(8).toString().toUtf8();
    record.usage.input = row.value(9).toLongLong();
    record.usage.cacheRead = row.value(10).toLongLong();
    record.usage.cacheWrite = row.value(11).toLongLong();
    record.usage.cacheWriteLong = row.value(12).toLongLong();
    record.usage.output = row.value(13).toLongLong();
    record.cost.nanoDollars = row.value(14).toLongLong();
    record.unpriced = row.value(15).toBool();
    record.stream = row.value(16).toBool();
    record.attempts = row.value(17).toInt();
    record.httpStatus = row.value(18).toInt();
    record.end = static_cast<domain::EndReason>(row.value(19).toInt());
    record.elapsedMilliseconds = row.value(20).toLongLong();
    record.firstByteMilliseconds = row.value(21).toLongLong();
    record.errorCode = row.value(22).toString().toLatin1();
    return record;
}

bool isRequest(RecordKind kind)
{
    return kind == RecordKind::Consumption || kind == RecordKind::Failure;
}

} // namespace

Result<qint64> TrafficQuery::forEachAfter(qint64 after, int lines, const EachRequest &each) const
{
    Result<QSqlQuery> rows =
        execute(m_database,
                u"SELECT "_s % columns()
                    % u" FROM usage_records WHERE id > :after ORDER BY id LIMIT :lines"_s,
                {{u":after"_s, after}, {u":lines"_s, lines}});
    if (!rows)
        return base::fail(std::move(rows.error()));
    qint64 last = after;
    while (true) {
        const Result<bool> row = nextRow(m_database, *rows);
        if (!row)
            return base::fail(row.error());
        if (!*row)
            return last;
        last = rows->value(0).toLongLong();
        if (isRequest(static_cast<RecordKind>(rows->value(1).toInt())))
            each(last, requestFrom(*rows));
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
        each(rows->value(0).toLongLong(), requestFrom(*rows));
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

} // namespace gatehouse::storage
