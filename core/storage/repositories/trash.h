#pragma once

#include "storage/database.h"

namespace gatehouse::storage {

// Removes for good what was deleted before `before` (seconds since 1970, UTC). Rows of users stay for
// the ledger, without their names, addresses and secrets.
base::Result<> purgeDeleted(Database &database, qint64 before);

} // namespace gatehouse::storage
