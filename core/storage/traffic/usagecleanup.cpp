#include "storage/traffic/usagecleanup.h"

#include "base/logging.h"
#include "storage/statement.h"
#include "storage/traffic/recalculation.h"
#include "storage/traffic/usagerepository.h"

#include <functional>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

namespace {

using Promise = std::shared_ptr<QPromise<Result<qint64>>>;

// Removes a few records; 0: there are no more to be removed.
using Slice = std::function<Result<qint64>(Database &)>;

// What lies within the file unused is no longer held.
Result<qint64> bytesHeld(Database &database)
{
    return numberOf(database,
                    execute(database,
                            u"SELECT (page_count - freelist_count) * page_size"
                            " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"_s));
}

// The most that the lines of the ledger may be expected to take with their indexes. Those with a bookmark,
// which stay, lie far apart from the others.
Result<qint64> bytesOfLines(Database &database)
{
    constexpr qint64 bytesOfLine = 1'500;
    return numberOf(database,
                    execute(database,
                            u"SELECT coalesce((SELECT max(id) FROM usage_records), 0)"
                            " - coalesce((SELECT id FROM usage_records WHERE NOT EXISTS (SELECT 1"
                            " FROM bookmarks WHERE bookmarks.request_id = usage_records.request_id)"
                            " ORDER BY id LIMIT 1), 0) + 1"_s))
        .map([](qint64 lines) { return lines * bytesOfLine; });
}

// Nothing, unless without lines of the ledger the database would hold less than that.
Result<qint64> removeBeyond(Database &database, qint64 bytes, qint64 before)
{
    const Result<qint64> held = bytesHeld(database);
    const Result<qint64> lines = bytesOfLines(database);
    if (!held || !lines)
        return base::fail(held ? lines.error() : held.error());
    if (*held <= bytes)
        return 0;
    if (*held - *lines > bytes) {
        qCWarning(base::lcStorage).noquote()
            << "The database holds more than traffic.ledger_bytes allows, but not for its requests:"
            << "none are removed. Allow more than" << *held << "bytes.";
        return 0;
    }
    return UsageRepository(database).removeOlder(before);
}

// Each slice queues the next one behind what waits by then.
void removeSlice(StorageThreads &threads, Slice work, qint64 removed, Promise promise)
{
    auto slice = threads.write(work);
    slice.then([&threads, work, removed, promise](const Result<qint64> &outcome) {
        if (!outcome || *outcome == 0 || promise->isCanceled()) {
            promise->addResult(outcome ? Result<qint64>(removed) : outcome);
            promise->finish();
            return;
        }
        removeSlice(threads, work, removed + *outcome, promise);
    });
}

QFuture<Result<qint64>> removeInSlices(StorageThreads &threads, Slice work)
{
    const Promise promise = std::make_shared<QPromise<Result<qint64>>>();
    promise->start();
    removeSlice(threads, std::move(work), 0, promise);
    return promise->future();
}

} // namespace

QFuture<Result<qint64>> removeOlderUsage(StorageThreads &threads, qint64 before)
{
    return removeInSlices(threads, [before](Database &database) {
        return UsageRepository(database).removeOlder(before);
    });
}

QFuture<Result<qint64>> removeUsageBeyond(StorageThreads &threads, qint64 bytes, qint64 before)
{
    return removeInSlices(threads, [bytes, before](Database &database) -> Result<qint64> {
        if (!database.dialect().isSqlite())
            return 0;
        return removeBeyond(database, bytes, before);
    });
}

QFuture<Result<qint64>> removeFormerFigures(StorageThreads &threads, qint64 before)
{
    return removeInSlices(threads, [before](Database &database) {
        return RecalculationRepository(database).forget(before);
    });
}

} // namespace gatehouse::storage
