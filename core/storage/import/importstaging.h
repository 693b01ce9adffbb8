#pragma once

#include "storage/database.h"

namespace gatehouse::storage {

// Temporary tables in which the rows of an import are gathered, a few in each transaction, before one
// transaction moves all of them to where they belong. Nobody but the writing connection sees them, and
// they go with it, so that of an import that did not come to its end nothing is left. The repositories
// fill them; see Destination. Every row has its id.
class ImportStaging
{
public:
    explicit ImportStaging(Database &database)
        : m_database(database)
    {}

    // Makes the tables, empty. Denied: PostgreSQL does not let its user make any.
    base::Result<> open();
    // Brings the rows into the tables they are for. Call it within a transaction. Conflict: what is there
    // has changed since, such as a name that is taken now, or an owner who was deleted.
    base::Result<> move();
    base::Result<> close();

private:
    Database &m_database;
};

} // namespace gatehouse::storage
