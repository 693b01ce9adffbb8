#pragma once

#include "storage/ledger/ledgerbatch.h"

namespace gatehouse::storage {

// The ledger by Qt SQL, line by line, for a SQLite whose C interface cannot be used because Qt
// brought a copy of its own.
class PortableLedger final : public LedgerBatch
{
public:
    explicit PortableLedger(Database &database)
        : m_database(database)
    {}

    base::Result<> store(std::span<const LedgerEntry> entries) override;

private:
    base::Result<> updateBalances();

    Database &m_database;
    BalanceUpdates m_updates;
};

} // namespace gatehouse::storage
