#include "storage/traffic/usagecleanup.h"

#include "storage/traffic/usagerepository.h"

namespace gatehouse::storage {

using base::Result;

namespace {

using Promise = std::shared_ptr<QPromise<Result<qint64>>>;

// Each slice queues the next one behind what waits by then.
void removeSlice(StorageThreads &threads, qint64 before, qint64 removed, Promise promise)
{
    auto slice = threads.write(
        [before](Database &database) { return UsageRepository(database).removeOlder(before); });
    slice.then([&threads, before, removed, promise](const Result<qint64> &outcome) {
        if (!outcome || *outcome == 0 || promise->isCanceled()) {
            promise->addResult(outcome ? Result<qint64>(removed) : outcome);
            promise->finish();
            return;
        }
        removeSlice(threads, before, removed + *outcome, promise);
    });
}

} // namespace

QFuture<Result<qint64>> removeOlderUsage(StorageThreads &threads, qint64 before)
{
    const Promise promise = std::make_shared<QPromise<Result<qint64>>>();
    promise->start();
    removeSlice(threads, before, 0, promise);
    return promise->future();
}

} // namespace gatehouse::storage
