#include "storage/traffic/usagecleanup.h"

#include "base/logging.h"
#include "storage/repositories/historyrepository.h"
#include "storage/statement.h"
#include "storage/traffic/recalculation.h"
#include "storage/traffic/usagerepository.h"

#include <functional>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;

namespace {

using Promise = std::shared_ptr<QPromise<Result<qint64>>>;

struct SliceOutcome
{
    qint64 removed = 0;
    bool isLast = false; // there are no more to be removed
};

// Removes a few records.
using Slice = std::function<Result<SliceOutcome>(Database &)>;

// Of removeUsageBeyond().
struct Shrinking
{
    LedgerClearing clearing{};
    qint64 firstUnmarked = 0; // no line of a lower id is without a bookmark
};

// What lies within the file unused is no longer held.
Result<qint64> bytesHeld(Database &database)
{
    return numberOf(database,
                    execute(database,
                            u"SELECT (page_count - freelist_count) * page_size"
                            " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"_s));
}

// Goes on to the first line without a bookmark, past a few at a time. False: it has not come there yet.
Result<bool> findFirstUnmarked(Database &database, qint64 &from)
{
    constexpr qint64 rowsAtOnce = 1'000;
    struct Lines
    {
        qint64 number = 0;
        qint64 last = 0;
        std::optional<qint64> firstUnmarked{};
    };
    const Result<std::optional<Lines>> lines = firstRow(
        database,
        execute(database,
                u"SELECT count(*), coalesce(max(id), 0), min(CASE WHEN NOT EXISTS (SELECT 1"
                " FROM bookmarks WHERE bookmarks.request_id = lines.request_id) THEN id END)"
                " FROM (SELECT id, request_id FROM usage_records WHERE id >= :from"
                " ORDER BY id LIMIT :rows) AS lines"_s,
                {{u":from"_s, from}, {u":rows"_s, rowsAtOnce}}),
        [](const QSqlQuery &row) {
            Lines found{.number = row.value(0).toLongLong(), .last = row.value(1).toLongLong()};
            if (!row.value(2).isNull())
                found.firstUnmarked = row.value(2).toLongLong();
            return found;
        });
    if (!lines)
        return base::fail(lines.error());
    const Lines found = lines->value_or(Lines());
    from = found.firstUnmarked.value_or(std::max(from, found.last + 1));
    return found.firstUnmarked || found.number < rowsAtOnce;
}

// The most that the lines of the ledger that may be removed can be expected to take with their indexes.
// Those with a bookmark, which stay, lie far apart from the others.
Result<qint64> bytesOfLines(Database &database, qint64 firstUnmarked)
{
    constexpr qint64 bytesOfLine = 1'500;
    return numberOf(database,
                    execute(database, u"SELECT coalesce(max(id), 0) FROM usage_records"_s))
        .map([&](qint64 last) {
            return std::max<qint64>(last - firstUnmarked + 1, 0) * bytesOfLine;
        });
}

Result<SliceOutcome> removeOlder(Database &database, qint64 before, LedgerClearing &clearing)
{
    return UsageRepository(database).removeOlder(before, clearing).map([&clearing](qint64 removed) {
        return SliceOutcome{.removed = removed, .isLast = clearing.isDone};
    });
}

// Nothing, unless without lines of the ledger the database would hold less than that.
Result<SliceOutcome>
removeBeyond(Database &database, qint64 bytes, qint64 before, Shrinking &shrinking)
{
    const SliceOutcome nothing{.isLast = true};
    const Result<qint64> held = bytesHeld(database);
    if (!held)
        return base::fail(held.error());
    if (*held <= bytes)
        return nothing;
    const Result<bool> found = findFirstUnmarked(database, shrinking.firstUnmarked);
    if (!found)
        return base::fail(found.error());
    if (!*found)
        return SliceOutcome{};
    const Result<qint64> lines = bytesOfLines(database, shrinking.firstUnmarked);
    if (!lines)
        return base::fail(lines.error());
    if (*held - *lines > bytes) {
        qCWarning(base::lcStorage).noquote()
            << "The database holds more than traffic.ledger_bytes allows, but not for its requests:"
            << "none are removed. Allow more than" << *held << "bytes.";
        return nothing;
    }
    return removeOlder(database, before, shrinking.clearing);
}

// Each slice queues the next one behind what waits by then.
void removeSlice(StorageThreads &threads, Slice work, qint64 removed, Promise promise)
{
    auto slice = threads.write(work);
    slice.then([&threads, work, removed, promise](const Result<SliceOutcome> &outcome) {
        if (!outcome || outcome->isLast || promise->isCanceled()) {
            promise->addResult(outcome.map(
                [removed](const SliceOutcome &last) { return removed + last.removed; }));
            promise->finish();
            return;
        }
        removeSlice(threads, work, removed + outcome->removed, promise);
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
    const auto clearing = std::make_shared<LedgerClearing>();
    return removeInSlices(threads, [before, clearing](Database &database) {
        return removeOlder(database, before, *clearing);
    });
}

QFuture<Result<qint64>> removeUsageBeyond(StorageThreads &threads, qint64 bytes, qint64 before)
{
    const auto shrinking = std::make_shared<Shrinking>();
    return removeInSlices(threads,
                          [bytes, before, shrinking](Database &database) -> Result<SliceOutcome> {
                              if (!database.dialect().isSqlite())
                                  return SliceOutcome{.isLast = true};
                              return removeBeyond(database, bytes, before, *shrinking);
                          });
}

QFuture<Result<qint64>> removeOlderHistory(StorageThreads &threads, qint64 before)
{
    constexpr qint64 rowsAtOnce = 200;
    return removeInSlices(threads, [before](Database &database) {
        return HistoryRepository(database).removeOlder(before, rowsAtOnce).map([](qint64 removed) {
            return SliceOutcome{.removed = removed, .isLast = removed < rowsAtOnce};
        });
    });
}

QFuture<Result<qint64>> removeFormerFigures(StorageThreads &threads, qint64 before)
{
    return removeInSlices(threads, [before](Database &database) {
        return RecalculationRepository(database).forget(before).map([](qint64 removed) {
            return SliceOutcome{.removed = removed, .isLast = removed == 0};
        });
    });
}

} // namespace gatehouse::storage
