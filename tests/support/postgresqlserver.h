#pragma once

#include "base/result.h"

#include <QProcess>
#include <QTemporaryDir>

namespace gatehouse::support {

// A PostgreSQL server in a temporary directory, reached by a local socket alone. A program started
// as root gives the server to the user "postgres", since PostgreSQL refuses root. POSIX only.
class PostgresqlServer
{
public:
    PostgresqlServer() = default;
    ~PostgresqlServer();
    PostgresqlServer(const PostgresqlServer &) = delete;
    PostgresqlServer &operator=(const PostgresqlServer &) = delete;

    // Makes the cluster the first time. Fails with a text that says what is missing.
    base::Result<> start();
    // Ends the connections and the server at once, as a restart does.
    void stop();
    bool isRunning() const { return m_server.state() == QProcess::Running; }

    // Makes an empty database. Gives its URL.
    base::Result<QString> createDatabase();
    // Ends all connections to the databases but the one it uses.
    base::Result<> terminateConnections();

private:
    QString urlOf(const QString &database) const;
    base::Result<> initialize();
    base::Result<> execute(const QString &sql);
    base::Result<> run(const QString &program, const QStringList &arguments);
    QStringList asServerUser(const QString &program, const QStringList &arguments) const;

    QTemporaryDir m_directory;
    QString m_programs;
    QProcess m_server;
    int m_databases = 0;
};

} // namespace gatehouse::support
