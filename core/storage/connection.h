#pragma once

#include "storage/database.h"

#include <chrono>
#include <memory>

namespace gatehouse::storage {

// A storage thread's connection, which is made when it is needed and made anew when it broke. After
// a failure it is not tried again for a while, which grows from 100 ms to 2 s.
class Connection
{
public:
    Connection(DatabaseOptions options, Database::Access access)
        : m_options(std::move(options))
        , m_access(access)
    {}

    // The open database, or why there is none.
    base::Result<Database *> database();
    // Closes the database if its last fault says that the connection may be broken.
    void closeIfBroken();
    void close() { m_database.reset(); }

private:
    const DatabaseOptions m_options;
    const Database::Access m_access;
    std::unique_ptr<Database> m_database{};
    base::Error m_error{};
    std::chrono::milliseconds m_rest{0};
    std::chrono::steady_clock::time_point m_restEnds{};
};

} // namespace gatehouse::storage
