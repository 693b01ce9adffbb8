#include "storage/ledger/postgresqlledger.h"

#include "storage/traffic/usagestatement.h"
#include "storage/transaction.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::UsageRecord;

namespace {

QString text(const QByteArray &bytes)
{
    return QString::fromUtf8(storableText(bytes));
}

QString columnTypes()
{
    return u"request_id text, kind bigint, created_at bigint, user_id bigint, "
           "username text, token_id bigint, token_name text, channel_id bigint, "
           "channel_key_id bigint, model text, provider_model text, group_name text, "
           "operation text, input bigint, cache_read bigint, cache_write bigint, "
           "cache_write_long bigint, input_audio bigint, output bigint, reasoning bigint, "
           "output_audio bigint, images bigint, characters bigint, usage_source bigint, "
           "anomalous boolean, cost bigint, charge bigint, unpriced boolean, "
           "token_is_unlimited boolean, stream boolean, attempts bigint, "
           "http_status bigint, end_reason bigint, elapsed bigint, first_byte bigint, "
           "client_address text, error_code text, content text, "
           "client text, session text, attempt_log text, finish_reason text, "
           "cache_result bigint"_s;
}

QJsonObject lineOf(const UsageRecord &record)
{
    QJsonObject object;
    if (hasOwnRequest(record))
        object.insert("request_id"_L1, text(record.requestId));
    object.insert("kind"_L1, static_cast<int>(record.kind));
    object.insert("created_at"_L1, record.createdAt);
    object.insert("user_id"_L1, record.userId.value);
    object.insert("username"_L1, text(record.username));
    object.insert("token_id"_L1, record.tokenId.value);
    object.insert("token_name"_L1, text(record.tokenName));
    object.insert("channel_id"_L1, record.channelId.value);
    object.insert("channel_key_id"_L1, record.channelKeyId);
    object.insert("model"_L1, text(record.model));
    object.insert("provider_model"_L1, text(record.providerModel));
    object.insert("group_name"_L1, text(record.group));
    object.insert("operation"_L1, text(record.operation));
    object.insert("input"_L1, record.usage.input);
    object.insert("cache_read"_L1, record.usage.cacheRead);
    object.insert("cache_write"_L1, record.usage.cacheWrite);
    object.insert("cache_write_long"_L1, record.usage.cacheWriteLong);
    object.insert("input_audio"_L1, record.usage.inputAudio);
    object.insert("output"_L1, record.usage.output);
    object.insert("reasoning"_L1, record.usage.reasoning);
    object.insert("output_audio"_L1, record.usage.outputAudio);
    object.insert("images"_L1, record.usage.images);
    object.insert("characters"_L1, record.usage.characters);
    object.insert("usage_source"_L1, static_cast<int>(record.usage.source));
    object.insert("anomalous"_L1, record.usage.anomalous);
    object.insert("cost"_L1, record.cost.nanoDollars);
    object.insert("charge"_L1, record.charge.units);
    object.insert("unpriced"_L1, record.unpriced);
    object.insert("token_is_unlimited"_L1, record.tokenIsUnlimited);
    object.insert("stream"_L1, record.stream);
    object.insert("attempts"_L1, record.attempts);
    object.insert("http_status"_L1, record.httpStatus);
    object.insert("end_reason"_L1, static_cast<int>(record.end));
    object.insert("elapsed"_L1, record.elapsedMilliseconds);
    object.insert("first_byte"_L1, record.firstByteMilliseconds);
    object.insert("client_address"_L1, text(record.clientAddress));
    object.insert("error_code"_L1, text(record.errorCode));
    object.insert("content"_L1, text(record.content));
    object.insert("client"_L1, text(record.client));
    object.insert("session"_L1, text(record.session));
    object.insert("attempt_log"_L1, text(record.attemptLog));
    object.insert("finish_reason"_L1, text(record.finishReason));
    object.insert("cache_result"_L1, static_cast<int>(record.cache));
    return object;
}

QString textOf(const QJsonArray &array)
{
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QJsonArray jsonOf(const std::vector<BalanceUpdate> &updates)
{
    QJsonArray array;
    for (const BalanceUpdate &update : updates) {
        array.append(QJsonObject{{u"id"_s, update.id},
                                 {u"charge"_s, update.charge},
                                 {u"used"_s, update.used},
                                 {u"requests"_s, update.requests},
                                 {u"time"_s, update.time}});
    }
    return array;
}

} // namespace

Result<> PostgresqlLedger::store(std::span<const LedgerEntry> entries)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    return insertLines(entries).and_then([&] { return updateBalances(); }).and_then([&] {
        return transaction->commit();
    });
}

// All lines travel as one JSON text, so that a batch of any size is one statement of one shape.
Result<> PostgresqlLedger::insertLines(std::span<const LedgerEntry> entries)
{
    QJsonArray lines;
    for (const LedgerEntry &entry : entries)
        lines.append(lineOf(entry.record));
    const QString sql =
        u"INSERT INTO usage_records (%1) SELECT %1"
        " FROM json_to_recordset(CAST(:lines AS json)) AS lines(%2)"
        " ON CONFLICT DO NOTHING RETURNING request_id"_s.arg(usageColumns(), columnTypes());
    const Result<std::vector<QByteArray>> inserted =
        rowsOf(m_database,
               execute(m_database, sql, {{u":lines"_s, textOf(lines)}}),
               [](const QSqlQuery &row) { return row.value(0).toString().toUtf8(); });
    if (!inserted)
        return base::fail(inserted.error());

    QSet<QByteArray> fresh(inserted->begin(), inserted->end());
    m_updates.clear();
    for (const LedgerEntry &entry : entries) {
        // What has no request is always new; of a request that came twice, the first counts.
        if (!hasOwnRequest(entry.record) || fresh.remove(storableText(entry.record.requestId)))
            m_updates.add(entry.record);
    }
    m_updates.merge();
    return {};
}

Result<> PostgresqlLedger::updateBalances()
{
    // Amounts stay within +-5e18, so that no later addition can overflow.
    const QString changes = u" FROM json_to_recordset(CAST(:updates AS json)) AS updates"
                            "(id bigint, charge bigint, used bigint, requests bigint, time bigint)"
                            " WHERE old.id = updates.id"_s;
    const QString balance = u" balance = CASE WHEN old.balance < -4000000000000000000"
                            " THEN old.balance ELSE old.balance - updates.charge END,"_s;
    const QString used = u" used = CASE WHEN old.used > 4000000000000000000"
                         " THEN old.used ELSE old.used + updates.used END"_s;
    const auto update = [&](const QString &sql, const std::vector<BalanceUpdate> &updates) {
        if (updates.empty())
            return Result<>();
        return done(execute(m_database, sql, {{u":updates"_s, textOf(jsonOf(updates))}}));
    };
    const QString users = u"UPDATE users AS old SET"_s % balance % used
                          % u", request_count = old.request_count + updates.requests"_s % changes;
    const QString tokens = u"UPDATE tokens AS old SET"_s % balance % used
                           % u", accessed_at = greatest(old.accessed_at, updates.time)"_s % changes;
    const QString channels = u"UPDATE channels AS old SET"_s % used % changes;
    return update(users, m_updates.users())
        .and_then([&] { return update(tokens, m_updates.tokens()); })
        .and_then([&] { return update(channels, m_updates.channels()); });
}

} // namespace gatehouse::storage
