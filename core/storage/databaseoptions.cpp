#include "storage/databaseoptions.h"

#include <QFileInfo>
#include <QUrl>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

Dialect DatabaseOptions::dialect() const
{
    return Dialect(url.isEmpty() ? Dialect::Kind::Sqlite : Dialect::Kind::Postgresql);
}

QString DatabaseOptions::displayName() const
{
    if (url.isEmpty())
        return path;
    return QUrl(url).toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

QString DatabaseOptions::effectiveBackupDirectory() const
{
    if (!backupDirectory.isEmpty())
        return backupDirectory;
    return QFileInfo(path).absolutePath() + u"/backups"_s;
}

base::Result<> checkDatabaseUrl(const QString &url)
{
    const QUrl parsed(url, QUrl::StrictMode);
    const bool known = parsed.scheme() == "postgresql"_L1 || parsed.scheme() == "postgres"_L1;
    if (!parsed.isValid() || !known || parsed.path().size() < 2) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::tr("The database address must look like "
                                            "postgresql://user:password@host:port/name."));
    }
    return {};
}

} // namespace gatehouse::storage
