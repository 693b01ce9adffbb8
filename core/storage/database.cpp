#include "storage/database.h"

#include "base/logging.h"
#include "storage/ledger/joinedwrites.h"
#include "storage/statement.h"
#include "storage/textsearch.h"

#include <QFileInfo>
#include <QSqlDriver>
#include <QUrl>
#include <QUrlQuery>

#include <atomic>

#include <sqlite3.h>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

// A writer waits for a lock in short steps, between which it can turn to what is more urgent.
constexpr std::chrono::milliseconds writerLockStep{250};

// Before SQLite is used for the first time. Without statistics it needs no mutex for each piece of
// memory.
void prepareSqlite()
{
    static const bool isQuiet = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
    Q_UNUSED(isQuiet)
    JoinedWrites::install();
}

QString nextConnectionName()
{
    static std::atomic<quint64> number = 0;
    return u"gatehouse-%1"_s.arg(++number);
}

// A value of a libpq connection string. Qt separates the options by semicolons, for which there is
// no escape.
QString connectionValue(QString value)
{
    value.remove(u';');
    return u'\'' + value.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s) + u'\'';
}

QString postgresqlOptions(const DatabaseOptions &options, const QUrlQuery &query)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.connectTimeout);
    const QString session =
        u"-c statement_timeout=%1 -c lock_timeout=%2 "
        "-c idle_in_transaction_session_timeout=60000"_s.arg(options.statementTimeout.count())
            .arg(options.busyTimeout.count());
    QStringList all{u"connect_timeout=%1"_s.arg(std::max<qint64>(seconds.count(), 2)),
                    u"tcp_user_timeout=%1"_s.arg(options.connectTimeout.count()),
                    u"keepalives_idle=30"_s,
                    u"application_name=gatehouse"_s,
                    u"options="_s + connectionValue(session)};
    for (const QString &name :
         {u"sslmode"_s, u"sslrootcert"_s, u"sslcert"_s, u"sslkey"_s, u"target_session_attrs"_s}) {
        if (query.hasQueryItem(name))
            all.append(name % u'='
                       % connectionValue(query.queryItemValue(name, QUrl::FullyDecoded)));
    }
    return all.join(u';');
}

Message faultText(Fault fault, const QString &name)
{
    switch (fault) {
    case Fault::Conflict:
        return Message::tr("This entry exists already.");
    case Fault::Locked:
        return Message::
            tr("The database %1 is locked by another program. Close that program and try again.")
                .arg(name);
    case Fault::Full:
        return Message::tr(
                   "There is no room left for the database %1. Free some space on its disk.")
            .arg(name);
    case Fault::ReadOnly:
        return Message::tr(
                   "The database %1 cannot be written to. Check the permissions of the file and of "
                   "its folder.")
            .arg(name);
    case Fault::Corrupt:
        return Message::tr(
                   "The database %1 is damaged. It was left as it is; restore a backup of it.")
            .arg(name);
    case Fault::Unreachable:
        return Message::tr("The database %1 cannot be reached.").arg(name);
    case Fault::Interrupted:
        return Message::tr("The database took too long to answer.");
    case Fault::None:
    case Fault::Statement:
        break;
    }
    return Message::tr("The database refused an operation.");
}

ErrorCode faultCode(Fault fault)
{
    switch (fault) {
    case Fault::Conflict:
        return ErrorCode::Conflict;
    case Fault::Interrupted:
        return ErrorCode::TimedOut;
    case Fault::Locked:
    case Fault::Full:
    case Fault::ReadOnly:
    case Fault::Corrupt:
    case Fault::Unreachable:
        return ErrorCode::Unavailable;
    case Fault::None:
    case Fault::Statement:
        break;
    }
    return ErrorCode::Internal;
}

// What the driver says, without the rows that PostgreSQL quotes.
QString detailOf(const QSqlError &error)
{
    const QString text = error.driverText() % u": "_s % error.databaseText();
    return text.section(u"DETAIL:"_s, 0, 0).simplified() % u" ("_s % error.nativeErrorCode() % u')';
}

} // namespace

Database::Database(DatabaseOptions options, Access access)
    : m_options(std::move(options))
    , m_access(access)
    , m_dialect(m_options.dialect())
    , m_name(nextConnectionName())
    , m_connection(QSqlDatabase::addDatabase(m_dialect.driverName(), m_name))
{}

Database::~Database()
{
    setInterruption({});
    m_statements.reset();
    m_connection.close();
    m_connection = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions &options, Access access)
{
    std::unique_ptr<Database> database(new Database(options, access));
    if (!database->m_connection.isValid()) {
        return base::fail(ErrorCode::Unavailable,
                          Message::tr("Qt's database driver %1 is not installed.")
                              .arg(database->m_dialect.driverName()));
    }
    const Result<> connected =
        database->m_dialect.isSqlite() ? database->connectSqlite() : database->connectPostgresql();
    if (!connected)
        return base::fail(connected.error());
    return database;
}

