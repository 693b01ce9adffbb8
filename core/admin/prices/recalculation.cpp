#include "storage/traffic/recalculation.h"
#include "admin/history/recording.h"
#include "admin/prices/priceservice.h"
#include "admin/prices/recordprice.h"
#include "admin/upkeep/trash.h"

#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

// The parts of PriceService that price the ledger anew.
namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Catalog;
using storage::Database;
using storage::RecalculationRepository;
using storage::StoredRecalculation;
using storage::UsageCorrection;

namespace {

// So many lines are read at once, and changed in one transaction, which then takes a few milliseconds.
constexpr qint64 linesOfReading = 2'000;
constexpr qint64 linesOfSlice = 100;
constexpr std::chrono::minutes patience{5};

// By what lines are priced.
struct Pricing
{
    std::shared_ptr<const Catalog> catalog{};
    qint64 now = 0; // milliseconds since 1970
};

struct Slice
{
    qint64 last = 0; // 0: there were none left
    qint64 records = 0;
    std::vector<UsageCorrection> corrections{};
};

storage::RecalculationSpan spanOf(const RecalculationRange &range)
{
    return {.since = range.since, .until = range.until, .providerModel = range.providerModel};
}

Recorded recordedRun(qint64 id, domain::HistoryAction action)
{
    return {.object = domain::HistoryObject::Ledger, .id = id, .action = action};
}

Recalculation recalculationOf(const StoredRecalculation &stored)
{
    return {.id = stored.id,
            .records = stored.records,
            .changed = stored.changed,
            .before = stored.before,
            .after = stored.after,
            .undone = stored.undone};
}

// Nothing: the line stays as it is.
std::optional<UsageCorrection> correctionOf(const Pricing &pricing,
                                            const storage::StoredUsage &line)
{
    const Catalog &catalog = *pricing.catalog;
    const domain::UsageRecord &record = line.record;
    const domain::CatalogChannel *channel = catalog.channel(record.channelId);
    const domain::CatalogGroup *group = catalog.group(record.group);
    const bool isCharged = !record.operation.endsWith("count_tokens");
    if (!channel || !group || !isCharged || record.usage.images > 0)
        return std::nullopt;
    const relay::AppliedPrice applied = priceOfRecord(catalog, *channel, record, pricing.now);
    // The model is offered no more, so that no price of it is known: what was known then stays, also
    // that it was free.
    const bool isKnown = !applied.price.model.isEmpty();
    if (!isKnown && !record.unpriced)
        return std::nullopt;
    const domain::Cost cost =
        domain::costOf(record.usage, applied.price, relay::factorsFor(*group, *channel));
    if (cost == record.cost && applied.unpriced == record.unpriced)
        return std::nullopt;
    return UsageCorrection{
        .line = line, .cost = cost, .charge = cost.charge(), .unpriced = applied.unpriced};
}

Result<Slice> nextSlice(Database &database,
                        const Pricing &pricing,
                        const storage::RecalculationSpan &span,
                        qint64 after,
                        qint64 limit)
{
    const auto lines = RecalculationRepository(database).lines(span, after, limit);
    if (!lines)
        return fail(lines.error());
    Slice slice{.records = qint64(lines->size())};
    for (const storage::StoredUsage &line : *lines) {
        slice.last = line.id;
        if (auto correction = correctionOf(pricing, line))
            slice.corrections.push_back(std::move(*correction));
    }
    return slice;
}

Result<Recalculation> preview(Database &database,
                              const Pricing &pricing,
                              const storage::RecalculationSpan &span,
                              const std::stop_token &stop)
{
    Recalculation sums;
    qint64 after = 0;
    while (true) {
        if (stop.stop_requested()) {
            sums.cancelled = true;
            return sums;
        }
        const Result<Slice> slice = nextSlice(database, pricing, span, after, linesOfReading);
        if (!slice)
            return fail(slice.error());
        if (slice->last == 0)
            return sums;
        after = slice->last;
        sums.records += slice->records;
        sums.changed += qint64(slice->corrections.size());
        for (const UsageCorrection &correction : slice->corrections) {
            sums.before.nanoDollars = domain::saturatedSum(sums.before.nanoDollars,
                                                           correction.line.record.cost.nanoDollars);
            sums.after.nanoDollars =
                domain::saturatedSum(sums.after.nanoDollars, correction.cost.nanoDollars);
        }
    }
}

Result<> checkRange(const RecalculationRange &range)
{
    if (range.since >= 0 && range.since < range.until)
        return {};
    return fail(ErrorCode::InvalidInput, Message::tr("The range must begin before it ends."));
}

} // namespace

