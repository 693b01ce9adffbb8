#include "admin/traffic/trafficservice.h"

#include "admin/flow.h"
#include "admin/traffic/trafficexport.h"
#include "base/logging.h"
#include "relay/admission/clientnames.h"
#include "storage/traffic/trafficgroups.h"
#include "storage/traffic/usagecleanup.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using domain::FilterQuery;
using storage::Database;
using storage::TrafficCondition;
using storage::TrafficLines;
using storage::TrafficRow;
using storage::TrafficRows;
using storage::TrafficSpan;

namespace {

constexpr std::chrono::milliseconds pageBudget{120};
constexpr std::chrono::milliseconds countBudget{500};
constexpr std::chrono::milliseconds totalsBudget{2'000};

// What the ledger does not tell of its lines.
struct LineFacts
{
    TrafficService::HasCapture hasCapture{};
    std::shared_ptr<const domain::Catalog> catalog{};
};

TrafficLine lineFrom(TrafficRow row, const LineFacts &facts)
{
    TrafficLine line{.id = row.stored.id,
                     .record = std::move(row.stored.record),
                     .channelName = std::move(row.channelName),
                     .bookmarked = row.bookmarked};
    line.hasCapture = facts.hasCapture && facts.hasCapture(line.record.requestId);
    line.keyEnding =
        keyEndingOf(facts.catalog.get(), line.record.channelId, line.record.channelKeyId);
    return line;
}

std::vector<TrafficLine> linesFrom(std::vector<TrafficRow> rows, const LineFacts &facts)
{
    std::vector<TrafficLine> lines;
    lines.reserve(rows.size());
    for (TrafficRow &row : rows)
        lines.push_back(lineFrom(std::move(row), facts));
    return lines;
}

Result<TrafficSpan> spanFrom(const TrafficLines &lines, TrafficCursor from)
{
    if (from.floor >= 0)
        return TrafficSpan{.before = from.before, .after = from.floor};
    return lines.span().map([from](TrafficSpan span) {
        if (from.before > 0)
            span.before = std::min(span.before, from.before);
        return span;
    });
}

TrafficLine lineOf(const relay::RunningRequest &request, const domain::Catalog *catalog)
{
    using Phase = RunningState::Phase;
    return {
        .record = request.record,
        .channelName = QString::fromUtf8(request.channelName),
        .keyEnding = keyEndingOf(catalog, request.record.channelId, request.record.channelKeyId),
        .running = RunningState{.phase = request.answerBegan ? Phase::Streaming : Phase::Waiting,
                                .bytes = request.bytes,
                                .tokensAreEstimated = request.tokensAreEstimated}};
}

Result<TrafficPage> pageFrom(const TrafficLines &lines,
                             TrafficCursor from,
                             int limit,
                             const LineFacts &facts,
                             const TrafficLines::Helpers &helpers)
{
    const Result<TrafficSpan> span = spanFrom(lines, from);
    if (!span)
        return base::fail(span.error());
    Result<TrafficRows> found = lines.newest(*span, limit, pageBudget, helpers);
    if (!found)
        return base::fail(found.error());
    TrafficPage page{.lines = linesFrom(std::move(found->rows), facts)};
    if (!found->left.isEmpty())
        page.next = {.before = found->left.before, .floor = found->left.after};
    return page;
}

Message goneRequest()
{
    return Message::tr("This request is not in the list any more.");
}

Result<TrafficLine> foundOr404(Result<std::optional<TrafficRow>> row, const LineFacts &facts)
{
    return storage::required(std::move(row), goneRequest()).map([&facts](TrafficRow found) {
        return lineFrom(std::move(found), facts);
    });
}

} // namespace

TrafficService::TrafficService(const Foundation &foundation,
                               HasCapture hasCapture,
                               FindCapture findCapture,
                               QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_hasCapture(std::move(hasCapture))
    , m_findCapture(std::move(findCapture))
{
    m_exports.setMaxThreadCount(1);
    m_cleanup.setInterval(1h);
    connect(&m_cleanup, &QTimer::timeout, this, &TrafficService::removeOldLines);
}

TrafficService::~TrafficService() = default;

void TrafficService::start()
{
    m_cleanup.start();
    removeOldLines();
}

void TrafficService::removeOldLines()
{
    const auto catalog = m_base.publisher.catalog();
    if (!catalog)
        return;
    const domain::Settings::Traffic &settings = catalog->settings().traffic;
    const qint64 now = m_base.clock.wallMilliseconds();
    constexpr qint64 hour = 3'600'000;
    constexpr qint64 day = 24 * hour;
    const auto tell = [](const base::Result<qint64> &removed) {
        if (!removed) {
            qCWarning(base::lcAdmin).noquote()
                << "Old requests could not be removed:" << removed.error().message.english();
        } else if (*removed > 0) {
            qCInfo(base::lcAdmin) << *removed << "old requests were removed from the ledger.";
        }
    };
    if (settings.ledgerDays > 0)
        storage::removeOlderUsage(m_base.storage, now - settings.ledgerDays * day).then(this, tell);
    if (settings.historyDays > 0)
        removeOldHistory(now - settings.historyDays * day);
    if (settings.ledgerBytes > 0)
        storage::removeUsageBeyond(m_base.storage, settings.ledgerBytes, now - hour)
            .then(this, tell);
}

void TrafficService::removeOldHistory(qint64 before)
{
    storage::removeOlderHistory(m_base.storage, before)
        .then(this, [](const base::Result<qint64> &removed) {
            if (!removed)
                qCWarning(base::lcAdmin) << "Old changes could not be removed from the history:"
                                         << removed.error().message.english();
        });
}

QStringList TrafficService::filterKeys()
{
    return storage::trafficKeys();
}

QStringList TrafficService::filterValues(const QString &key)
{
    static const QStringList flags{u"yes"_s, u"no"_s};
    if (key == "status"_L1) {
        return {u"ok"_s,
                u"error"_s,
                u"broken"_s,
                u"cancelled"_s,
                u"running"_s,
                u"4xx"_s,
                u"5xx"_s,
                u"429"_s};
    }
    if (key == "since"_L1 || key == "until"_L1)
        return {u"1h"_s, u"24h"_s, u"7d"_s, u"30d"_s, u"today"_s, u"yesterday"_s};
    if (key == "stream"_L1 || key == "retried"_L1 || key == "priced"_L1 || key == "bookmarked"_L1)
        return flags;
    if (key == "cache"_L1)
        return {u"hit"_s, u"miss"_s, u"bypass"_s};
    if (key == "ttft"_L1 || key == "duration"_L1)
        return {u">1s"_s, u">10s"_s, u">60s"_s};
    if (key == "cost"_L1)
        return {u">0"_s, u">0.01"_s, u">0.1"_s, u">1"_s};
    QStringList clients;
    if (key == "client"_L1) {
        for (const QByteArray &name : relay::knownClients())
            clients.append(QString::fromUtf8(name));
    }
    return clients;
}

Result<TrafficCondition> TrafficService::conditionOf(const FilterQuery &filter) const
{
    return storage::trafficCondition(filter,
                                     m_base.storage.options().dialect(),
                                     m_base.clock.wallMilliseconds(),
                                     QTimeZone::systemTimeZone());
}

std::optional<base::Error> TrafficService::problemOf(const FilterQuery &filter) const
{
    const Result<TrafficCondition> condition = conditionOf(filter);
    return condition ? std::nullopt : std::optional(condition.error());
}

template<typename Function>
auto TrafficService::read(const FilterQuery &filter, Function function)
{
    return read(conditionOf(filter), std::move(function));
}

template<typename Function>
auto TrafficService::read(const Result<TrafficCondition> &condition, Function function)
{
    using Outcome = std::invoke_result_t<Function &, const TrafficLines &>;
    if (!condition)
        return answered(Outcome(base::fail(condition.error())));
    // The storage's own future, since whoever cancels it ends the reading.
    return m_base.storage.read(
        [condition = *condition, function = std::move(function)](Database &database) -> Outcome {
            return function(TrafficLines(database, condition));
        });
}

// A search that finds little is done in two of the reading threads. A server has its own ways.
TrafficLines::Helpers TrafficService::helpers() const
{
    if (!m_base.storage.options().dialect().isSqlite())
        return {};
    return [&storage = m_base.storage](std::function<void(Database &)> help) {
        storage.read([help = std::move(help)](Database &database) -> Result<> {
            help(database);
            return {};
        });
    };
}

Answer<TrafficPage> TrafficService::page(const FilterQuery &filter, TrafficCursor from, int limit)
{
    return read(filter,
                [from,
                 limit,
                 facts = LineFacts{m_hasCapture, m_base.publisher.catalog()},
                 helpers = helpers()](const TrafficLines &lines) {
                    return pageFrom(lines, from, limit, facts, helpers);
                });
}

Answer<TrafficPage> TrafficService::pageOfGroup(const FilterQuery &filter,
                                                domain::TrafficGrouping grouping,
                                                const QString &key,
                                                TrafficCursor from,
                                                int limit)
{
    const auto condition = conditionOf(filter).map([grouping, &key](const TrafficCondition &whole) {
        return storage::TrafficGroups::within(whole, grouping, key);
    });
    return read(condition,
                [from,
                 limit,
                 facts = LineFacts{m_hasCapture, m_base.publisher.catalog()},
                 helpers = helpers()](const TrafficLines &lines) {
                    return pageFrom(lines, from, limit, facts, helpers);
                });
}

Answer<TrafficGroups> TrafficService::groups(const FilterQuery &filter,
                                             domain::TrafficGrouping grouping,
                                             TrafficCursor from)
{
    const Result<TrafficCondition> condition = conditionOf(filter);
    if (!condition)
        return refused<TrafficGroups>(condition.error());
    return m_base.storage.read([condition = *condition, grouping, from](
                                   Database &database) -> Result<TrafficGroups> {
        return spanFrom(TrafficLines(database, condition), from).and_then([&](TrafficSpan span) {
            return storage::TrafficGroups(database, condition, grouping)
                .newest(span, pageBudget)
                .map([](storage::TrafficGroupRows rows) {
                    TrafficGroups part{.groups = std::move(rows.groups)};
                    if (!rows.left.isEmpty())
                        part.next = {.before = rows.left.before, .floor = rows.left.after};
                    return part;
                });
        });
    });
}

Answer<TrafficNews> TrafficService::newer(const FilterQuery &filter, qint64 after, int limit)
{
    return read(filter,
                [after, limit, facts = LineFacts{m_hasCapture, m_base.publisher.catalog()}](
                    const TrafficLines &lines) -> Result<TrafficNews> {
                    // The newest of all, so that the next question begins behind it.
                    const Result<qint64> newest = lines.newestId();
                    if (!newest)
                        return base::fail(newest.error());
                    const TrafficSpan span{.before = *newest + 1, .after = after};
                    Result<TrafficRows> found = lines.newest(span, limit, pageBudget);
                    if (!found)
                        return base::fail(found.error());
                    return TrafficNews{.lines = linesFrom(std::move(found->rows), facts),
                                       .newest = std::max(after, *newest),
                                       .hasMore = !found->left.isEmpty()};
                });
}

Answer<TrafficCount> TrafficService::count(const FilterQuery &filter, qint64 most)
{
    return read(filter, [most](const TrafficLines &lines) -> Result<TrafficCount> {
        return lines.span().and_then([&](TrafficSpan span) {
            return lines.count(span, most, countBudget)
                .map([](const storage::TrafficSumsRow &sums) {
                    return TrafficCount{.requests = sums.requests, .isWhole = sums.left.isEmpty()};
                });
        });
    });
}

Answer<TrafficTotals> TrafficService::totals(const FilterQuery &filter, TrafficCursor from)
{
    return read(filter, [from](const TrafficLines &lines) -> Result<TrafficTotals> {
        return spanFrom(lines, from).and_then([&](TrafficSpan span) {
            return lines.sums(span, totalsBudget).map([](const storage::TrafficSumsRow &sums) {
                return TrafficTotals{.requests = sums.requests,
                                     .errors = sums.errors,
                                     .inputTokens = sums.input,
                                     .cachedTokens = sums.cached,
                                     .outputTokens = sums.output,
                                     .cost = sums.cost,
                                     .isWhole = sums.left.isEmpty()};
            });
        });
    });
}

Answer<TrafficLine> TrafficService::find(qint64 id)
{
    return m_base.storage.read(
        [id, facts = LineFacts{m_hasCapture, m_base.publisher.catalog()}](Database &database) {
            return foundOr404(TrafficLines::find(database, id), facts);
        });
}

Answer<TrafficLine> TrafficService::find(const QByteArray &requestId)
{
    return m_base.storage.read(
        [requestId,
         facts = LineFacts{m_hasCapture, m_base.publisher.catalog()}](Database &database) {
            return foundOr404(TrafficLines::find(database, requestId), facts);
        });
}

Answer<RequestReport> TrafficService::report(qint64 id)
{
    return onSuccess(find(id), this, [this](const TrafficLine &line) -> Result<RequestReport> {
        return reportOf(line);
    });
}

RequestReport TrafficService::reportOf(const TrafficLine &line) const
{
    return requestReport(line, m_base.publisher.catalog().get(), m_base.clock.wallMilliseconds());
}

Answer<std::vector<TrafficLine>> TrafficService::running()
{
    using Lines = std::vector<TrafficLine>;
    if (!m_running.list)
        return answered<Lines>(Lines());
    return m_running.list().then(
        this,
        [catalog = m_base.publisher.catalog()](
            const std::vector<relay::RunningRequest> &requests) -> Result<Lines> {
            Lines lines;
            for (const relay::RunningRequest &request : requests)
                lines.push_back(lineOf(request, catalog.get()));
            std::sort(
                lines.begin(), lines.end(), [](const TrafficLine &left, const TrafficLine &right) {
                    return std::tuple(left.startedAt(), left.record.requestId)
                           > std::tuple(right.startedAt(), right.record.requestId);
                });
            return lines;
        });
}

Answer<> TrafficService::cancel(const QByteArray &requestId)
{
    const auto gone = [] {
        return base::fail(ErrorCode::NotFound, Message::tr("This request has ended already."));
    };
    if (!m_running.cancel)
        return answered<void>(gone());
    return m_running.cancel(requestId).then(
        this, [gone](bool found) -> Result<> { return found ? Result<>() : gone(); });
}

template<typename Function>
Answer<qint64> TrafficService::exportBy(Function work)
{
    const auto promise = std::make_shared<QPromise<Result<qint64>>>();
    promise->setProgressRange(0, 0);
    promise->start();
    m_exports.start([promise, work = std::move(work)] {
        promise->addResult(work(*promise));
        base::finishInMainThread(promise);
    });
    return promise->future();
}

Answer<qint64> TrafficService::exportTo(const ExportTarget &target, const FilterQuery &filter)
{
    const Result<TrafficCondition> condition = conditionOf(filter);
    if (!condition)
        return refused<qint64>(condition.error());
    return exportBy(
        [&threads = m_base.storage, condition = *condition, target, findCapture = m_findCapture](
            QPromise<Result<qint64>> &promise) {
            return exportTraffic(threads, condition, target, findCapture, promise);
        });
}

Answer<qint64> TrafficService::exportOne(const ExportTarget &target, const QByteArray &requestId)
{
    return exportBy([&threads = m_base.storage, target, requestId, findCapture = m_findCapture](
                        QPromise<Result<qint64>> &) {
        const auto row = threads.read([requestId](Database &database) {
            return storage::required(TrafficLines::find(database, requestId), goneRequest());
        });
        return row.result().and_then(
            [&](const TrafficRow &found) { return exportRequest(found, target, findCapture); });
    });
}

} // namespace gatehouse::admin
