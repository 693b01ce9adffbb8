#include "support/temporarydatabase.h"

#include "storage/databasefile.h"
#include "support/postgresqlserver.h"

#include <QtTest>

namespace gatehouse::support {

using namespace Qt::StringLiterals;

using storage::Database;
using storage::Dialect;

namespace {

std::unique_ptr<PostgresqlServer> runningServer;

template<typename T>
T valueOrEnd(base::Result<T> result)
{
    if (!result)
        qFatal("%s %s",
               qPrintable(result.error().message.english()),
               qPrintable(result.error().detail));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

} // namespace

void TemporaryDatabase::addRows()
{
    QTest::addColumn<Dialect::Kind>("kind");
    QTest::newRow("SQLite") << Dialect::Kind::Sqlite;
    QTest::newRow("PostgreSQL") << Dialect::Kind::Postgresql;
}

PostgresqlServer &TemporaryDatabase::server()
{
    if (!runningServer) {
        runningServer = std::make_unique<PostgresqlServer>();
        valueOrEnd(runningServer->start());
    }
    return *runningServer;
}

void TemporaryDatabase::stopServer()
{
    runningServer.reset();
}

TemporaryDatabase::TemporaryDatabase(Dialect::Kind kind, bool prepare)
{
    m_options.path = m_directory.filePath(u"gatehouse.db"_s);
    if (kind == Dialect::Kind::Postgresql)
        m_options.url = valueOrEnd(server().createDatabase());
    if (prepare)
        valueOrEnd(storage::prepareDatabase(m_options));
}

TemporaryDatabase::~TemporaryDatabase() = default;

Database &TemporaryDatabase::database()
{
    if (!m_database)
        m_database = valueOrEnd(Database::open(m_options, Database::Access::ReadWrite));
    return *m_database;
}

} // namespace gatehouse::support
