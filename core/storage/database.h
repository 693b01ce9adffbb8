#pragma once

#include "base/result.h"
#include "storage/databaseoptions.h"

#include <QSqlDatabase>

#include <functional>
#include <memory>

struct sqlite3;

namespace gatehouse::storage {

// Statements that stay prepared as long as a connection is open.
class KeptStatements
{
public:
    KeptStatements() = default;
    KeptStatements(const KeptStatements &) = delete;
    KeptStatements &operator=(const KeptStatements &) = delete;
    virtual ~KeptStatements() = default;
};

// One connection to the database. It belongs to the thread that opened it and must be destroyed
// there.
class Database
{
public:
    enum class Access { ReadWrite, ReadOnly };

    // Connects to a database that prepareDatabase() found to be in order. Creates nothing.
    static base::Result<std::unique_ptr<Database>> open(const DatabaseOptions &options,
                                                        Access access);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    const Dialect &dialect() const { return m_dialect; }
    const DatabaseOptions &options() const { return m_options; }
    QSqlDatabase &connection() { return m_connection; }
    bool isInTransaction() const { return m_depth > 0; }

    // Why the last statement failed that failed; None since the last clearFault().
    Fault fault() const { return m_fault; }
    void clearFault() { m_fault = Fault::None; }
    // The error to return for a failed statement; remembers its fault.
    base::Error errorFrom(const QSqlError &error);
    base::Error errorFrom(Fault fault, const QString &detail);

    // While set, a running statement of SQLite asks now and then whether it shall end.
    void setInterruption(std::function<bool()> shallEnd);

    // Ends the statement of SQLite that is running. Called in any thread, for as long as this lives.
    void interrupt() const;

    // SQLite's own handle. Null on PostgreSQL, and where Qt's driver carries another copy of SQLite
    // than this program is linked with.
    sqlite3 *sqliteHandle() const { return m_sqlite; }

    // Finalised before the connection closes.
    void keepStatements(std::unique_ptr<KeptStatements> statements);
    KeptStatements *statements() const { return m_statements.get(); }

private:
    friend class Transaction;
    Database(DatabaseOptions options, Access access);
    base::Result<> connectSqlite();
    base::Result<> connectPostgresql();
    base::Result<> setPragmas();
    void findSqliteHandle();
    static int onProgress(void *self);

    const DatabaseOptions m_options;
    const Access m_access;
    const Dialect m_dialect;
    const QString m_name;
    QSqlDatabase m_connection;
    sqlite3 *m_sqlite = nullptr;
    std::unique_ptr<KeptStatements> m_statements;
    std::function<bool()> m_shallEnd;
    int m_depth = 0;
    Fault m_fault = Fault::None;
};

} // namespace gatehouse::storage
