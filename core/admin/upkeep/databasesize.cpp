#include "admin/upkeep/databasesize.h"

#include "admin/foundation.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

qint64 databaseBytes(const Foundation &foundation)
{
    const storage::DatabaseOptions &options = foundation.storage.options();
    if (!options.url.isEmpty())
        return 0;
    return QFileInfo(options.path).size() + QFileInfo(options.path + u"-wal"_s).size();
}

} // namespace gatehouse::admin
