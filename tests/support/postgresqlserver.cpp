#include "support/postgresqlserver.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUrl>

#include <csignal>

#include <pwd.h>
#include <unistd.h>

namespace gatehouse::support {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::Result;

namespace {

constexpr auto serverUser = "postgres";

QString programFolder()
{
    const QDir root(u"/usr/lib/postgresql"_s);
    for (const QString &version :
         root.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed)) {
        const QString folder = root.filePath(version) + u"/bin"_s;
        if (QFile::exists(folder + u"/initdb"_s))
            return folder;
    }
    return {};
}

} // namespace

PostgresqlServer::~PostgresqlServer()
{
    stop();
}

QStringList PostgresqlServer::asServerUser(const QString &program,
                                           const QStringList &arguments) const
{
    QStringList all{program};
    if (geteuid() == 0)
        all = QStringList{u"setpriv"_s,
                          u"--reuid=%1"_s.arg(QLatin1StringView(serverUser)),
                          u"--regid=%1"_s.arg(QLatin1StringView(serverUser)),
                          u"--clear-groups"_s,
                          program};
    return all + arguments;
}

Result<> PostgresqlServer::run(const QString &program, const QStringList &arguments)
{
    QStringList all = asServerUser(program, arguments);
    QProcess process;
    process.setWorkingDirectory(m_directory.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(all.takeFirst(), all);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        return base::fail(ErrorCode::Unavailable,
                          base::Message::tr("%1 failed.").arg(program),
                          QString::fromLocal8Bit(process.readAll()));
    return {};
}

Result<> PostgresqlServer::initialize()
{
    m_programs = programFolder();
    if (m_programs.isEmpty())
        return base::fail(
            ErrorCode::Unavailable,
            base::Message::tr(
                "PostgreSQL is not installed; these tests need the package postgresql."));
    if (geteuid() == 0) {
        const passwd *user = getpwnam(serverUser);
        if (!user
            || chown(m_directory.path().toLocal8Bit().constData(), user->pw_uid, user->pw_gid) != 0)
            return base::fail(ErrorCode::Unavailable,
                              base::Message::tr("The user postgres is missing."));
    }
    return run(m_programs + u"/initdb"_s,
               {u"-D"_s,
                m_directory.filePath(u"data"_s),
                u"-U"_s,
                u"gatehouse"_s,
                u"-A"_s,
                u"trust"_s,
                u"-E"_s,
                u"UTF8"_s,
                u"--no-locale"_s,
                u"--no-sync"_s});
}

Result<> PostgresqlServer::start()
{
    if (m_programs.isEmpty()) {
        if (Result<> made = initialize(); !made)
            return made;
    }
    QStringList all = asServerUser(m_programs + u"/postgres"_s,
                                   {u"-D"_s,
                                    m_directory.filePath(u"data"_s),
                                    u"-k"_s,
                                    m_directory.path(),
                                    u"-c"_s,
                                    u"listen_addresses="_s,
                                    u"-c"_s,
                                    u"fsync=off"_s,
                                    u"-c"_s,
                                    u"max_connections=30"_s});
    m_server.setWorkingDirectory(m_directory.path());
    m_server.setStandardErrorFile(QProcess::nullDevice());
    m_server.start(all.takeFirst(), all);
    const QDeadlineTimer end(30'000);
    Result<> ready;
    do {
        // Waits a moment for the server's end, which is what must not happen.
        if (!m_server.waitForStarted(30'000) || m_server.waitForFinished(20))
            return base::fail(ErrorCode::Unavailable,
                              base::Message::tr("PostgreSQL did not start."));
        ready = execute(u"SELECT 1"_s);
    } while (!ready && !end.hasExpired());
    return ready;
}

void PostgresqlServer::stop()
{
    if (m_server.state() == QProcess::NotRunning)
        return;
    ::kill(static_cast<pid_t>(m_server.processId()), SIGINT); // "fast shutdown"
    if (!m_server.waitForFinished(20'000))
        m_server.kill();
    m_server.waitForFinished(5'000);
}

QString PostgresqlServer::urlOf(const QString &database) const
{
    return u"postgresql://gatehouse@localhost/%1?host=%2"_s.arg(
        database, QString::fromLatin1(QUrl::toPercentEncoding(m_directory.path())));
}

Result<> PostgresqlServer::execute(const QString &sql)
{
    const QString name = u"postgresql-server"_s;
    QString problem;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QPSQL"_s, name);
        database.setHostName(m_directory.path());
        database.setDatabaseName(u"postgres"_s);
        database.setUserName(u"gatehouse"_s);
        database.setConnectOptions(u"connect_timeout=5"_s);
        if (!database.open()) {
            problem = database.lastError().text();
        } else {
            QSqlQuery query(database);
            if (!query.exec(sql))
                problem = query.lastError().text();
        }
    }
    QSqlDatabase::removeDatabase(name);
    if (!problem.isEmpty())
        return base::fail(
            ErrorCode::Unavailable, base::Message::tr("The PostgreSQL server refused."), problem);
    return {};
}

Result<QString> PostgresqlServer::createDatabase()
{
    const QString name = u"test%1"_s.arg(++m_databases);
    return execute(u"CREATE DATABASE "_s + name).map([&] { return urlOf(name); });
}

Result<> PostgresqlServer::terminateConnections()
{
    return execute(u"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                   " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"_s);
}

} // namespace gatehouse::support
