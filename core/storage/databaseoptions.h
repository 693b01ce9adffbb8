#pragma once

#include "base/result.h"
#include "storage/dialect.h"

#include <chrono>

namespace gatehouse::storage {

// Where the database is and how it is used.
struct DatabaseOptions
{
    // postgresql://user:password@host:port/name?sslmode=…; empty: SQLite. It may hold a password and
    // is therefore never logged; `displayName()` is what messages show.
    QString url{};
    QString path{};            // of the SQLite file
    QString backupDirectory{}; // empty: "backups" beside the file
    bool synchronousFull = false;
    std::chrono::milliseconds busyTimeout{3'000};       // for how long a lock is waited for
    std::chrono::milliseconds connectTimeout{5'000};    // PostgreSQL, in whole seconds
    std::chrono::milliseconds statementTimeout{30'000}; // of one statement
    qint64 keptBackups = 5;

    Dialect dialect() const;
    // The path, or the address without user name and password.
    QString displayName() const;
    QString effectiveBackupDirectory() const;
};

// A URL of the form above, for PostgreSQL alone.
base::Result<> checkDatabaseUrl(const QString &url);

} // namespace gatehouse::storage
