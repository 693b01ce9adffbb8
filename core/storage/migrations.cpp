#include "storage/migrations.h"

#include "storage/statement.h"
#include "storage/transaction.h"

#include <QDateTime>
#include <QDir>
#include <QRegularExpression>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Error;
using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

const QString tableName = u"schema_migrations"_s;

Result<bool> hasMigrationsTable(Database &database)
{
    const QString sql = database.dialect().isSqlite()
                            ? u"SELECT count(*) FROM sqlite_master WHERE type = 'table'"
                              " AND name = :name"_s
                            : u"SELECT count(*) FROM information_schema.tables"
                              " WHERE table_schema = current_schema() AND table_name = :name"_s;
    Result<QSqlQuery> row = execute(database, sql, {{u":name"_s, tableName}});
    if (!row)
        return base::fail(row.error());
    if (Result<bool> read = nextRow(database, *row); !read)
        return read;
    return row->value(0).toLongLong() > 0;
}

Result<> makeMigrationsTable(Database &database)
{
    const Result<bool> exists = hasMigrationsTable(database);
    if (!exists)
        return base::fail(exists.error());
    if (*exists)
        return {};
    return executeDirectly(database,
                           u"CREATE TABLE schema_migrations ("
                           "number integer PRIMARY KEY, name text NOT NULL,"
                           " applied_at bigint NOT NULL)"_s);
}

Result<> apply(Database &database, const Migration &migration)
{
    for (const QString &statement : migration.statements) {
        if (Result<> done = executeDirectly(database, statement); !done)
            return done;
    }
    const Result<QSqlQuery> noted =
        execute(database,
                u"INSERT INTO schema_migrations (number, name, applied_at)"
                " VALUES (:number, :name, :time)"_s,
                {{u":number"_s, migration.number},
                 {u":name"_s, migration.name},
                 {u":time"_s, QDateTime::currentSecsSinceEpoch()}});
    if (!noted)
        return base::fail(noted.error());
    return {};
}

// Keeps a second node from migrating at the same time. The number stands for nothing else.
Result<> lockMigrations(Database &database)
{
    if (database.dialect().isSqlite())
        return {};
    return executeDirectly(database, u"SELECT pg_advisory_xact_lock(7142205538)"_s);
}

} // namespace

QStringList statementsIn(const QString &sql)
{
    QStringList statements;
    QString current;
    bool quoted = false;
    for (const QString &line : sql.split(u'\n')) {
        for (qsizetype i = 0; i < line.size(); ++i) {
            if (line[i] == u'\'')
                quoted = !quoted;
            if (!quoted && QStringView(line).mid(i).startsWith("--"_L1))
                break;
            if (!quoted && line[i] == u';') {
                statements.append(current.trimmed());
                current.clear();
            } else {
                current.append(line[i]);
            }
        }
        current.append(u'\n');
    }
    if (!current.trimmed().isEmpty())
        statements.append(current.trimmed());
    return statements;
}

Result<QList<Migration>> migrationsIn(const QString &folder)
{
    static const QRegularExpression pattern(u"^(\\d{4})_(\\w+)\\.sql$"_s);
    QList<Migration> migrations;
    for (const QString &file : QDir(folder).entryList({u"*.sql"_s}, QDir::Files, QDir::Name)) {
        const QRegularExpressionMatch match = pattern.match(file);
        QFile content(folder % u'/' % file);
        if (!match.hasMatch() || !content.open(QIODevice::ReadOnly)) {
            return base::fail(ErrorCode::Internal,
                              Message::tr("A description of the database's schema cannot be read."),
                              content.fileName());
        }
        migrations.append({match.captured(1).toInt(),
                           match.captured(2),
                           statementsIn(QString::fromUtf8(content.readAll()))});
    }
    if (migrations.isEmpty()) {
        return base::fail(ErrorCode::Internal,
                          Message::tr("The descriptions of the database's schema are missing."),
                          folder);
    }
    return migrations;
}

Result<int> schemaNumber(Database &database)
{
    const Result<bool> exists = hasMigrationsTable(database);
    if (!exists)
        return base::fail(exists.error());
    if (!*exists)
        return 0;
    Result<QSqlQuery> row =
        execute(database, u"SELECT coalesce(max(number), 0) FROM schema_migrations"_s);
    if (!row)
        return base::fail(row.error());
    if (Result<bool> read = nextRow(database, *row); !read)
        return base::fail(read.error());
    return row->value(0).toInt();
}

Result<> migrate(Database &database, const QList<Migration> &migrations)
{
    Result<Transaction> transaction = Transaction::begin(database);
    if (!transaction)
        return base::fail(transaction.error());
    const Result<int> present = lockMigrations(database)
                                    .and_then([&] { return makeMigrationsTable(database); })
                                    .and_then([&] { return schemaNumber(database); });
    if (!present)
        return base::fail(present.error());
    if (*present > migrations.back().number)
        return base::fail(newerSchema(database.options().displayName(), *present));
    for (const Migration &migration : migrations) {
        if (migration.number <= *present)
            continue;
        if (Result<> applied = apply(database, migration); !applied)
            return applied;
    }
    return transaction->commit();
}

Error newerSchema(const QString &name, int number)
{
    return {
        ErrorCode::Unavailable,
        Message::tr(
            "The database %1 was made by a newer version of Gatehouse. Install that version, or "
            "restore a backup.")
            .arg(name),
        u"schema %1"_s.arg(number)};
}

} // namespace gatehouse::storage
