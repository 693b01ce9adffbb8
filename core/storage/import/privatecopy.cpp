#include "storage/import/privatecopy.h"

#include "base/systemreason.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Error;
using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

// Within the folder of the data. What lies elsewhere is somebody else's, whatever its name.
const QString ownFolder = u".gatehouse-imports"_s;
const QString fileName = u"copy.db"_s;
const QStringList besideDatabase{u"-journal"_s, u"-wal"_s};

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

Error cannotCopy(const QString &source, const QString &target, const QString &detail)
{
    return {ErrorCode::Unavailable,
            Message::tr("The file %1 cannot be copied to %2. Check the permissions and "
                        "the free space.")
                .arg(source, QFileInfo(target).absolutePath()),
            detail};
}

// In pieces, between which it can be stopped.
Result<> copyContent(QFile &from, QFile &to, const std::stop_token &stop)
{
    constexpr qint64 piece = 1024 * 1024;
    while (true) {
        if (stop.stop_requested())
            return fail(importStopped());
        const QByteArray content = from.read(piece);
        if (content.isEmpty() && from.error() != QFile::NoError)
            return fail(cannotCopy(
                from.fileName(), to.fileName(), base::systemReason(from.errorString()).english()));
        if (content.isEmpty())
            break;
        if (to.write(content) != content.size())
            return fail(cannotCopy(
                from.fileName(), to.fileName(), base::systemReason(to.errorString()).english()));
    }
    if (!to.flush())
        return fail(cannotCopy(
            from.fileName(), to.fileName(), base::systemReason(to.errorString()).english()));
    return {};
}

// What lies beside the file first.
Result<> copyFiles(const QString &source, const QString &target, const std::stop_token &stop)
{
    for (const QString &suffix : besideDatabase + QStringList{u""_s}) {
        QFile::remove(target + suffix);
        QFile from(source + suffix);
        if (!suffix.isEmpty() && !from.exists())
            continue;
        if (!from.open(QIODevice::ReadOnly)) {
            // One that was there may just have been removed with the end of a transaction.
            if (!suffix.isEmpty() && !from.exists())
                continue;
            return fail(cannotCopy(
                from.fileName(), target, base::systemReason(from.errorString()).english()));
        }
        QFile to(target + suffix);
        if (!to.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                     QFile::ReadOwner | QFile::WriteOwner))
            return fail(cannotCopy(
                from.fileName(), target, base::systemReason(to.errorString()).english()));
        if (const Result<> copied = copyContent(from, to, stop); !copied)
            return copied;
    }
    return {};
}

// Nothing is in it that a copy does not consist of.
bool holdsCopyAlone(const QDir &folder)
{
    const QStringList own{
        fileName, fileName + u"-journal"_s, fileName + u"-wal"_s, fileName + u"-shm"_s};
    const QStringList entries =
        folder.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    return std::all_of(entries.begin(), entries.end(), [&](const QString &entry) {
        const QFileInfo file(folder.filePath(entry));
        return own.contains(entry) && file.isFile() && !file.isSymLink();
    });
}

// Made if it is not there.
QString placeWithin(const QString &folder)
{
    const QString place = QDir(folder).filePath(ownFolder);
    if (QDir().mkdir(place))
        QFile::setPermissions(place, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return place;
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

Error importStopped()
{
    return {ErrorCode::Cancelled, Message::tr("The import was stopped. Nothing was changed."), {}};
}

PrivateCopy::PrivateCopy(const QString &folder)
    : m_place(placeWithin(folder))
    , m_folder(m_place + u"/XXXXXX"_s)
{}

PrivateCopy::~PrivateCopy()
{
    m_folder.remove();
    QDir().rmdir(m_place); // if it is empty now
}

QString PrivateCopy::path() const
{
    return m_folder.filePath(fileName);
}

Result<std::unique_ptr<PrivateCopy>>
PrivateCopy::of(const QString &source, const QString &folder, const std::stop_token &stop)
{
    if (const Result<> room = checkRoom(source, folder); !room)
        return fail(room.error());
    std::unique_ptr<PrivateCopy> copy(new PrivateCopy(folder));
    if (!copy->m_folder.isValid()) {
        return fail(ErrorCode::Unavailable,
                    Message::tr("No folder for a copy can be made in %1. Check its permissions.")
                        .arg(folder),
                    base::systemReason(copy->m_folder.errorString()).english());
    }
    constexpr int tries = 5;
    for (int i = 0; i < tries; ++i) {
        const auto before = stateOf(source);
        if (const Result<> copied = copyFiles(source, copy->path(), stop); !copied)
            return fail(copied.error());
        if (stateOf(source) == before)
            return copy;
    }
    return fail(ErrorCode::Unavailable,
                Message::tr("The file %1 changed again and again while it was copied. Stop the "
                            "program that writes to it, and try again.")
                    .arg(source));
}

void removeLeftCopies(const QString &folder)
{
    const QFileInfo own(QDir(folder).filePath(ownFolder));
    if (!own.isDir() || own.isSymLink())
        return;
    const QDir place(own.filePath());
    const QStringList names =
        place.entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot | QDir::NoSymLinks);
    for (const QString &name : names) {
        if (QDir left(place.filePath(name)); holdsCopyAlone(left))
            left.removeRecursively();
    }
    QDir().rmdir(place.path()); // if it is empty now
}

} // namespace gatehouse::storage
