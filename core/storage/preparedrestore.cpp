#include "storage/preparedrestore.h"

#include "storage/backup.h"
#include "storage/database.h"
#include "storage/databasefile.h"
#include "storage/interruption.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QScopeGuard>

#include <filesystem>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

QString waitingPath(const DatabaseOptions &options)
{
    return options.path + u".to-restore"_s;
}

// Of a copy that does not wait yet.
QString freshPath(const DatabaseOptions &options)
{
    return waitingPath(options) + u".new"_s;
}

// There while an empty database stands in for the one that a restore brings. Names the file in the same folder
// where the damaged database is kept, if there was one.
QString notePath(const DatabaseOptions &options)
{
    return options.path + u".stand-in"_s;
}

bool noteStandIn(const DatabaseOptions &options, const QString &aside)
{
    QSaveFile note(notePath(options));
    return note.open(QIODevice::WriteOnly)
           && note.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
           && note.write(QFileInfo(aside).fileName().toUtf8()) >= 0 && note.commit();
}

// Of the damaged database that a stand-in lies in the place of. Empty: there is none.
QString standInFor(const DatabaseOptions &options)
{
    QFile note(notePath(options));
    if (!note.open(QIODevice::ReadOnly))
        return {};
    const QString name = QFileInfo(QString::fromUtf8(note.readAll())).fileName();
    return name.isEmpty() ? QString()
                          : QFileInfo(options.path).absoluteDir().absoluteFilePath(name);
}

bool isDatabaseThere(const QString &path)
{
    return QFileInfo::exists(path) || QFileInfo::exists(path + u"-wal"_s);
}

QString presentStamp()
{
    return QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd-HHmmss-zzz"_s);
}

// With the journal of what was changed in it, and what a copy that was cut short has left.
void removeFresh(const QString &path)
{
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s, u".gatehouse-part"_s})
        QFile::remove(path + suffix);
}

// Into a new file, which is its owner's alone. In parts, between which it can be stopped.
bool copyInParts(const QString &from, const QString &to, const std::stop_token &stop)
{
    constexpr qint64 part = 1024 * 1024;
    QFile source(from);
    QFile target(to);
    if (!source.open(QIODevice::ReadOnly)
        || !target.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                        QFile::ReadOwner | QFile::WriteOwner))
        return false;
    QByteArray bytes(part, Qt::Uninitialized);
    while (!stop.stop_requested()) {
        const qint64 read = source.read(bytes.data(), part);
        if (read <= 0)
            return read == 0 && target.flush();
        if (target.write(bytes.constData(), read) != read)
            return false;
    }
    return false;
}

// A database that was not closed, such as one in use, has its last changes in its journal alone.
bool hasJournal(const QString &backup)
{
    return QFileInfo(backup + u"-wal"_s).size() > 0;
}

Result<> copyWithJournal(const QString &from, const QString &to, const std::stop_token &stop)
{
    DatabaseOptions source;
    source.path = from;
    const Result<std::unique_ptr<Database>> database =
        Database::open(source, Database::Access::ReadOnly);
    if (!database)
        return base::fail(database.error());
    const Interruption interruption(**database, stop);
    return copyDatabase(**database, to);
}

Result<> copyBackup(const QString &from, const QString &to, const std::stop_token &stop)
{
    if (hasJournal(from))
        return copyWithJournal(from, to, stop);
    if (copyInParts(from, to, stop))
        return {};
    return base::fail(ErrorCode::Unavailable, Message());
}

} // namespace

Result<> prepareRestore(const QString &backup,
                        const DatabaseOptions &options,
                        const std::stop_token &stop,
                        const std::function<Result<>()> &secure,
                        const std::function<Result<>(const QString &)> &adapt)
{
    const QString waiting = waitingPath(options);
    const QString fresh = freshPath(options);
    const auto cannotCopy = [&waiting](const QString &detail) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("The backup cannot be copied to %1. Check the permissions and "
                        "the free space of its folder.")
                .arg(waiting),
            detail);
    };
    removeFresh(fresh);
    const auto removal = qScopeGuard([&fresh] { removeFresh(fresh); });
    if (const Result<> copied = copyBackup(backup, fresh, stop); !copied) {
        if (stop.stop_requested())
            return base::fail(ErrorCode::Cancelled, Message::tr("The operation was cancelled."));
        return cannotCopy(copied.error().detail);
    }
    if (adapt) {
        if (Result<> adapted = adapt(fresh); !adapted)
            return adapted;
    }
    if (secure) {
        if (Result<> secured = secure(); !secured)
            return secured;
    }
    // Takes the place of what waited in one step, which QFile::rename() would not.
    std::error_code problem;
    std::filesystem::rename(
        QFileInfo(fresh).filesystemFilePath(), QFileInfo(waiting).filesystemFilePath(), problem);
    if (problem)
        return cannotCopy(QString::fromStdString(problem.message()));
    return {};
}

