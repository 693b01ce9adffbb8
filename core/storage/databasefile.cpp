#include "storage/databasefile.h"

#include "base/logging.h"
#include "base/systemreason.h"
#include "storage/backup.h"
#include "storage/interruption.h"
#include "storage/migrations.h"
#include "storage/statement.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include <utility>

static void initializeSqlResources()
{
    Q_INIT_RESOURCE(sql);
}

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Error;
using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
// A larger file is checked at the start without its ledger, which is most of it.
constexpr qint64 quicklyChecked = 48 * 1024 * 1024;

Error damaged(const QString &path, const QString &detail)
{
    return {ErrorCode::Unavailable,
            Message::tr(
                "The database %1 is damaged or no database at all. It was left as it is. Restore a "
                "backup, or move it away to begin anew.")
                .arg(path),
            detail};
}

Error notWritable(const QString &path, const QString &detail)
{
    return {
        ErrorCode::Unavailable,
        Message::tr(
            "The database %1 cannot be written to. Check the permissions of the file and of its "
            "folder.")
            .arg(path),
        detail};
}

// The header is that of https://www.sqlite.org/fileformat.html, section 1.3.
Result<> checkHeader(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("The database %1 cannot be read. Check its permissions.").arg(path),
            base::systemReason(file.errorString()).english());
    }
    if (file.read(16) != QByteArrayView("SQLite format 3\0", 16))
        return base::fail(damaged(path, u"the header is not SQLite's"_s));
    return {};
}

Result<> checkPages(Database &database, const QString &table)
{
    const QString sql =
        table.isEmpty() ? u"PRAGMA quick_check(1)"_s : u"PRAGMA quick_check(\"%1\")"_s.arg(table);
    const QString path = database.options().path;
    Result<QSqlQuery> answer = execute(database, sql);
    if (!answer)
        return base::fail(answer.error());
    Result<bool> read = nextRow(database, *answer);
    if (!read)
        return base::fail(read.error());
    if (const QString text = answer->value(0).toString(); text != "ok"_L1)
        return base::fail(damaged(path, text.left(200)));
    return {};
}

// The tables that must be whole for the program to work.
Result<> checkEssentialPages(Database &database)
{
    for (const QString &table : database.connection().tables()) {
        if (table == "usage_records"_L1 || table.startsWith("sqlite_"_L1))
            continue;
        if (Result<> checked = checkPages(database, table); !checked)
            return checked;
    }
    return {};
}

Result<> checkWritable(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        return base::fail(notWritable(path, base::systemReason(file.errorString()).english()));
    // SQLite keeps its journal beside the file.
    QTemporaryFile probe(QFileInfo(path).absolutePath() + u"/.writable-XXXXXX"_s);
    if (!probe.open())
        return base::fail(notWritable(path, base::systemReason(probe.errorString()).english()));
    return {};
}

Result<> migrateConnected(const DatabaseOptions &options, const QList<Migration> &migrations)
{
    const Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadWrite);
    if (!database)
        return base::fail(database.error());
    return migrate(**database, migrations);
}

// A file that was not finished, because the program was ended, is begun anew.
Result<> createFile(const DatabaseOptions &options, const QList<Migration> &migrations)
{
    if (QFileInfo(options.path + u"-wal"_s).size() > 0)
        return base::fail(damaged(options.path, u"the file is gone, but its journal is there"_s));

    DatabaseOptions unfinished = options;
    unfinished.path = options.path + u".unfinished"_s;
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s})
        QFile::remove(unfinished.path + suffix);
    QFile file(unfinished.path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerOnly)) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("The database %1 cannot be made. Check the permissions of its folder.")
                .arg(options.path),
            base::systemReason(file.errorString()).english());
    }
    file.close();
    if (Result<> migrated = migrateConnected(unfinished, migrations); !migrated) {
        QFile::remove(unfinished.path);
        return migrated;
    }
    if (!QFile::rename(unfinished.path, options.path)) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("The database %1 cannot be put in its place.").arg(options.path));
    }
    return {};
}

Error cancelled()
{
    return {ErrorCode::Cancelled, Message::tr("The operation was cancelled."), {}};
}

