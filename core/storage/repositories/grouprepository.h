#pragma once

#include "domain/group.h"
#include "storage/database.h"

#include <vector>

namespace gatehouse::storage {

// The groups with their price factors, by name. A new database has "default", "vip" and "svip".
class GroupRepository
{
public:
    explicit GroupRepository(Database &database)
        : m_database(database)
    {}

    base::Result<std::vector<domain::Group>> all() const;
    // Inserts it, or changes its factor.
    base::Result<> save(const domain::Group &group);
    base::Result<> remove(const QByteArray &name);
    base::Result<> replaceAll(const std::vector<domain::Group> &groups);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
