#pragma once

#include "storage/database.h"
#include "storage/migrations.h"

#include <stop_token>

namespace gatehouse::storage {

// Brings the database to the present schema, in the calling thread, before anyone else opens it.
// A SQLite file that does not exist is made in full under another name and then put in its place;
// one that exists is first opened for reading alone and judged: a damaged file, a foreign one and
// one of a newer program are refused and not touched. An older one is backed up and migrated.
base::Result<> prepareDatabase(const DatabaseOptions &options);
// The same with other migrations than those of the program.
base::Result<> prepareDatabase(const DatabaseOptions &options, const QList<Migration> &migrations);

// The first step alone: is the SQLite file at `path` a whole database of this program? Gives the
// number of its schema. `thorough` reads every page, however many there are.
// A stop request ends it early, with Cancelled.
base::Result<int>
inspectDatabaseFile(const QString &path, bool thorough = false, const std::stop_token &stop = {});

// Whether the SQLite file at `path`, all pages of which are read, is there and no whole database, or is gone
// while its journal is there. Not of one that cannot be read, or is another program's.
bool isDamagedDatabase(const QString &path);

// Renames a SQLite file together with its journal, which belongs to it. Where a part cannot be moved, such as
// over one that is there, all stays where it was.
bool moveDatabase(const QString &from, const QString &to);

// The number of the schema that this program brings a SQLite file to.
base::Result<int> presentSchema();

} // namespace gatehouse::storage
