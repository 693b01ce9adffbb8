#pragma once

#include "storage/database.h"

namespace gatehouse::storage {

// Statements that count together or not at all. Undone on destruction unless commit() succeeded.
// Within another transaction it is a savepoint.
class Transaction
{
public:
    enum class Purpose { Write, Read };

    static base::Result<Transaction> begin(Database &database, Purpose purpose = Purpose::Write);
    ~Transaction();
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;

    base::Result<> commit();

private:
    Transaction(Database &database, int depth)
        : m_database(&database)
        , m_depth(depth)
    {}

    Database *m_database; // null: ended
    int m_depth;
};

} // namespace gatehouse::storage
