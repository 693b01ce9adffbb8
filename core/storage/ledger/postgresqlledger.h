#pragma once

#include "storage/ledger/ledgerbatch.h"

namespace gatehouse::storage {

// The ledger on PostgreSQL: one statement for the lines of a batch, one for each kind of balance.
class PostgresqlLedger final : public LedgerBatch
{
public:
    explicit PostgresqlLedger(Database &database)
        : m_database(database)
    {}

    base::Result<> store(std::span<const LedgerEntry> entries) override;

private:
    base::Result<> insertLines(std::span<const LedgerEntry> entries);
    base::Result<> updateBalances();

    Database &m_database;
    BalanceUpdates m_updates;
};

} // namespace gatehouse::storage
