#include "storage/traffic/usagerepository.h"

#include "storage/traffic/usagestatement.h"

#include <QDateTime>

#include <algorithm>
#include <limits>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::RecordKind;

namespace {

constexpr qint64 millisecondsPerDay = 86'400'000;

struct Condition
{
    QString sql{}; // begins with WHERE
    Bindings bindings{};

    void require(const QString &condition, const QString &name, const QVariant &value)
    {
        sql += u" AND "_s + condition;
        bindings.push_back({name, value});
    }
};

void requireKeyword(Condition &condition, const QString &keyword)
{
    bool isNumber = false;
    const int kind = keyword.toInt(&isNumber);
    condition.require(u"(content LIKE :prefix ESCAPE '\\' OR model LIKE :prefix ESCAPE '\\'"
                      " OR token_name LIKE :prefix ESCAPE '\\' OR username LIKE :prefix ESCAPE '\\'"
                      " OR request_id = :keyword OR kind = :keyword_kind)"_s,
                      u":prefix"_s,
                      prefixPattern(keyword));
    condition.bindings.push_back({u":keyword"_s, keyword});
    condition.bindings.push_back({u":keyword_kind"_s, isNumber ? kind : -1});
}

Condition conditionOf(const UsageFilter &filter)
{
    Condition condition{.sql = u" WHERE id > 0"_s};
    if (filter.kind)
        condition.require(u"kind = :kind"_s, u":kind"_s, static_cast<int>(*filter.kind));
    if (filter.since > 0)
        condition.require(u"created_at >= :since"_s, u":since"_s, filter.since);
    if (filter.until > 0)
        condition.require(u"created_at < :until"_s, u":until"_s, filter.until);
    if (filter.user)
        condition.require(u"user_id = :user"_s, u":user"_s, filter.user->value);
    if (filter.token)
        condition.require(u"token_id = :token"_s, u":token"_s, filter.token->value);
    if (filter.channel)
        condition.require(u"channel_id = :channel"_s, u":channel"_s, filter.channel->value);
    if (!filter.username.isEmpty())
        condition.require(u"username = :username"_s, u":username"_s, filter.username);
    if (!filter.tokenName.isEmpty())
        condition.require(u"token_name = :token_name"_s, u":token_name"_s, filter.tokenName);
    if (!filter.model.isEmpty())
        condition.require(u"model = :model"_s, u":model"_s, filter.model);
    if (filter.beforeId > 0)
        condition.require(u"id < :before_id"_s, u":before_id"_s, filter.beforeId);
    if (!filter.keyword.isEmpty())
        requireKeyword(condition, filter.keyword);
    return condition;
}

QString selectUsage(const QString &rest)
{
    return u"SELECT id, "_s % usageColumns() % u" FROM usage_records"_s % rest;
}

StoredUsage storedFrom(const QSqlQuery &row)
{
    return {.id = row.value(0).toLongLong(), .record = usageFrom(row)};
}

QString dayText(qint64 daysSince1970)
{
    return QDate(1970, 1, 1).addDays(daysSince1970).toString(Qt::ISODate);
}

} // namespace

Result<std::vector<StoredUsage>> UsageRepository::list(const UsageFilter &filter, Page page) const
{
    Condition condition = conditionOf(filter);
    condition.bindings.push_back({u":limit"_s, page.rows()});
    condition.bindings.push_back({u":offset"_s, page.offset});
    const QString order =
        filter.beforeId > 0 ? u" ORDER BY id DESC"_s : u" ORDER BY created_at DESC, id DESC"_s;
    return rowsOf(m_database,
                  execute(m_database,
                          selectUsage(condition.sql % order % u" LIMIT :limit OFFSET :offset"_s),
                          condition.bindings),
                  storedFrom);
}

Result<std::optional<StoredUsage>> UsageRepository::findByRequest(const QByteArray &requestId) const
{
    return firstRow(m_database,
                    execute(m_database,
                            selectUsage(u" WHERE request_id = :request"_s),
                            {{u":request"_s, QString::fromUtf8(requestId)}}),
                    storedFrom);
}

Result<qint64> UsageRepository::count(const UsageFilter &filter) const
{
    const Condition condition = conditionOf(filter);
    return numberOf(m_database,
                    execute(m_database,
                            u"SELECT count(*) FROM usage_records"_s + condition.sql,
                            condition.bindings));
}

Result<UsageSums> UsageRepository::sums(const UsageFilter &filter) const
{
    const Condition condition = conditionOf(filter);
    return required(
        firstRow(m_database,
                 execute(m_database,
                         u"SELECT count(*), CAST(coalesce(sum(charge), 0) AS bigint),"
                         " CAST(coalesce(sum(cost), 0) AS bigint),"
                         " CAST(coalesce(sum(input), 0) AS bigint),"
                         " CAST(coalesce(sum(output), 0) AS bigint) FROM usage_records"_s
                             + condition.sql,
                         condition.bindings),
                 [](const QSqlQuery &row) {
                     return UsageSums{.records = row.value(0).toLongLong(),
                                      .charge = {row.value(1).toLongLong()},
                                      .cost = {row.value(2).toLongLong()},
                                      .inputTokens = row.value(3).toLongLong(),
                                      .outputTokens = row.value(4).toLongLong()};
                 }),
        base::Message::tr("There are no sums."));
}

