#include "storage/preparedrestore.h"

#include "storage/backup.h"

#include <QFile>
#include <QFileInfo>

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

} // namespace

Result<> prepareRestore(const QString &backup, const DatabaseOptions &options)
{
    const QString waiting = waitingPath(options);
    const QString fresh = waiting + u".new"_s;
    QFile::remove(fresh);
    // What was prepared before goes when its successor is there.
    const bool laidDown = QFile::copy(backup, fresh)
                          && QFile::setPermissions(fresh, QFile::ReadOwner | QFile::WriteOwner)
                          && (!QFileInfo::exists(waiting) || QFile::remove(waiting))
                          && QFile::rename(fresh, waiting);
    if (laidDown)
        return {};
    QFile::remove(fresh);
    return base::fail(
        ErrorCode::Unavailable,
        Message::tr("The backup cannot be copied to %1. Check the permissions and the free space "
                    "of its folder.")
            .arg(waiting));
}

Result<> cancelRestore(const DatabaseOptions &options)
{
    const QString waiting = waitingPath(options);
    if (!QFileInfo::exists(waiting) || QFile::remove(waiting))
        return {};
    return base::fail(ErrorCode::Unavailable, Message::tr("%1 cannot be removed.").arg(waiting));
}

bool isRestorePrepared(const DatabaseOptions &options)
{
    return options.url.isEmpty() && QFileInfo::exists(waitingPath(options));
}

Result<std::optional<QString>> applyPreparedRestore(const DatabaseOptions &options)
{
    if (!isRestorePrepared(options))
        return std::nullopt;
    const QString waiting = waitingPath(options);
    const Result<QString> former = restoreBackup(waiting, options);
    if (!former) {
        // Otherwise no start would ever succeed again.
        QFile::remove(waiting + u".refused"_s);
        QFile::rename(waiting, waiting + u".refused"_s);
        return base::fail(former.error());
    }
    QFile::remove(waiting);
    return *former;
}

} // namespace gatehouse::storage
