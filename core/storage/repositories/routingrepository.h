#pragma once

#include "domain/modelrouting.h"
#include "storage/database.h"

#include <vector>

namespace gatehouse::storage {

// How requests for models are routed that have a choice of their own.
class RoutingRepository
{
public:
    explicit RoutingRepository(Database &database)
        : m_database(database)
    {}

    // By model. A strategy that this version does not know counts as none.
    base::Result<std::vector<domain::ModelRouting>> all() const;
    // Inserts it, or replaces that of the same model; what says nothing is removed.
    base::Result<> save(const domain::ModelRouting &routing);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
