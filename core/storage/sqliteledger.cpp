#include "storage/sqliteledger.h"

#include "storage/usagestatement.h"

#include <sqlite3.h>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

namespace {

// Amounts stay within +-5e18, so that no later addition can overflow.
constexpr const char *updateUser =
    "UPDATE users SET"
    " balance = CASE WHEN balance < -4000000000000000000 THEN balance ELSE balance - ?1 END,"
    " used = CASE WHEN used > 4000000000000000000 THEN used ELSE used + ?2 END,"
    " request_count = request_count + ?3 WHERE id = ?4";
constexpr const char *updateToken =
    "UPDATE tokens SET"
    " balance = CASE WHEN balance < -4000000000000000000 THEN balance ELSE balance - ?1 END,"
    " used = CASE WHEN used > 4000000000000000000 THEN used ELSE used + ?2 END,"
    " accessed_at = max(accessed_at, ?3) WHERE id = ?4";
constexpr const char *updateChannel =
    "UPDATE channels SET"
    " used = CASE WHEN used > 4000000000000000000 THEN used ELSE used + ?1 END WHERE id = ?2";

QByteArray insertion()
{
    return usageInsertion().section(u" RETURNING"_s, 0, 0).toUtf8();
}

} // namespace

SqliteStatement::SqliteStatement(sqlite3 *handle, const char *sql)
{
    // Whoever steps a statement that could not be prepared gets SQLITE_MISUSE.
    if (sqlite3_prepare_v3(handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr)
        != SQLITE_OK)
        m_statement = nullptr;
}

SqliteStatement::~SqliteStatement()
{
    sqlite3_finalize(m_statement);
}

void SqliteStatement::number(qint64 value)
{
    sqlite3_bind_int64(m_statement, m_next++, value);
}

void SqliteStatement::text(const QByteArray &value)
{
    // A null pointer would be NULL.
    sqlite3_bind_text(m_statement,
                      m_next++,
                      value.isNull() ? "" : value.constData(),
                      static_cast<int>(value.size()),
                      SQLITE_STATIC);
}

void SqliteStatement::null()
{
    sqlite3_bind_null(m_statement, m_next++);
}

int SqliteStatement::step()
{
    m_next = 1;
    const int result = sqlite3_step(m_statement);
    if (result == SQLITE_MISUSE)
        return result;
    const int final = sqlite3_reset(m_statement);
    return final == SQLITE_OK ? SQLITE_DONE : final;
}

SqliteLedger::SqliteLedger(Database &database)
    : m_database(database)
    , m_handle(database.sqliteHandle())
    , m_begin(m_handle, "BEGIN IMMEDIATE")
    , m_commit(m_handle, "COMMIT")
    , m_rollback(m_handle, "ROLLBACK")
    , m_insert(m_handle, insertion().constData())
    , m_updateUser(m_handle, updateUser)
    , m_updateToken(m_handle, updateToken)
    , m_updateChannel(m_handle, updateChannel)
{}

Result<> SqliteLedger::store(std::span<const LedgerEntry> entries)
{
    const int result = storeAll(entries);
    if (result == SQLITE_DONE)
        return {};
    const QString detail =
        u"%1 (%2)"_s.arg(QString::fromUtf8(sqlite3_errmsg(m_handle))).arg(result);
    if (sqlite3_get_autocommit(m_handle) == 0)
        m_rollback.step();
    return base::fail(m_database.errorFrom(sqliteFault(result), detail));
}

int SqliteLedger::storeAll(std::span<const LedgerEntry> entries)
{
    m_updates.clear();
    if (const int begun = m_begin.step(); begun != SQLITE_DONE)
        return begun;
    for (const LedgerEntry &entry : entries) {
        if (const int inserted = insertLine(entry.record); inserted != SQLITE_DONE)
            return inserted;
        if (sqlite3_changes(m_handle) == 1)
            m_updates.add(entry.record);
    }
    m_updates.merge();
    if (const int updated = updateBalances(); updated != SQLITE_DONE)
        return updated;
    return m_commit.step();
}

int SqliteLedger::insertLine(const domain::UsageRecord &record)
{
    m_texts.clear();
    const auto bindText = [this](const QByteArray &value) {
        if (isStorableText(value)) {
            m_insert.text(value);
            return;
        }
        // The bytes stay where they are when the vector grows.
        m_texts.push_back(storableText(value));
        m_insert.text(m_texts.back());
    };
    if (hasOwnRequest(record))
        bindText(record.requestId);
    else
        m_insert.null();
    m_insert.number(static_cast<int>(record.kind));
    m_insert.number(record.createdAt);
    m_insert.number(record.userId.value);
    bindText(record.username);
    m_insert.number(record.tokenId.value);
    bindText(record.tokenName);
    m_insert.number(record.channelId.value);
    m_insert.number(record.channelKeyId);
    bindText(record.model);
    bindText(record.providerModel);
    bindText(record.group);
    bindText(record.operation);
    m_insert.number(record.usage.input);
    m_insert.number(record.usage.cacheRead);
    m_insert.number(record.usage.cacheWrite);
    m_insert.number(record.usage.cacheWriteLong);
    m_insert.number(record.usage.inputAudio);
    m_insert.number(record.usage.output);
    m_insert.number(record.usage.reasoning);
    m_insert.number(record.usage.outputAudio);
    m_insert.number(record.usage.images);
    m_insert.number(record.usage.characters);
    m_insert.number(static_cast<int>(record.usage.source));
    m_insert.number(record.usage.anomalous);
    m_insert.number(record.cost.nanoDollars);
    m_insert.number(record.charge.units);
    m_insert.number(record.unpriced);
    m_insert.number(record.tokenIsUnlimited);
    m_insert.number(record.stream);
    m_insert.number(record.attempts);
    m_insert.number(record.httpStatus);
    m_insert.number(static_cast<int>(record.end));
    m_insert.number(record.elapsedMilliseconds);
    m_insert.number(record.firstByteMilliseconds);
    bindText(record.clientAddress);
    bindText(record.errorCode);
    bindText(record.content);
    return m_insert.step();
}

int SqliteLedger::updateBalances()
{
    int result = SQLITE_DONE;
    for (const BalanceUpdate &user : m_updates.users()) {
        m_updateUser.number(user.charge);
        m_updateUser.number(user.used);
        m_updateUser.number(user.requests);
        m_updateUser.number(user.id);
        if (result = m_updateUser.step(); result != SQLITE_DONE)
            return result;
    }
    for (const BalanceUpdate &token : m_updates.tokens()) {
        m_updateToken.number(token.charge);
        m_updateToken.number(token.used);
        m_updateToken.number(token.time);
        m_updateToken.number(token.id);
        if (result = m_updateToken.step(); result != SQLITE_DONE)
            return result;
    }
    for (const BalanceUpdate &channel : m_updates.channels()) {
        m_updateChannel.number(channel.used);
        m_updateChannel.number(channel.id);
        if (result = m_updateChannel.step(); result != SQLITE_DONE)
            return result;
    }
    return result;
}

} // namespace gatehouse::storage
