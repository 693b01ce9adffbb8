#pragma once

#include "storage/database.h"

#include <QTemporaryDir>

#include <memory>

namespace gatehouse::support {

class PostgresqlServer;

// A database of its own for one test, with the present schema: a SQLite file in a temporary folder,
// or a database in the program's PostgreSQL server, which is started when it is first needed.
class TemporaryDatabase
{
public:
    // The column "kind" with a row for each database that the program supports.
    static void addRows();

    // Fails the program with a clear text if there is no database to be had.
    explicit TemporaryDatabase(storage::Dialect::Kind kind, bool prepare = true);
    ~TemporaryDatabase();

    const storage::DatabaseOptions &options() const { return m_options; }
    storage::DatabaseOptions &options() { return m_options; }
    QString path() const { return m_options.path; }
    QString filePath(const QString &name) const { return m_directory.filePath(name); }
    // A connection that is opened when it is first asked for.
    storage::Database &database();
    void close() { m_database.reset(); }

    static PostgresqlServer &server();
    // Stops the server; call it at the end of the program.
    static void stopServer();

private:
    QTemporaryDir m_directory;
    storage::DatabaseOptions m_options;
    std::unique_ptr<storage::Database> m_database;
};

} // namespace gatehouse::support
