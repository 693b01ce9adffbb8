#pragma once

#include <QtGlobal>

namespace gatehouse::admin {

struct Foundation;

// What the database takes on the disk, with what is not merged into its file yet; 0 on PostgreSQL.
qint64 databaseBytes(const Foundation &foundation);

} // namespace gatehouse::admin
