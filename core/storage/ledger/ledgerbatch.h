#pragma once

#include "domain/usagesink.h"
#include "storage/database.h"

#include <span>
#include <vector>

namespace gatehouse::storage {

using LedgerEntry = domain::UsageSubmission;

// What a batch changes in one row of users, tokens or channels.
struct BalanceUpdate
{
    qint64 id = 0;
    qint64 charge = 0;   // to subtract from the balance
    qint64 used = 0;     // to add
    qint64 requests = 0; // to add
    qint64 time = 0;     // of the last use, seconds since 1970, UTC

    // No sum of a batch exceeds it, so that no column can overflow.
    static constexpr qint64 largest = 1'000'000'000'000'000'000;
};

// The changes of a batch, one for each row. Consumption and failures are charged, each only if its
// line is new in the ledger; other kinds of records touch no balance.
class BalanceUpdates
{
public:
    void clear();
    void add(const domain::UsageRecord &record);
    // Makes one update of all of a row, by rising id, so that two nodes never wait for each other.
    void merge();

    const std::vector<BalanceUpdate> &users() const { return m_users; }
    const std::vector<BalanceUpdate> &tokens() const { return m_tokens; }
    const std::vector<BalanceUpdate> &channels() const { return m_channels; }

private:
    std::vector<BalanceUpdate> m_users;
    std::vector<BalanceUpdate> m_tokens;
    std::vector<BalanceUpdate> m_channels;
};

// The ledger's prepared statements on one connection.
class LedgerBatch : public KeptStatements
{
public:
    // Those of the connection; made if there are none.
    static LedgerBatch &of(Database &database);

    // Stores the lines and the balances that they change in one transaction. A line whose request has
    // one already is passed over.
    virtual base::Result<> store(std::span<const LedgerEntry> entries) = 0;
};

} // namespace gatehouse::storage