// `isDamaged` tells of an error whether it is the file's own.
Result<int>
examined(const QString &path, bool thorough, const std::stop_token &stop, bool *isDamaged = nullptr)
{
    const auto judge = [&](const Error &error, bool isCorrupt) {
        if (isDamaged)
            *isDamaged = isCorrupt || error.message == damaged(path, {}).message;
    };
    if (Result<> header = checkHeader(path); !header) {
        judge(header.error(), false);
        return base::fail(header.error());
    }
    DatabaseOptions options;
    options.path = path;
    const Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadOnly);
    if (!database)
        return base::fail(database.error());
    const Interruption interruption(**database, stop);
    const bool whole = thorough || QFileInfo(path).size() <= quicklyChecked;
    const Result<> checked = whole ? checkPages(**database, {}) : checkEssentialPages(**database);
    if (!checked) {
        judge(checked.error(), (*database)->fault() == Fault::Corrupt);
        return base::fail(checked.error());
    }
    const Result<int> number = schemaNumber(**database);
    if (!number)
        judge(number.error(), (*database)->fault() == Fault::Corrupt);
    if (number && *number == 0) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("The file %1 is a database, but not one of Gatehouse. It was left as it "
                        "is.")
                .arg(path));
    }
    return number;
}

Result<> backUpBeforeMigration(const DatabaseOptions &options)
{
    const Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadOnly);
    if (!database)
        return base::fail(database.error());
    const QString reason = u"before-migration"_s;
    Result<QString> path = backUp(**database, reason);
    if (!path && !options.backupDirectory.isEmpty()) {
        // The chosen folder may be on a disk that is not there. Nothing could be set until this is done.
        qCWarning(base::lcStorage).noquote()
            << path.error().message.english() << "The copy is made beside the database instead.";
        DatabaseOptions beside = options;
        beside.backupDirectory.clear();
        const auto again = Database::open(beside, Database::Access::ReadOnly);
        if (!again)
            return base::fail(again.error());
        path = backUp(**again, reason);
    }
    if (!path)
        return base::fail(path.error());
    qCInfo(base::lcStorage).noquote() << "The database was copied to" << *path;
    return {};
}

Result<> prepareFile(const DatabaseOptions &options, const QList<Migration> &migrations)
{
    const QString &path = options.path;
    // A dangling link is there, too, though what it points to is not.
    if (!QFileInfo::exists(path) && !QFileInfo(path).isSymLink())
        return createFile(options, migrations);

    const Result<int> number = inspectDatabaseFile(path);
    if (!number)
        return base::fail(number.error());
    if (*number > migrations.back().number)
        return base::fail(newerSchema(path, *number));
    if (Result<> writable = checkWritable(path); !writable)
        return writable;
    QFile::setPermissions(path, ownerOnly);
    if (*number == migrations.back().number)
        return {};
    return backUpBeforeMigration(options).and_then(
        [&] { return migrateConnected(options, migrations); });
}

} // namespace

Result<int> inspectDatabaseFile(const QString &path, bool thorough, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return base::fail(cancelled());
    const Result<int> number = examined(path, thorough, stop);
    // A check that was broken off says that the database took too long, or that it is damaged.
    if (stop.stop_requested())
        return base::fail(cancelled());
    return number;
}

bool moveDatabase(const QString &from, const QString &to)
{
    QStringList moved;
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s}) {
        if (!QFileInfo::exists(from + suffix))
            continue;
        if (!QFile::rename(from + suffix, to + suffix)) {
            for (const QString &each : std::as_const(moved))
                QFile::rename(to + each, from + each);
            return false;
        }
        moved.append(suffix);
    }
    return true;
}

bool isDamagedDatabase(const QString &path)
{
    if (!QFileInfo::exists(path))
        return QFileInfo(path + u"-wal"_s).size() > 0;
    bool isDamaged = false;
    [[maybe_unused]] const Result<int> number = examined(path, true, {}, &isDamaged);
    return isDamaged;
}

Result<int> presentSchema()
{
    initializeSqlResources();
    return migrationsIn(DatabaseOptions().dialect().migrationFolder())
        .map([](const QList<Migration> &migrations) { return migrations.back().number; });
}

Result<> prepareDatabase(const DatabaseOptions &options)
{
    initializeSqlResources();
    const Result<QList<Migration>> migrations = migrationsIn(options.dialect().migrationFolder());
    if (!migrations)
        return base::fail(migrations.error());
    return prepareDatabase(options, *migrations);
}

Result<> prepareDatabase(const DatabaseOptions &options, const QList<Migration> &migrations)
{
    return options.dialect().isSqlite() ? prepareFile(options, migrations)
                                        : migrateConnected(options, migrations);
}

} // namespace gatehouse::storage
