#pragma once

#include "configuration/options.h"
#include "storage/databaseoptions.h"

#include <QMap>

namespace gatehouse::app {

// Where the options say that the database is.
storage::DatabaseOptions databaseOptionsOf(const Options &options);

// The settings that were ever changed, read past the program that may be using the database. Fails where
// there is no database, or one that cannot be read.
base::Result<QMap<QString, QString>> storedSettings(const storage::DatabaseOptions &options);

} // namespace gatehouse::app
