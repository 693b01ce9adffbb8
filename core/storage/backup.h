#pragma once

#include "storage/database.h"

#include <QDateTime>

#include <stop_token>

namespace gatehouse::storage {

// What is known of a copy of the database.
struct BackupSummary
{
    int schema = 0;
    qint64 channels = 0;
    qint64 users = 0;
    qint64 records = 0;
    QByteArray masterKeyCheck{}; // the fingerprint of the key that seals it; empty: not known
    QByteArray secrets{};        // meta::backupSecrets; empty: it has none
};

// Writes a copy of the SQLite database to `target`, in the place of what is there, once the copy is
// whole; it is readable by its owner alone. Fit for a reading thread. An Interruption of `database` ends
// it with Cancelled, and leaves nothing. PostgreSQL is refused: it has tools of its own. `secrets` are
// kept in the copy, as meta::backupSecrets; it never has others.
base::Result<>
copyDatabase(Database &database, const QString &target, const QByteArray &secrets = {});

// Brings all that was changed in a SQLite file into the file itself, so that it can be moved without what
// lies beside it, and read where nothing can be written beside it. To be called last: closing the file
// does not tell whether that was possible.
base::Result<> closeJournal(Database &copy);

// A copy into the folder of backups, named by the time and `reason`: manual, manual-with-secrets,
// scheduled, before-import, before-migration or before-restore. Removes the oldest beyond DatabaseOptions::keptBackups. Gives the
// path.
base::Result<QString>
backUp(Database &database, const QString &reason, const QByteArray &secrets = {});
// The backups, the newest first. Copies that a person put there under names of their own are among them
// where those begin alike, but never count as old ones.
QStringList backupsIn(const QString &directory);
// When it was made, by its name, and why. Nothing: its name is none of backUp().
struct BackupName
{
    QDateTime madeAt{};
    QString reason{};
};
std::optional<BackupName> backupNameOf(const QString &path);

// Reads every page of a copy and says what is in it. One of a newer program is refused. A stop request
// ends it early, with Cancelled.
base::Result<BackupSummary> inspectBackup(const QString &path, const std::stop_token &stop = {});
// Puts a copy of `backup` in the place of `options.path`, while nobody has it open. What was there is
// kept beside it under another name, which is returned; empty: there was nothing. All sessions end, and
// access tokens to the management API are void.
base::Result<QString> restoreBackup(const QString &backup, const DatabaseOptions &options);

} // namespace gatehouse::storage
