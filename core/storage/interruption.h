#pragma once

#include "storage/database.h"

#include <functional>
#include <stop_token>

namespace gatehouse::storage {

// While it lives, a stop request ends what runs in a SQLite database, also one big step that asks nobody,
// such as the check of all pages.
class Interruption
{
public:
    Interruption(Database &database, const std::stop_token &stop)
        : m_database(database)
        , m_wake(stop, [&database] { database.interrupt(); })
    {
        m_database.setInterruption([stop] { return stop.stop_requested(); });
    }
    ~Interruption() { m_database.setInterruption({}); }
    Interruption(const Interruption &) = delete;
    Interruption &operator=(const Interruption &) = delete;

private:
    Database &m_database;
    std::stop_callback<std::function<void()>> m_wake;
};

} // namespace gatehouse::storage