struct PriceService::Run
{
    QPromise<Result<Recalculation>> promise{};
    Pricing pricing{};
    storage::RecalculationSpan span{};
    qint64 id = 0;
    std::optional<domain::Author> undoneBy{}; // until that is noted
    Slice read{};                             // what is being stored
    size_t stored = 0;                        // of its corrections
    qint64 records = 0;
    bool isCancelled = false;

    void finish(Result<Recalculation> outcome)
    {
        promise.addResult(std::move(outcome));
        promise.finish();
    }
};

Answer<Recalculation> PriceService::previewRecalculation(RecalculationRange range,
                                                         std::stop_token stop)
{
    const Pricing pricing{.catalog = m_base.publisher.catalog(),
                          .now = m_base.clock.wallMilliseconds()};
    if (const Result<> sound = checkRange(range); !sound)
        return refused<Recalculation>(sound.error());
    return m_base.storage.readAtLength(
        [pricing, span = spanOf(range), stop = std::move(stop)](Database &database) {
            return preview(database, pricing, span, stop);
        },
        patience);
}

Answer<Recalculation> PriceService::recalculate(RecalculationRange range)
{
    if (const Result<> sound = checkRange(range); !sound)
        return refused<Recalculation>(sound.error());
    if (m_recalculating) {
        return refused<Recalculation>(ErrorCode::Conflict,
                                      Message::tr("Another recalculation is under way."));
    }
    m_recalculating = true;
    auto run = std::make_shared<Run>();
    m_run = run;
    run->promise.start();
    run->span = spanOf(range);
    // What is settled meanwhile is priced by what is in force then.
    const qint64 now = m_base.clock.wallMilliseconds();
    run->pricing = {.catalog = m_base.publisher.catalog(), .now = now};
    run->span.until = std::min(run->span.until, now);
    const auto begun =
        m_base.storage.write([span = run->span, now](Database &database) -> Result<qint64> {
            const Result<qint64> id = RecalculationRepository(database).begin(span, now);
            if (!id)
                return id;
            return recorded(database, recordedRun(*id, domain::HistoryAction::Recalculated), *id);
        });
    QFuture(begun).then(this, [this, run](const Result<qint64> &id) {
        if (!id) {
            m_recalculating = false;
            emit recalculationEnded();
            return run->finish(fail(id.error()));
        }
        run->id = *id;
        recalculateNext(run);
    });
    return run->promise.future();
}

void PriceService::cancelRecalculation()
{
    if (const std::shared_ptr<Run> run = m_run.lock())
        run->isCancelled = true;
}

// Lines are looked for in a reading thread: only few of a range may be meant.
void PriceService::recalculateNext(std::shared_ptr<Run> run)
{
    const auto read = m_base.storage.readAtLength(
        [run, after = run->read.last](Database &database) {
            return nextSlice(database, run->pricing, run->span, after, linesOfReading);
        },
        patience);
    QFuture(read).then(this, [this, run](Result<Slice> slice) {
        if (!slice || slice->last == 0 || run->isCancelled)
            return endRecalculation(run, slice ? Result<>() : fail(slice.error()));
        run->read = std::move(*slice);
        run->stored = 0;
        recalculateSlice(run);
    });
}

