#pragma once

#include "holder.h"
#include "platform.h"

namespace gatehouse::app {

// The directory that holds everything, made if need be (0700) and held against other instances.
class DataDirectory
{
public:
    // `kind` is what holderOf() will tell others of this process. Conflict: another process uses it.
    static base::Result<DataDirectory> open(const QString &path,
                                            Holder::Kind kind = Holder::Kind::Command);

    // The lock in the data directory `path`.
    static QString lockFile(const QString &path) { return path + QStringLiteral("/lock"); }

    static QString databaseFile(const QString &path)
    {
        return path + QStringLiteral("/gatehouse.db");
    }

    const QString &path() const { return m_path; }
    static QString secretsFile(const QString &path) { return path + QStringLiteral("/secrets"); }
    // See identity(); empty: there is no such directory yet.
    static QByteArray identityOf(const QString &path);

    QString databaseFile() const { return databaseFile(m_path); }
    // Stays the same for as long as the directory exists, and differs between two of them.
    const QByteArray &identity() const { return m_identity; }

private:
    DataDirectory(QString path, FileLock lock, QByteArray identity);

    QString m_path;
    FileLock m_lock;
    QByteArray m_identity;
};

} // namespace gatehouse::app
