#include "storage/backup.h"

#include "base/systemreason.h"
#include "storage/databasefile.h"
#include "storage/interruption.h"
#include "storage/migrations.h"
#include "storage/repositories/metarepository.h"
#include "storage/statement.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <filesystem>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Error;
using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
// Ours by its name: what is called so was left by a copy that was cut short.
const QString partSuffix = u".gatehouse-part"_s;

const QString stampForm = u"yyyyMMdd-HHmmss-zzz"_s;
const QString namePrefix = u"gatehouse-"_s;

QString timeStamp()
{
    return QDateTime::currentDateTimeUtc().toString(stampForm);
}

// One that is later than those of the backups made just before, since the order of their names is that
// in which they were made.
QString nextTimeStamp(const QString &directory)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QDateTime before;
    for (const QString &path : backupsIn(directory)) {
        if (const auto name = backupNameOf(path)) {
            before = name->madeAt;
            break;
        }
    }
    // What lies further ahead is of a clock that was wrong.
    constexpr qint64 soon = 1000;
    const qint64 ahead = before.isValid() ? now.msecsTo(before) : -1;
    return (ahead >= 0 && ahead < soon ? before.addMSecs(1) : now).toString(stampForm);
}

Error cannotWrite(const QString &path, const QString &detail)
{
    return {ErrorCode::Unavailable,
            Message::tr(
                "The copy %1 cannot be written. Check the permissions and the free space of its "
                "folder.")
                .arg(path),
            detail};
}

Error cancelled()
{
    return {ErrorCode::Cancelled, Message::tr("The operation was cancelled."), {}};
}

Result<qint64> rowsOf(Database &database, const QString &sql)
{
    Result<QSqlQuery> row = execute(database, sql);
    if (!row)
        return base::fail(row.error());
    if (Result<bool> read = nextRow(database, *row); !read)
        return base::fail(read.error());
    return row->value(0).toLongLong();
}

void removeOldest(const QString &directory, qint64 kept)
{
    QStringList files = backupsIn(directory);
    files.removeIf([](const QString &path) { return !backupNameOf(path); });
    for (qsizetype i = std::max<qint64>(kept, 1); i < files.size(); ++i)
        QFile::remove(files[i]);
}

// What a copy has left that was cut short.
void removeParts(const QString &directory)
{
    const QDir folder(directory);
    for (const QString &name :
         folder.entryList({u"gatehouse-*.db"_s + partSuffix + u'*'}, QDir::Files))
        QFile::remove(folder.absoluteFilePath(name));
}

// The database, and what the program keeps beside it, such as the secrets that open its keys and a backup
// that waits to be restored. Copies that somebody has put there are called *.db.
bool belongsToDatabase(const QString &target, const QString &database)
{
    const QFileInfo chosen(target);
    const QFileInfo beside(database);
    const bool isBeside = QFileInfo(chosen.absolutePath()).canonicalFilePath()
                          == QFileInfo(beside.absolutePath()).canonicalFilePath();
    const bool isKept = chosen.exists() && !chosen.fileName().endsWith(".db"_L1);
    if (isBeside && (isKept || chosen.fileName().startsWith(QString(beside.fileName() + u'.'))))
        return true;
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s}) {
        const QFileInfo own(database + suffix);
        if (chosen.absoluteFilePath() == own.absoluteFilePath()
            || (chosen.exists() && chosen.canonicalFilePath() == own.canonicalFilePath()))
            return true;
    }
    return false;
}

// Cookies of today must not count for the epochs of then: sessions that were ended since would begin
// anew. An epoch that is a time lies above all that were counted, and above that of an earlier restore.
// Which of the access tokens of then were voided since nobody knows any more, so that all of them are.
Result<> endSessions(const QString &path)
{
    DatabaseOptions options;
    options.path = path;
    const Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadWrite);
    if (!database)
        return base::fail(database.error());
    const Result<QSqlQuery> raised =
        execute(**database,
                u"UPDATE users SET session_epoch = max(session_epoch + 1, :now),"
                " access_token_hash = NULL"_s,
                {{u":now"_s, QDateTime::currentSecsSinceEpoch()}});
    if (!raised)
        return base::fail(raised.error());
    const Result<> removed = MetaRepository(**database).remove(meta::backupSecrets);
    return removed ? closeJournal(**database) : removed;
}

