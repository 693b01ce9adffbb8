#pragma once

#include "configuration/finding.h"
#include "configuration/options.h"
#include "secrets/secretsource.h"

// What gatehouse doctor looks at. Everything here waits for the disk, and changes nothing; a program may
// be running on the data directory. Fit for every thread.
namespace gatehouse::app {

// Whether the directory is there, its files are private and can be written to.
QList<Finding> checkDataDirectory(const QString &path);
// Reads the database through. Ok also where there is none yet.
Finding checkDatabase(const Options &options);
// The space that is left where the data lies.
Finding checkSpace(const QString &path);
// `available` in bytes.
Finding judgeSpace(qint64 available, const QString &path);
Finding checkClock(const Options &options);
// Milliseconds since 1970, UTC; `written` is when the database was changed last, 0: never.
Finding judgeClock(qint64 now, qint64 written);
// Whether the addresses could be listened on, where nobody runs who holds them.
QList<Finding> checkAddresses(const Options &options);
// Through which proxies and by which authorities of the environment others are reached.
QList<Finding> checkWayOut(const QMap<QString, QString> &environment);
// What the database says of the secrets.
base::Result<secrets::SecretsRecord> recordedSecrets(const Options &options);

} // namespace gatehouse::app
