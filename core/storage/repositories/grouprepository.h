#pragma once

#include "domain/group.h"
#include "storage/database.h"

#include <vector>

namespace gatehouse::storage {

// A user or a channel of a group.
struct GroupMember
{
    QString name{};
    bool isDeleted = false; // it can still be restored
};

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
    // Wherever it is named, in what is deleted and can be restored, too; the ledger keeps the name of its
    // time. NotFound: there is none of the name; Conflict: there is one of the new name.
    base::Result<> rename(const QByteArray &from, const QByteArray &to);
    // Who is in it, and which channels serve it.
    base::Result<std::vector<GroupMember>> users(const QByteArray &group) const;
    base::Result<std::vector<GroupMember>> channels(const QByteArray &group) const;

private:
    base::Result<> renameInChannels(const QString &from, const QString &to);

    Database &m_database;
};

} // namespace gatehouse::storage