// Empty ones: none are left in it, not even in what is free of its pages.
Result<> keepSecrets(const QString &path, const QByteArray &secrets)
{
    DatabaseOptions options;
    options.path = path;
    const Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadWrite);
    if (!database)
        return base::fail(database.error());
    MetaRepository meta(**database);
    const Result<> kept = executeDirectly(**database, u"PRAGMA secure_delete = ON"_s).and_then([&] {
        return secrets.isEmpty() ? meta.remove(meta::backupSecrets)
                                 : meta.save(meta::backupSecrets, secrets);
    });
    return kept ? closeJournal(**database) : kept;
}

// Whether it was put in its place by hand, with what a backup alone has.
bool hasBackupSecrets(Database &database)
{
    const auto secrets = MetaRepository(database).find(meta::backupSecrets);
    return secrets && *secrets;
}

// Where the database is laid aside to: one name for one copy that is restored.
QString asidePathOf(const QString &path, const QString &backup)
{
    const QDateTime made = QFileInfo(backup).lastModified().toUTC();
    return path % u".replaced-"_s % made.toString(stampForm);
}

// Of a start that was ended between moving the file and what else there was to do. Its journal, which may have
// stayed behind, is worth nothing without it.
void takeBackMove(const QString &path, const QString &aside)
{
    if (!QFileInfo::exists(path) && QFileInfo::exists(aside))
        moveDatabase(aside, path);
}

// With its journal: another database under that name must not find it.
void removeDatabase(const QString &path)
{
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s})
        QFile::remove(path + suffix);
}

} // namespace

Result<> closeJournal(Database &copy)
{
    return executeDirectly(copy, u"PRAGMA journal_mode = DELETE"_s);
}

Result<> copyDatabase(Database &database, const QString &target, const QByteArray &secrets)
{
    if (!database.dialect().isSqlite()) {
        return base::fail(
            ErrorCode::InvalidInput,
            Message::tr("A PostgreSQL database is backed up with its own tools, such as "
                        "pg_dump."));
    }
    if (belongsToDatabase(target, database.options().path)) {
        return base::fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 belongs to the database itself. Choose another name.").arg(target));
    }
    // Under its own name there is never half a copy, whatever ends the program meanwhile.
    const QString part = target + partSuffix;
    QFile::remove(part);
    // SQLite takes an empty file for the copy, and keeps its permissions.
    QFile file(part);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerOnly))
        return base::fail(cannotWrite(target, base::systemReason(file.errorString()).english()));
    file.close();
    const Result<QSqlQuery> copied =
        execute(database, u"VACUUM INTO :target"_s, {{u":target"_s, part}});
    if (!copied) {
        QFile::remove(part);
        if (database.fault() == Fault::Interrupted)
            return base::fail(cancelled());
        return base::fail(cannotWrite(target, copied.error().detail));
    }
    if (!secrets.isEmpty() || hasBackupSecrets(database)) {
        if (const Result<> kept = keepSecrets(part, secrets); !kept) {
            removeDatabase(part);
            return base::fail(cannotWrite(target, kept.error().detail));
        }
    }
    std::error_code problem;
    std::filesystem::rename(
        QFileInfo(part).filesystemFilePath(), QFileInfo(target).filesystemFilePath(), problem);
    if (problem) {
        QFile::remove(part);
        return base::fail(cannotWrite(target, QString::fromStdString(problem.message())));
    }
    return {};
}

Result<QString> backUp(Database &database, const QString &reason, const QByteArray &secrets)
{
    const QString directory = database.options().effectiveBackupDirectory();
    // A folder that somebody chose may be used for other things, too.
    const bool isOurs = database.options().backupDirectory.isEmpty();
    if (!isOurs && !QDir(directory).exists()) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("The folder of backups, %1, is not there. Connect the disk it is on, or "
                        "choose another folder.")
                .arg(directory));
    }
    if (!QDir().mkpath(directory))
        return base::fail(cannotWrite(directory, u"the folder cannot be made"_s));
    if (isOurs)
        QFile::setPermissions(directory, ownerOnly | QFile::ExeOwner);
    removeParts(directory);
    const QString target =
        directory % u'/' % namePrefix % nextTimeStamp(directory) % u'-' % reason % u".db"_s;
    if (Result<> copied = copyDatabase(database, target, secrets); !copied)
        return base::fail(copied.error());
    removeOldest(directory, database.options().keptBackups);
    return target;
}

