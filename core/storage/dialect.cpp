#include "storage/dialect.h"

#include <sqlite3.h>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

namespace {

Fault faultOfSqlite(const QString &code)
{
    bool isNumber = false;
    const int number = code.toInt(&isNumber);
    return isNumber ? sqliteFault(number) : Fault::Statement;
}

// The codes are those of PostgreSQL's documentation, appendix A. Qt gives none where the connection
// broke.
Fault faultOfPostgresql(const QString &state)
{
    if (state.isEmpty() || state.startsWith("08"_L1) || state.startsWith("57P"_L1)
        || state == "53300"_L1 || state.startsWith("28"_L1) || state == "3D000"_L1)
        return Fault::Unreachable;
    if (state == "57014"_L1)
        return Fault::Interrupted;
    if (state == "25006"_L1)
        return Fault::ReadOnly;
    if (state == "53100"_L1 || state == "53200"_L1)
        return Fault::Full;
    if (state == "23505"_L1)
        return Fault::Conflict;
    if (state == "55P03"_L1 || state == "40001"_L1 || state == "40P01"_L1)
        return Fault::Locked;
    if (state.startsWith("XX"_L1))
        return Fault::Corrupt;
    return Fault::Statement;
}

} // namespace

QString Dialect::driverName() const
{
    return isSqlite() ? u"QSQLITE"_s : u"QPSQL"_s;
}

QString Dialect::migrationFolder() const
{
    return isSqlite() ? u":/sql/sqlite"_s : u":/sql/postgresql"_s;
}

QString Dialect::beginWriting() const
{
    return isSqlite() ? u"BEGIN IMMEDIATE"_s : u"BEGIN"_s;
}

QString Dialect::beginReading() const
{
    return isSqlite() ? u"BEGIN"_s : u"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"_s;
}

QString Dialect::lockingSuffix() const
{
    return isSqlite() ? QString() : u" FOR UPDATE"_s;
}

QString Dialect::afterExplicitId(const QString &table) const
{
    if (isSqlite())
        return {};
    return u"SELECT setval(pg_get_serial_sequence('%1', 'id'), (SELECT max(id) FROM %1))"_s.arg(
        table);
}

QString Dialect::lastIdOf(const QString &table) const
{
    if (isSqlite())
        return u"SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '%1'"_s.arg(table);
    return u"SELECT coalesce(max(last_value), 0) FROM pg_sequences"
           " WHERE schemaname = current_schema() AND sequencename = '%1_id_seq'"_s.arg(table);
}

Fault Dialect::faultOf(const QSqlError &error) const
{
    if (!error.isValid())
        return Fault::None;
    return isSqlite() ? faultOfSqlite(error.nativeErrorCode())
                      : faultOfPostgresql(error.nativeErrorCode());
}

Fault sqliteFault(int resultCode)
{
    switch (resultCode) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        return Fault::Conflict;
    case SQLITE_IOERR_SHMSIZE: // the index of the journal cannot grow
        return Fault::Full;
    default:
        break;
    }
    switch (resultCode & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return Fault::Locked;
    case SQLITE_FULL:
        return Fault::Full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return Fault::ReadOnly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return Fault::Corrupt;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return Fault::Unreachable;
    case SQLITE_INTERRUPT:
        return Fault::Interrupted;
    default:
        return Fault::Statement;
    }
}

} // namespace gatehouse::storage
