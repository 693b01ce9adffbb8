#pragma once

#include "storage/storagethreads.h"

namespace gatehouse::storage {

// Removes the records older than `before` (milliseconds since 1970, UTC) in small slices between
// which other writes go on; those with a bookmark stay. Gives their number. `threads` must outlive the
// future.
QFuture<base::Result<qint64>> removeOlderUsage(StorageThreads &threads, qint64 before);

// Likewise the oldest of them, while a SQLite database holds more than `bytes`. None if it is not they
// that take the space; other databases are left as they are.
QFuture<base::Result<qint64>>
removeUsageBeyond(StorageThreads &threads, qint64 bytes, qint64 before);

// Likewise what lines were before they were recalculated before `before`: such a run can be undone no
// more.
QFuture<base::Result<qint64>> removeFormerFigures(StorageThreads &threads, qint64 before);

// Likewise the lines of the history of changes.
QFuture<base::Result<qint64>> removeOlderHistory(StorageThreads &threads, qint64 before);

} // namespace gatehouse::storage