Result<std::vector<DailyUsage>> UsageRepository::daily(const UsageFilter &filter) const
{
    UsageFilter consumption = filter;
    consumption.kind = RecordKind::Consumption;
    Condition condition = conditionOf(consumption);
    condition.bindings.push_back({u":day_length"_s, millisecondsPerDay});
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT day, model, count(*), CAST(sum(charge) AS bigint),"
                          " CAST(sum(cost) AS bigint), CAST(sum(input) AS bigint),"
                          " CAST(sum(output) AS bigint)"
                          " FROM (SELECT created_at / CAST(:day_length AS bigint) AS day, model,"
                          " charge, cost, input, output FROM usage_records"_s
                              % condition.sql
                              % u") AS lines GROUP BY day, model"
                                " ORDER BY day, model"_s,
                          condition.bindings),
                  [](const QSqlQuery &row) {
                      return DailyUsage{.day = dayText(row.value(0).toLongLong()),
                                        .model = row.value(1).toString().toUtf8(),
                                        .requests = row.value(2).toLongLong(),
                                        .charge = {row.value(3).toLongLong()},
                                        .cost = {row.value(4).toLongLong()},
                                        .inputTokens = row.value(5).toLongLong(),
                                        .outputTokens = row.value(6).toLongLong()};
                  });
}

Result<std::vector<UnpricedUsage>> UsageRepository::unpriced(qint64 since) const
{
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT provider_model, count(*), max(created_at) FROM usage_records"
                          " WHERE created_at >= :since AND kind = 2 AND unpriced = :unpriced"
                          " GROUP BY provider_model ORDER BY provider_model"_s,
                          {{u":since"_s, since}, {u":unpriced"_s, true}}),
                  [](const QSqlQuery &row) {
                      return UnpricedUsage{.providerModel = row.value(0).toString().toUtf8(),
                                           .requests = row.value(1).toLongLong(),
                                           .lastUsed = row.value(2).toLongLong()};
                  });
}

// A token tells the second of its last use, by which the ledger is indexed: each is found by a few
// lines. CROSS JOIN keeps SQLite from going through the whole ledger instead.
Result<std::vector<LastUse>> UsageRepository::lastUses() const
{
    return rowsOf(m_database,
                  execute(m_database,
                          u"SELECT token_id, client, client_address FROM usage_records"
                          " WHERE id IN (SELECT max(lines.id) FROM tokens"
                          " CROSS JOIN usage_records AS lines"
                          " WHERE tokens.deleted_at = 0 AND lines.token_id = tokens.id"
                          " AND lines.created_at >= tokens.accessed_at * 1000"
                          " AND lines.created_at < tokens.accessed_at * 1000 + 1000"
                          " AND lines.kind IN (2, 6) GROUP BY tokens.id)"_s),
                  [](const QSqlQuery &row) {
                      return LastUse{.token = {row.value(0).toLongLong()},
                                     .client = row.value(1).toString().toUtf8(),
                                     .address = row.value(2).toString().toUtf8()};
                  });
}

Result<qint64> UsageRepository::insert(const domain::UsageRecord &record)
{
    return required(firstRow(m_database,
                             execute(m_database, usageInsertion(), usageBindings(record)),
                             [](const QSqlQuery &row) { return row.value(0).toLongLong(); }),
                    base::Message::tr("This request has a line in the ledger already."));
}

// A few lines at a time are looked at, however many of them have a bookmark.
Result<qint64> UsageRepository::removeOlder(qint64 before,
                                            LedgerClearing &clearing,
                                            std::chrono::milliseconds budget)
{
    constexpr qint64 rowsAtOnce = 25;
    constexpr qint64 rowsLookedAt = 100;
    const auto end = std::chrono::steady_clock::now() + budget;
    const auto createdAt = [](const QSqlQuery &row) { return row.value(0).toLongLong(); };
    qint64 removed = 0;
    do {
        const Result<std::optional<qint64>> last =
            firstRow(m_database,
                     execute(m_database,
                             u"SELECT created_at FROM usage_records"
                             " WHERE created_at >= :from AND created_at < :before"
                             " ORDER BY created_at LIMIT 1 OFFSET :rows"_s,
                             {{u":from"_s, clearing.from},
                              {u":before"_s, before},
                              {u":rows"_s, rowsLookedAt - 1}}),
                     createdAt);
        if (!last)
            return base::fail(last.error());
        const qint64 until = *last ? **last + 1 : before;
        const Result<std::vector<qint64>> times = rowsOf(
            m_database,
            execute(m_database,
                    u"DELETE FROM usage_records WHERE id IN (SELECT id FROM usage_records"
                    " WHERE created_at >= :from AND created_at < :until"
                    " AND NOT EXISTS (SELECT 1 FROM bookmarks"
                    " WHERE bookmarks.request_id = usage_records.request_id)"
                    " ORDER BY created_at LIMIT :rows) RETURNING created_at"_s,
                    {{u":from"_s, clearing.from}, {u":until"_s, until}, {u":rows"_s, rowsAtOnce}}),
            createdAt);
        if (!times)
            return base::fail(times.error());
        removed += std::ssize(*times);
        if (std::ssize(*times) == rowsAtOnce) {
            clearing.from = *std::max_element(times->begin(), times->end());
        } else {
            clearing.from = until;
            clearing.isDone = !*last;
        }
    } while (!clearing.isDone && std::chrono::steady_clock::now() < end);
    return removed;
}

} // namespace gatehouse::storage
