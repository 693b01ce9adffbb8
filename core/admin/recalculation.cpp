#include "storage/recalculation.h"
#include "admin/priceservice.h"
#include "relay/settlement.h"

using namespace Qt::StringLiterals;

// The parts of PriceService that price the ledger anew.
namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Result;
using domain::Catalog;
using storage::Database;
using storage::RecalculationRepository;
using storage::StoredRecalculation;
using storage::UsageCorrection;

namespace {

// So many lines are changed in one transaction, which then takes a few milliseconds.
constexpr qint64 linesOfSlice = 100;

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
std::optional<UsageCorrection> correctionOf(const Catalog &catalog,
                                            const storage::StoredUsage &line)
{
    const domain::UsageRecord &record = line.record;
    const domain::CatalogChannel *channel = catalog.channel(record.channelId);
    const domain::CatalogGroup *group = catalog.group(record.group);
    const bool isCharged = !record.operation.endsWith("count_tokens");
    if (!channel || !group || !isCharged || record.usage.images > 0)
        return std::nullopt;
    const relay::AppliedPrice applied = relay::priceFor(catalog, *channel, record.model);
    const domain::Cost cost = domain::costOf(record.usage, applied.price, group->ratioMillionths);
    if (cost == record.cost && applied.unpriced == record.unpriced)
        return std::nullopt;
    return UsageCorrection{
        .line = line, .cost = cost, .charge = cost.charge(), .unpriced = applied.unpriced};
}

Result<Slice> nextSlice(Database &database,
                        const Catalog &catalog,
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
        if (auto correction = correctionOf(catalog, line))
            slice.corrections.push_back(std::move(*correction));
    }
    return slice;
}

Result<Recalculation>
preview(Database &database, const Catalog &catalog, const storage::RecalculationSpan &span)
{
    constexpr qint64 linesOfReading = 2'000;
    Recalculation sums;
    qint64 after = 0;
    while (true) {
        const Result<Slice> slice = nextSlice(database, catalog, span, after, linesOfReading);
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
    return fail(ErrorCode::InvalidInput, u"The range must begin before it ends."_s);
}

} // namespace

struct PriceService::Run
{
    QPromise<Result<Recalculation>> promise{};
    std::shared_ptr<const Catalog> catalog{};
    storage::RecalculationSpan span{};
    qint64 id = 0;
    qint64 after = 0;
    qint64 records = 0;

    void finish(Result<Recalculation> outcome)
    {
        promise.addResult(std::move(outcome));
        promise.finish();
    }
};

Answer<Recalculation> PriceService::previewRecalculation(RecalculationRange range)
{
    const std::shared_ptr<const Catalog> catalog = m_base.publisher.catalog();
    if (const Result<> sound = checkRange(range); !sound)
        return refused<Recalculation>(sound.error());
    constexpr std::chrono::minutes patience{5};
    return m_base.storage.read(
        [catalog, span = spanOf(range)](Database &database) {
            return preview(database, *catalog, span);
        },
        patience);
}

Answer<Recalculation> PriceService::recalculate(RecalculationRange range)
{
    if (const Result<> sound = checkRange(range); !sound)
        return refused<Recalculation>(sound.error());
    if (m_recalculating) {
        return refused<Recalculation>(ErrorCode::Conflict,
                                      u"Another recalculation is under way."_s);
    }
    m_recalculating = true;
    auto run = std::make_shared<Run>();
    run->promise.start();
    run->catalog = m_base.publisher.catalog();
    run->span = spanOf(range);
    const auto begun = m_base.storage.write(
        [span = run->span, now = m_base.clock.wallMilliseconds()](Database &database) {
            return RecalculationRepository(database).begin(span, now);
        });
    QFuture(begun).then(this, [this, run](const Result<qint64> &id) {
        if (!id) {
            m_recalculating = false;
            return run->finish(fail(id.error()));
        }
        run->id = *id;
        recalculateSlice(run);
    });
    return run->promise.future();
}

// Each slice queues the next one behind what waits by then.
void PriceService::recalculateSlice(std::shared_ptr<Run> run)
{
    const auto written = m_base.storage.write([run](Database &database) -> Result<Slice> {
        const Result<Slice> slice =
            nextSlice(database, *run->catalog, run->span, run->after, linesOfSlice);
        if (!slice || slice->last == 0)
            return slice;
        return RecalculationRepository(database)
            .store(run->id, slice->corrections, slice->records)
            .map([&] { return Slice{.last = slice->last, .records = slice->records}; });
    });
    QFuture(written).then(this, [this, run](const Result<Slice> &slice) {
        if (slice && slice->last > 0) {
            run->after = slice->last;
            run->records += slice->records;
            emit recalculating(run->id, run->records);
            return recalculateSlice(run);
        }
        m_recalculating = false;
        if (!slice)
            return run->finish(fail(slice.error()));
        const auto found = m_base.storage.read([id = run->id](Database &database) {
            return RecalculationRepository(database).find(id).map(recalculationOf);
        });
        QFuture(found).then(this,
                            [run](const Result<Recalculation> &outcome) { run->finish(outcome); });
    });
}

Answer<Recalculation> PriceService::undoRecalculation(qint64 id)
{
    if (m_recalculating) {
        return refused<Recalculation>(ErrorCode::Conflict,
                                      u"Another recalculation is under way."_s);
    }
    const auto found = m_base.storage.read(
        [id](Database &database) { return RecalculationRepository(database).find(id); });
    return onSuccess(
        found, this, [this](const StoredRecalculation &stored) -> Answer<Recalculation> {
            if (stored.undone) {
                return refused<Recalculation>(ErrorCode::Conflict,
                                              u"This recalculation was undone already."_s);
            }
            m_recalculating = true;
            auto run = std::make_shared<Run>();
            run->promise.start();
            run->id = stored.id;
            undoSlice(run);
            return run->promise.future();
        });
}

void PriceService::undoSlice(std::shared_ptr<Run> run)
{
    const auto written = m_base.storage.write([id = run->id](Database &database) {
        return RecalculationRepository(database).undoSlice(id, linesOfSlice);
    });
    QFuture(written).then(this, [this, run](const Result<qint64> &lines) {
        if (lines && *lines > 0)
            return undoSlice(run);
        m_recalculating = false;
        if (!lines)
            return run->finish(fail(lines.error()));
        const auto found = m_base.storage.read([id = run->id](Database &database) {
            return RecalculationRepository(database).find(id).map(recalculationOf);
        });
        QFuture(found).then(this,
                            [run](const Result<Recalculation> &outcome) { run->finish(outcome); });
    });
}

Answer<std::vector<Recalculation>> PriceService::recalculations()
{
    return m_base.storage.read([](Database &database) {
        return RecalculationRepository(database).all().map(
            [](const std::vector<StoredRecalculation> &all) {
                std::vector<Recalculation> runs;
                for (const StoredRecalculation &stored : all)
                    runs.push_back(recalculationOf(stored));
                return runs;
            });
    });
}

} // namespace gatehouse::admin
