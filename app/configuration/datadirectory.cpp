#include "configuration/datadirectory.h"

#include "base/systemreason.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

QString identityFile(const QString &directory)
{
    return directory + u"/identity"_s;
}

Result<QByteArray> identityIn(const QString &directory)
{
    const QString path = identityFile(directory);
    if (const QByteArray known = DataDirectory::identityOf(directory); !known.isEmpty())
        return known;
    const QByteArray fresh = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(ownerOnly)
        || file.write(fresh + '\n') < 0 || !file.commit()) {
        return fail(ErrorCode::Denied,
                    base::Message::tr("The data directory %1 cannot be written to (%2).")
                        .arg(directory, base::systemReason(file.errorString())));
    }
    return fresh;
}

} // namespace

DataDirectory::DataDirectory(QString path, FileLock lock, QByteArray identity)
    : m_path(std::move(path))
    , m_lock(std::move(lock))
    , m_identity(std::move(identity))
{}

QByteArray DataDirectory::identityOf(const QString &path)
{
    QFile known(identityFile(path));
    return known.open(QIODevice::ReadOnly) ? known.readAll().trimmed() : QByteArray();
}

Result<DataDirectory> DataDirectory::open(const QString &path, Holder::Kind kind)
{
    const bool existed = QDir(path).exists();
    if (!QDir().mkpath(path)) {
        return fail(ErrorCode::Denied,
                    base::Message::tr(
                        "The data directory %1 cannot be made. Choose another one with --data-dir.")
                        .arg(path));
    }
    const QFileDevice::Permissions wanted = ownerOnly | QFileDevice::ExeOwner;
    const bool isPrivate =
        (QFile::permissions(path)
         & (QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
            | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther))
        == 0;
    if ((!existed || !isPrivate) && !QFile::setPermissions(path, wanted)) {
        return fail(
            ErrorCode::Denied,
            base::Message::tr(
                "The data directory %1 can be read by others, and its permissions cannot be "
                "changed to 0700.")
                .arg(path));
    }
    Result<FileLock> lock = FileLock::take(lockFile(path));
    if (!lock)
        return fail(lock.error());
    lock->leaveNote(holderLine(ownHolder(kind)));
    Result<QByteArray> identity = identityIn(path);
    if (!identity)
        return fail(identity.error());
    return DataDirectory(path, std::move(*lock), std::move(*identity));
}

} // namespace gatehouse::app
