#include "configuration/storedsettings.h"

#include "configuration/datadirectory.h"
#include "storage/repositories/settingsrepository.h"

namespace gatehouse::app {

storage::DatabaseOptions databaseOptionsOf(const Options &options)
{
    return {.url = options.databaseUrl, .path = DataDirectory::databaseFile(options.dataDirectory)};
}

base::Result<QMap<QString, QString>> storedSettings(const storage::DatabaseOptions &options)
{
    const auto database = storage::Database::open(options, storage::Database::Access::ReadOnly);
    if (!database)
        return base::fail(database.error());
    return storage::SettingsRepository(**database).all();
}

} // namespace gatehouse::app