Result<> Database::connectSqlite()
{
    prepareSqlite();
    if (!QFileInfo::exists(m_options.path))
        return base::fail(errorFrom(Fault::Unreachable, u"there is no such file"_s));

    // mode=rw: SQLite must not make a new file where one has just vanished.
    const bool writing = m_access == Access::ReadWrite;
    const QString address =
        QString::fromLatin1(QUrl::fromLocalFile(QFileInfo(m_options.path).absoluteFilePath())
                                .toEncoded(QUrl::FullyEncoded));
    const auto patience =
        writing ? std::min(writerLockStep, m_options.busyTimeout) : m_options.busyTimeout;
    m_connection.setDatabaseName(address % u"?mode="_s % (writing ? u"rw"_s : u"ro"_s));
    m_connection.setConnectOptions(u"QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=%1%2"_s.arg(
        QString::number(patience.count()), writing ? QString() : u";QSQLITE_OPEN_READONLY"_s));
    if (!m_connection.open())
        return base::fail(errorFrom(m_connection.lastError()));
    findSqliteHandle();
    return setPragmas();
}

Result<> Database::setPragmas()
{
    QStringList pragmas{u"PRAGMA foreign_keys = ON"_s,
                        u"PRAGMA trusted_schema = OFF"_s,
                        u"PRAGMA temp_store = MEMORY"_s};
    if (m_access == Access::ReadWrite) {
        pragmas.append({u"PRAGMA journal_mode = WAL"_s,
                        u"PRAGMA journal_size_limit = 67108864"_s,
                        m_options.synchronousFull ? u"PRAGMA synchronous = FULL"_s
                                                  : u"PRAGMA synchronous = NORMAL"_s});
    }
    for (const QString &pragma : pragmas) {
        if (Result<> set = executeDirectly(*this, pragma); !set)
            return set;
    }
    return {};
}

// Qt may carry a copy of SQLite of its own. Its handles mean nothing to the library that this
// program is linked with, unless both are the very same version.
void Database::findSqliteHandle()
{
    const QVariant handle = m_connection.driver()->handle();
    if (qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return;
    Result<QSqlQuery> version = execute(*this, u"SELECT sqlite_source_id()"_s);
    if (!version || !version->next()
        || version->value(0).toString() != QLatin1StringView(sqlite3_sourceid()))
        return;
    m_sqlite = *static_cast<sqlite3 *const *>(handle.constData());
    textsearch::install(m_sqlite);
}

Result<> Database::connectPostgresql()
{
    if (Result<> checked = checkDatabaseUrl(m_options.url); !checked)
        return checked;
    const QUrl url(m_options.url);
    const QUrlQuery query(url);
    const QString folder = query.queryItemValue(u"host"_s, QUrl::FullyDecoded); // of a local socket
    m_connection.setHostName(folder.isEmpty() ? url.host() : folder);
    if (const int port = url.port(query.queryItemValue(u"port"_s).toInt()); port > 0)
        m_connection.setPort(port);
    m_connection.setDatabaseName(url.path(QUrl::FullyDecoded).mid(1));
    m_connection.setUserName(url.userName(QUrl::FullyDecoded));
    m_connection.setPassword(url.password(QUrl::FullyDecoded));
    m_connection.setConnectOptions(postgresqlOptions(m_options, query));
    if (!m_connection.open())
        return base::fail(errorFrom(Fault::Unreachable, detailOf(m_connection.lastError())));
    return {};
}

base::Error Database::errorFrom(const QSqlError &error)
{
    return errorFrom(m_dialect.faultOf(error), detailOf(error));
}

base::Error Database::errorFrom(Fault fault, const QString &detail)
{
    m_fault = fault;
    return {faultCode(fault), faultText(fault, m_options.displayName()), detail};
}

void Database::keepStatements(std::unique_ptr<KeptStatements> statements)
{
    m_statements = std::move(statements);
}

void Database::setInterruption(std::function<bool()> shallEnd)
{
    m_shallEnd = std::move(shallEnd);
    constexpr int instructionsBetweenCalls = 2'000;
    if (m_sqlite) {
        sqlite3_progress_handler(m_sqlite,
                                 m_shallEnd ? instructionsBetweenCalls : 0,
                                 m_shallEnd ? &Database::onProgress : nullptr,
                                 this);
    }
}

void Database::interrupt() const
{
    if (m_sqlite)
        sqlite3_interrupt(m_sqlite);
}

int Database::onProgress(void *self)
{
    return static_cast<Database *>(self)->m_shallEnd() ? 1 : 0;
}

} // namespace gatehouse::storage