Result<> cancelRestore(const DatabaseOptions &options)
{
    const QString waiting = waitingPath(options);
    if (!QFileInfo::exists(waiting) || QFile::remove(waiting))
        return {};
    return base::fail(ErrorCode::Unavailable, Message::tr("%1 cannot be removed.").arg(waiting));
}

// Whoever was ended meanwhile may have got no further than the note, or than a part of the files.
Result<> leaveStandIn(const DatabaseOptions &options)
{
    if (!hasStandIn(options))
        return {};
    if (const QString aside = standInFor(options); !aside.isEmpty() && isDatabaseThere(aside)) {
        const bool isStandIn = QFileInfo::exists(options.path);
        // It may have been worked with.
        const QString kept = options.path % u".replaced-"_s % presentStamp();
        if ((isStandIn && !moveDatabase(options.path, kept))
            || !moveDatabase(aside, options.path)) {
            return base::fail(
                ErrorCode::Unavailable,
                Message::tr("The database %1 cannot be put in its place.").arg(options.path));
        }
    }
    QFile::remove(notePath(options));
    return {};
}

bool hasStandIn(const DatabaseOptions &options)
{
    return options.url.isEmpty() && QFileInfo::exists(notePath(options));
}

bool isRestorePrepared(const DatabaseOptions &options)
{
    return options.url.isEmpty() && QFileInfo::exists(waitingPath(options));
}

Result<std::optional<QString>> applyPreparedRestore(const DatabaseOptions &options)
{
    if (options.url.isEmpty())
        removeFresh(freshPath(options));
    if (!isRestorePrepared(options)) {
        if (const Result<> left = leaveStandIn(options); !left)
            return base::fail(left.error());
        return std::nullopt;
    }
    const QString waiting = waitingPath(options);
    const Result<QString> former = restoreBackup(waiting, options);
    if (!former) {
        // Otherwise no start would ever succeed again.
        QFile::remove(waiting + u".refused"_s);
        QFile::rename(waiting, waiting + u".refused"_s);
        // Else the next start would begin with what merely stands in.
        if (const Result<> left = leaveStandIn(options); !left)
            return base::fail(left.error());
        return base::fail(former.error());
    }
    QFile::remove(notePath(options)); // before the copy, which alone tells that there was a restore
    QFile::remove(waiting);
    return *former;
}

RestoreRoom::RestoreRoom(DatabaseOptions options, bool isEmpty)
    : m_options(std::move(options))
    , m_isEmpty(isEmpty)
{}

Result<std::unique_ptr<RestoreRoom>> RestoreRoom::make(const DatabaseOptions &options)
{
    const bool isFile = options.url.isEmpty();
    if (isFile && !isRestorePrepared(options)) {
        if (const Result<> left = leaveStandIn(options); !left)
            return base::fail(left.error());
    }
    const bool isDamaged = isFile && isDamagedDatabase(options.path);
    const bool isEmpty = isDamaged || (isFile && !QFileInfo::exists(options.path));
    if (!isEmpty)
        return std::unique_ptr<RestoreRoom>(new RestoreRoom(options, false));
    const QString aside =
        isDamaged ? QString(options.path % u".damaged-"_s % presentStamp()) : QString();
    if (noteStandIn(options, aside) && (!isDamaged || moveDatabase(options.path, aside))) {
        std::unique_ptr<RestoreRoom> room(new RestoreRoom(options, true));
        room->m_aside = aside;
        return room;
    }
    QFile::remove(notePath(options));
    const Message message =
        isDamaged ? Message::tr("The damaged database %1 cannot be moved away. Check the "
                                "permissions of its folder.")
                  : Message::tr("The database %1 cannot be made. Check the permissions of its "
                                "folder.");
    return base::fail(ErrorCode::Unavailable, message.arg(options.path));
}

RestoreRoom::~RestoreRoom()
{
    if (!m_isEmpty || isRestorePrepared(m_options))
        return;
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s})
        QFile::remove(m_options.path + suffix);
    if (m_aside.isEmpty() || moveDatabase(m_aside, m_options.path))
        QFile::remove(notePath(m_options));
}

} // namespace gatehouse::storage
