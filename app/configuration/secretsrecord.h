#pragma once

#include "secrets/secretsource.h"
#include "storage/database.h"

#include <QMap>

namespace gatehouse::app {

// What the database remembers of the secrets.
base::Result<secrets::SecretsRecord> secretsRecordIn(storage::Database &database);

// What the environment says of the secrets of a data directory; `identity` as DataDirectory has it.
secrets::SecretsEnvironment secretsEnvironmentOf(const QMap<QString, QString> &environment,
                                                 const QString &dataDirectory,
                                                 const QByteArray &identity);

} // namespace gatehouse::app
