#pragma once

#include "storage/database.h"

#include <vector>

namespace gatehouse::storage {

// A time in which clients were served, in milliseconds since 1970, UTC.
struct Uptime
{
    qint64 since = 0;
    qint64 until = 0; // as last noted
};

class UptimeRepository
{
public:
    explicit UptimeRepository(Database &database)
        : m_database(database)
    {}

    // Begins a new time; gives its id.
    base::Result<qint64> begin(qint64 now);
    // It goes on. NotFound: there is no such id.
    base::Result<> prolong(qint64 id, qint64 now);
    // Those that touch the range, by rising beginning.
    base::Result<std::vector<Uptime>> within(qint64 since, qint64 until) const;

private:
    Database &m_database;
};

} // namespace gatehouse::storage
