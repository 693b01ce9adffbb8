#include "storage/import/privatecopy.h"

#include "storage/database.h"
#include "storage/statement.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>

#include <filesystem>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

const QString folderPrefix = u"import-"_s;
const QStringList besideDatabase{u"-journal"_s, u"-wal"_s};
constexpr qint64 headerSize = 100;

// Under whatever name.
bool liesIn(const QString &folder, const QString &path)
{
    const std::filesystem::path file = QFileInfo(path).filesystemFilePath();
    const QDir own(folder);
    const QStringList names = own.entryList(QDir::Files | QDir::Hidden | QDir::System);
    return std::any_of(names.cbegin(), names.cend(), [&](const QString &name) {
        std::error_code problem;
        return std::filesystem::equivalent(
            file, QFileInfo(own.filePath(name)).filesystemFilePath(), problem);
    });
}

// What the file begins with, if it is one of SQLite's.
Result<QByteArray> checkedHeader(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(ErrorCode::NotFound, Message::tr("There is no file %1.").arg(path));
    // Opening anything else, such as a named pipe, might never end.
    if (!info.isFile()) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 is no file. Choose the database itself, mostly one-api.db.").arg(path));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::Unavailable,
                    Message::tr("The file %1 cannot be read. Check its permissions.").arg(path),
                    file.errorString());
    }
    const QByteArray header = file.read(headerSize);
    if (header.isEmpty()) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The file %1 is empty. Choose the database of One API or New API, "
                                "mostly one-api.db.")
                        .arg(path));
    }
    if (header.size() < headerSize || !header.startsWith(QByteArrayView("SQLite format 3\0", 16))) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The file %1 is no SQLite database, or it is encrypted. Choose the "
                        "database of One API or New API, mostly one-api.db. One on MySQL or "
                        "PostgreSQL cannot be imported.")
                .arg(path));
    }
    return header;
}

// Two of the header's bytes tell the journal: https://www.sqlite.org/fileformat.html, section 1.3.3.
bool usesWriteAheadLog(const QByteArray &header)
{
    return header[18] == 2 || header[19] == 2;
}

// While it is open nobody changes the file. Null: a lock is not to be had, because a crash left a
// journal that was not played back yet, and so nobody is writing.
Result<std::unique_ptr<Database>> sharedLock(const QString &path)
{
    DatabaseOptions options;
    options.path = path;
    Result<std::unique_ptr<Database>> database =
        Database::open(options, Database::Access::ReadOnly);
    if (!database)
        return database;
    const Result<> locked = executeDirectly(**database, u"BEGIN"_s).and_then([&] {
        return numberOf(**database, execute(**database, u"SELECT count(*) FROM sqlite_master"_s))
            .map([](qint64) {});
    });
    if (locked)
        return database;
    if ((*database)->fault() == Fault::Locked)
        return fail(locked.error());
    return std::unique_ptr<Database>();
}

// By which a change of the file, or of what lies beside it, is noticed.
QList<std::pair<qint64, QDateTime>> stateOf(const QString &path)
{
    QList<std::pair<qint64, QDateTime>> state;
    for (const QString &suffix : QStringList{u""_s} + besideDatabase) {
        const QFileInfo file(path + suffix);
        state.append({file.exists() ? file.size() : -1, file.lastModified()});
    }
    return state;
}

qint64 sizeOf(const QString &path)
{
    qint64 size = 0;
    for (const auto &[part, changed] : stateOf(path))
        size += std::max<qint64>(part, 0);
    return size;
}

// The journal first: once the file itself was read, its lock is gone.
Result<> copyFiles(const QString &source, const QString &target)
{
    for (const QString &suffix : besideDatabase + QStringList{u""_s}) {
        QFile::remove(target + suffix);
        QFile file(source + suffix);
        if (!suffix.isEmpty() && !file.exists())
            continue;
        if (!file.copy(target + suffix)) {
            // One that was there may just have been removed with the end of a transaction.
            if (!suffix.isEmpty() && !QFileInfo::exists(source + suffix))
                continue;
            return fail(ErrorCode::Unavailable,
                        Message::tr("The file %1 cannot be copied to %2. Check the permissions and "
                                    "the free space.")
                            .arg(source, QFileInfo(target).absolutePath()),
                        file.errorString());
        }
        QFile::setPermissions(target + suffix, QFile::ReadOwner | QFile::WriteOwner);
    }
    return {};
}

Result<> checkRoom(const QString &source, const QString &folder)
{
    const QStorageInfo disk(folder);
    if (!disk.isValid() || disk.bytesAvailable() > sizeOf(source))
        return {};
    return fail(ErrorCode::Unavailable,
                Message::tr("There is no room for a copy of %1 in %2. Free %3 MB there.")
                    .arg(source, folder, sizeOf(source) / 1'000'000 + 1));
}

} // namespace

PrivateCopy::PrivateCopy(const QString &folder)
    : m_folder(QDir(folder).filePath(folderPrefix + u"XXXXXX"_s))
{}

QString PrivateCopy::path() const
{
    return m_folder.filePath(u"copy.db"_s);
}

Result<std::unique_ptr<PrivateCopy>> PrivateCopy::of(const QString &path, const QString &folder)
{
    if (liesIn(folder, path)) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The file %1 lies in Gatehouse's own folder. Choose the database of "
                        "One API or New API, mostly one-api.db; if it is that, copy it "
                        "elsewhere first.")
                .arg(path));
    }
    const Result<QByteArray> header = checkedHeader(path);
    if (!header)
        return fail(header.error());
    // SQLite keeps the journal beside the file that a link leads to.
    const QString source = QFileInfo(path).canonicalFilePath();
    if (const Result<> room = checkRoom(source, folder); !room)
        return fail(room.error());
    std::unique_ptr<PrivateCopy> copy(new PrivateCopy(folder));
    if (!copy->m_folder.isValid()) {
        return fail(ErrorCode::Unavailable,
                    Message::tr("No folder for a copy can be made in %1. Check its permissions.")
                        .arg(folder),
                    copy->m_folder.errorString());
    }
    constexpr int tries = 5;
    for (int i = 0; i < tries; ++i) {
        std::unique_ptr<Database> lock;
        if (!usesWriteAheadLog(*header)) {
            Result<std::unique_ptr<Database>> locked = sharedLock(source);
            if (!locked)
                return fail(locked.error());
            lock = std::move(*locked);
        }
        const auto before = stateOf(source);
        if (const Result<> copied = copyFiles(source, copy->path()); !copied)
            return fail(copied.error());
        if (lock || stateOf(source) == before)
            return copy;
    }
    return fail(ErrorCode::Unavailable,
                Message::tr("The file %1 changed again and again while it was copied. Stop the "
                            "program that writes to it, and try again.")
                    .arg(path));
}

void removeLeftCopies(const QString &folder)
{
    const QDir place(folder);
    for (const QString &name : place.entryList(
             {folderPrefix + u"??????"_s}, QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks))
        QDir(place.filePath(name)).removeRecursively();
}

} // namespace gatehouse::storage
