#pragma once

#include "storage/database.h"

#include <QStringList>

namespace gatehouse::storage {

// What a SQLite database takes on the disk, in bytes.
struct DatabaseSpace
{
    qint64 whole = 0;  // with what is not merged into its file yet
    qint64 unused = 0; // left by what was deleted; it is used again as the database grows

    bool operator==(const DatabaseSpace &) const = default;
};

base::Result<DatabaseSpace> spaceOf(Database &database);

// Writes the SQLite database anew without what is unused. Nobody else can write meanwhile, and for a
// while it takes its own size on the disk once more. Not within a transaction.
base::Result<> compact(Database &database);

// Reads the whole SQLite database. What is wrong with it, at most a few sentences; empty: it is whole.
base::Result<QStringList> integrityProblems(Database &database);

} // namespace gatehouse::storage
