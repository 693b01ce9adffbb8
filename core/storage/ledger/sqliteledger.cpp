#include "storage/ledger/sqliteledger.h"

#include "storage/ledger/joinedwrites.h"
#include "storage/traffic/usagestatement.h"

#include <sqlite3.h>

#include <bit>

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

// Of so many lines, whose values are bound one line behind the other. FAIL: what goes wrong undoes
// nothing by itself, so that SQLite need not be ready to undo a part of the transaction; all of it is
// rolled back then.
QByteArray insertionOf(size_t count)
{
    const qsizetype columns = usageColumns().count(u',') + 1;
    QByteArray line = "(" + QByteArray("?,").repeated(columns);
    line.back() = ')';
    QByteArray lines = QByteArray(line + ",").repeated(qsizetype(count));
    lines.chop(1);
    return "INSERT OR FAIL INTO usage_records (" + usageColumns().toUtf8() + ") VALUES " + lines
           + " ON CONFLICT DO NOTHING";
}

// One of several lines has a second one for its request. No code of SQLite's own.
constexpr int hasSecondLine = -1;

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
    , m_updateUser(m_handle, updateUser)
    , m_updateToken(m_handle, updateToken)
    , m_updateChannel(m_handle, updateChannel)
{}

Result<> SqliteLedger::store(std::span<const LedgerEntry> entries)
{
    int result = storeAll(entries, true);
    // It matters which line it is, and that is seen only one by one.
    if (result == hasSecondLine && m_rollback.step() == SQLITE_DONE)
        result = storeAll(entries, false);
    if (result == SQLITE_DONE)
        return {};
    const QString detail =
        u"%1 (%2)"_s.arg(QString::fromUtf8(sqlite3_errmsg(m_handle))).arg(result);
    if (sqlite3_get_autocommit(m_handle) == 0)
        m_rollback.step();
    return base::fail(m_database.errorFrom(sqliteFault(result), detail));
}

int SqliteLedger::storeAll(std::span<const LedgerEntry> entries, bool severalAtOnce)
{
    m_updates.clear();
    if (const int begun = m_begin.step(); begun != SQLITE_DONE)
        return begun;
    if (const int inserted = insertAll(entries, severalAtOnce); inserted != SQLITE_DONE)
        return inserted;
    m_updates.merge();
    if (const int updated = updateBalances(); updated != SQLITE_DONE)
        return updated;
    return commit();
}

int SqliteLedger::commit()
{
    const JoinedWrites joined(m_log);
    return m_commit.step();
}

SqliteStatement &SqliteLedger::insertion(size_t lines)
{
    std::optional<SqliteStatement> &statement =
        m_insertions.at(static_cast<size_t>(std::countr_zero(lines)));
    if (!statement)
        statement.emplace(m_handle, insertionOf(lines).constData());
    return *statement;
}

int SqliteLedger::insertAll(std::span<const LedgerEntry> entries, bool severalAtOnce)
{
    while (!entries.empty()) {
        const size_t most = severalAtOnce ? mostLines : 1;
        const auto lines = entries.first(std::bit_floor(std::min(entries.size(), most)));
        entries = entries.subspan(lines.size());
        SqliteStatement &insert = insertion(lines.size());
        m_texts.clear();
        for (const LedgerEntry &entry : lines)
            bindLine(insert, entry.record);
        if (const int inserted = insert.step(); inserted != SQLITE_DONE)
            return inserted;
        const int count = sqlite3_changes(m_handle);
        if (lines.size() > 1 && count != static_cast<int>(lines.size()))
            return hasSecondLine;
        for (const LedgerEntry &entry : lines.first(static_cast<size_t>(count)))
            m_updates.add(entry.record);
    }
    return SQLITE_DONE;
}

void SqliteLedger::bindLine(SqliteStatement &insert, const domain::UsageRecord &record)
{
    const auto bindText = [&](const QByteArray &value) {
        if (isStorableText(value)) {
            insert.text(value);
            return;
        }
        m_texts.push_back(storableText(value));
        insert.text(m_texts.back());
    };
    if (hasOwnRequest(record))
        bindText(record.requestId);
    else
        insert.null();
    insert.number(static_cast<int>(record.kind));
    insert.number(record.createdAt);
    insert.number(record.userId.value);
    bindText(record.username);
    insert.number(record.tokenId.value);
    bindText(record.tokenName);
    insert.number(record.channelId.value);
    insert.number(record.channelKeyId);
    bindText(record.model);
    bindText(record.providerModel);
    bindText(record.group);
    bindText(record.operation);
    insert.number(record.usage.input);
    insert.number(record.usage.cacheRead);
    insert.number(record.usage.cacheWrite);
    insert.number(record.usage.cacheWriteLong);
    insert.number(record.usage.inputAudio);
    insert.number(record.usage.output);
    insert.number(record.usage.reasoning);
    insert.number(record.usage.outputAudio);
    insert.number(record.usage.images);
    insert.number(record.usage.characters);
    insert.number(static_cast<int>(record.usage.source));
    insert.number(record.usage.anomalous);
    insert.number(record.cost.nanoDollars);
    insert.number(record.charge.units);
    insert.number(record.unpriced);
    insert.number(record.tokenIsUnlimited);
    insert.number(record.stream);
    insert.number(record.attempts);
    insert.number(record.httpStatus);
    insert.number(static_cast<int>(record.end));
    insert.number(record.elapsedMilliseconds);
    insert.number(record.firstByteMilliseconds);
    bindText(record.clientAddress);
    bindText(record.errorCode);
    bindText(record.content);
    bindText(record.client);
    bindText(record.session);
    bindText(record.attemptLog);
    bindText(record.finishReason);
    insert.number(static_cast<int>(record.cache));
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