QStringList backupsIn(const QString &directory)
{
    QStringList paths;
    const QDir folder(directory);
    for (const QString &name :
         folder.entryList({u"gatehouse-*.db"_s}, QDir::Files, QDir::Name | QDir::Reversed))
        paths.append(folder.absoluteFilePath(name));
    return paths;
}

std::optional<BackupName> backupNameOf(const QString &path)
{
    // By its reason too: what a person has copied or renamed is none.
    static const QRegularExpression form(
        u"^gatehouse-(\\d{8}-\\d{6}-\\d{3})"
        "-(manual|manual-with-secrets|scheduled|before-(?:import|migration|restore))\\.db$"_s);
    const QRegularExpressionMatch match = form.match(QFileInfo(path).fileName());
    if (!match.hasMatch())
        return std::nullopt;
    BackupName name{.madeAt = QDateTime::fromString(match.captured(1), stampForm),
                    .reason = match.captured(2)};
    name.madeAt.setTimeSpec(Qt::UTC);
    return name;
}

Result<BackupSummary> inspectBackup(const QString &path, const std::stop_token &stop)
{
    const Result<int> schema = inspectDatabaseFile(path, true, stop);
    if (!schema)
        return base::fail(schema.error());
    const Result<int> present = presentSchema();
    if (!present)
        return base::fail(present.error());
    // In its place it would keep this program from starting.
    if (*schema > *present)
        return base::fail(newerSchema(path, *schema));
    DatabaseOptions options;
    options.path = path;
    const Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadOnly);
    if (!database)
        return base::fail(database.error());
    const Interruption interruption(**database, stop);
    const Result<qint64> channels = rowsOf(**database, u"SELECT count(*) FROM channels"_s);
    const Result<qint64> users =
        rowsOf(**database, u"SELECT count(*) FROM users WHERE status <> 3"_s);
    const Result<qint64> records = rowsOf(**database, u"SELECT count(*) FROM usage_records"_s);
    const auto key = MetaRepository(**database).find(meta::masterKeyCheck);
    const auto secrets = MetaRepository(**database).find(meta::backupSecrets);
    if (stop.stop_requested())
        return base::fail(cancelled());
    if (!channels || !users || !records || !key || !secrets)
        return base::fail(ErrorCode::Unavailable,
                          Message::tr("The copy %1 lacks a part of the database.").arg(path));
    return BackupSummary{.schema = *schema,
                         .channels = *channels,
                         .users = *users,
                         .records = *records,
                         .masterKeyCheck = key->value_or(QByteArray()),
                         .secrets = secrets->value_or(QByteArray())};
}

Result<QString> restoreBackup(const QString &backup, const DatabaseOptions &options)
{
    QString aside = asidePathOf(options.path, backup);
    takeBackMove(options.path, aside);
    if (const Result<BackupSummary> summary = inspectBackup(backup); !summary)
        return base::fail(summary.error());
    const QString fresh = options.path + u".restored"_s;
    removeDatabase(fresh);
    if (!QFile::copy(backup, fresh) || !QFile::setPermissions(fresh, ownerOnly)) {
        removeDatabase(fresh);
        return base::fail(cannotWrite(fresh, u"the backup was not copied"_s));
    }
    if (Result<> ended = endSessions(fresh); !ended) {
        removeDatabase(fresh);
        return base::fail(ended.error());
    }

    // What fails here leaves the former database in its place: without it the next start would begin anew.
    if (QFileInfo::exists(aside)) // of a start that was ended when it had restored this copy
        aside = options.path % u".replaced-"_s % timeStamp();
    if (!moveDatabase(options.path, aside)) {
        removeDatabase(fresh);
        return base::fail(cannotWrite(aside, u"the present file was not moved"_s));
    }
    if (!QFile::rename(fresh, options.path)) {
        moveDatabase(aside, options.path);
        removeDatabase(fresh);
        return base::fail(cannotWrite(options.path, u"the copy was not put in place"_s));
    }
    return QFileInfo::exists(aside) ? aside : QString();
}

} // namespace gatehouse::storage