// Each slice queues the next one behind what waits by then. The lines that stay as they are count with
// the last of those that were read together.
void PriceService::recalculateSlice(std::shared_ptr<Run> run)
{
    const std::vector<UsageCorrection> &all = run->read.corrections;
    const auto begin = all.begin() + std::ptrdiff_t(run->stored);
    const size_t count = std::min(all.size() - run->stored, size_t(linesOfSlice));
    const bool isLast = run->stored + count == all.size();
    const qint64 records = isLast ? run->read.records - qint64(run->stored) : qint64(count);
    run->stored += count;
    const auto written = m_base.storage.write(
        [id = run->id, records, slice = std::vector(begin, begin + std::ptrdiff_t(count))](
            Database &database) {
            return RecalculationRepository(database).store(id, slice, records);
        });
    QFuture(written).then(this, [this, run, records, isLast](const Result<> &outcome) {
        if (!outcome)
            return endRecalculation(run, outcome);
        run->records += records;
        emit recalculating(run->id, run->records);
        if (run->isCancelled)
            return endRecalculation(run, {});
        return isLast ? recalculateNext(run) : recalculateSlice(run);
    });
}

void PriceService::endRecalculation(std::shared_ptr<Run> run, const Result<> &outcome)
{
    m_recalculating = false;
    m_run.reset();
    emit recalculationEnded();
    const std::optional<base::Error> problem =
        outcome ? std::nullopt : std::optional(outcome.error());
    if (problem && run->records == 0)
        return run->finish(fail(*problem));
    const auto found = m_base.storage.read([id = run->id](Database &database) {
        return RecalculationRepository(database).find(id).map(recalculationOf);
    });
    QFuture(found).then(this, [run, problem](Result<Recalculation> stored) {
        if (stored) {
            stored->cancelled = run->isCancelled || problem;
            stored->problem = problem;
        }
        run->finish(std::move(stored));
    });
}

Answer<Recalculation> PriceService::undoRecalculation(qint64 id)
{
    if (m_recalculating) {
        return refused<Recalculation>(
            ErrorCode::Unavailable,
            Message::tr("Another recalculation is under way. Try again when it has ended."));
    }
    m_recalculating = true;
    auto run = std::make_shared<Run>();
    run->promise.start();
    run->id = id;
    run->undoneBy = domain::ActingAs::present();
    const auto found = m_base.storage.read(
        [id](Database &database) { return RecalculationRepository(database).find(id); });
    QFuture(found).then(this, [this, run](const Result<StoredRecalculation> &stored) {
        if (!stored)
            return endRecalculation(run, fail(stored.error()));
        if (stored->undone) {
            return endRecalculation(
                run,
                fail(ErrorCode::Conflict, Message::tr("This recalculation was undone already.")));
        }
        const auto age =
            std::chrono::milliseconds(m_base.clock.wallMilliseconds() - stored->createdAt);
        if (age > Trash::kept) {
            return endRecalculation(
                run,
                fail(ErrorCode::Conflict,
                     Message::tr("The former costs of this recalculation are kept no more.")));
        }
        undoSlice(run);
    });
    return run->promise.future();
}

void PriceService::undoSlice(std::shared_ptr<Run> run)
{
    const auto written = m_base.storage.write(
        [id = run->id, by = std::exchange(run->undoneBy, std::nullopt)](Database &database) {
            const Result<> noted =
                by ? record(database, recordedRun(id, domain::HistoryAction::Restored), *by)
                   : Result<>();
            return noted.and_then(
                [&] { return RecalculationRepository(database).undoSlice(id, linesOfSlice); });
        });
    QFuture(written).then(this, [this, run](const Result<qint64> &lines) {
        if (lines && *lines > 0)
            return undoSlice(run);
        endRecalculation(run, lines ? Result<>() : fail(lines.error()));
    });
}

Answer<std::vector<Recalculation>> PriceService::recalculations()
{
    return m_base.storage.read([](Database &database) {
        return RecalculationRepository(database).all().map(
            [](const std::vector<StoredRecalculation> &all) {
                std::vector<Recalculation> runs;
                runs.reserve(all.size());
                for (const StoredRecalculation &stored : all)
                    runs.push_back(recalculationOf(stored));
                return runs;
            });
    });
}

} // namespace gatehouse::admin
