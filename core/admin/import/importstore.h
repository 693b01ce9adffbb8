#pragma once

#include "admin/import/importplan.h"
#include "storage/database.h"
#include "storage/keysealer.h"

namespace gatehouse::admin {

// The parts of ImportService that run in a storage thread, each within one transaction.

base::Result<ImportGround> importGround(storage::Database &database,
                                        const storage::KeySealer &sealer,
                                        OwnAddress isOwnAddress,
                                        qint64 now);
// Stores all of the plan, or fails.
base::Result<>
storeImport(storage::Database &database, const storage::KeySealer &sealer, const ImportPlan &plan);

} // namespace gatehouse::admin
