#include "storage/ledger/portableledger.h"

#include "storage/traffic/usagestatement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

Result<> PortableLedger::store(std::span<const LedgerEntry> entries)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    m_updates.clear();
    for (const LedgerEntry &entry : entries) {
        Result<QSqlQuery> inserted =
            execute(m_database, usageInsertion(), usageBindings(entry.record));
        if (!inserted)
            return base::fail(inserted.error());
        const Result<bool> fresh = nextRow(m_database, *inserted);
        if (!fresh)
            return base::fail(fresh.error());
        if (*fresh)
            m_updates.add(entry.record);
    }
    m_updates.merge();
    return updateBalances().and_then([&] { return transaction->commit(); });
}

Result<> PortableLedger::updateBalances()
{
    // Amounts stay within +-5e18, so that no later addition can overflow.
    const QString amounts = u" balance = CASE WHEN balance < -4000000000000000000 THEN balance"
                            " ELSE balance - :charge END,"
                            " used = CASE WHEN used > 4000000000000000000 THEN used"
                            " ELSE used + :used END,"_s;
    for (const BalanceUpdate &user : m_updates.users()) {
        const Result<> updated =
            done(execute(m_database,
                         u"UPDATE users SET"_s % amounts
                             % u" request_count = request_count + :requests WHERE id = :id"_s,
                         {{u":charge"_s, user.charge},
                          {u":used"_s, user.used},
                          {u":requests"_s, user.requests},
                          {u":id"_s, user.id}}));
        if (!updated)
            return updated;
    }
    for (const BalanceUpdate &token : m_updates.tokens()) {
        const Result<> updated =
            done(execute(m_database,
                         u"UPDATE tokens SET"_s % amounts
                             % u" accessed_at = max(accessed_at, :time) WHERE id = :id"_s,
                         {{u":charge"_s, token.charge},
                          {u":used"_s, token.used},
                          {u":time"_s, token.time},
                          {u":id"_s, token.id}}));
        if (!updated)
            return updated;
    }
    for (const BalanceUpdate &channel : m_updates.channels()) {
        const Result<> updated =
            done(execute(m_database,
                         u"UPDATE channels SET used = CASE WHEN used > 4000000000000000000"
                         " THEN used ELSE used + :used END WHERE id = :id"_s,
                         {{u":used"_s, channel.used}, {u":id"_s, channel.id}}));
        if (!updated)
            return updated;
    }
    return {};
}

} // namespace gatehouse::storage
