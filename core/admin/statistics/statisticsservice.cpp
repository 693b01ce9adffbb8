#include "admin/statistics/statisticsservice.h"

#include "admin/prices/stillunpriced.h"
#include "admin/statistics/attention.h"
#include "base/logging.h"
#include "domain/pricing.h"
#include "relay/exchange/settlement.h"
#include "storage/ledger/ledgerwriter.h"
#include "storage/traffic/trafficquery.h"
#include "storage/traffic/uptimerepository.h"

#include <QDateTime>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using base::Result;
using domain::ChannelId;
using storage::Database;

namespace {

constexpr std::chrono::milliseconds tickLength = 750ms;
// In ticks: how often the ledger is looked at even if nothing was heard of it, and how often it is
// noted that clients are being served.
constexpr int ticksOfPatience = 13;
constexpr int ticksOfHeartbeat = 20;

// The list price of the cache reads as plain input, less what they cost.
domain::Cost savedBy(const domain::Catalog &catalog, const domain::UsageRecord &record)
{
    const domain::CatalogChannel *channel = catalog.channel(record.channelId);
    if (!channel)
        return {};
    const domain::ModelPrice price =
        relay::priceFor(catalog, *channel, record.model, record.begunAt()).price;
    const domain::CatalogGroup *group = catalog.group(record.group);
    domain::PriceFactors factors{.channelMillionths = channel->channel.priceRatioMillionths};
    if (group)
        factors.groupMillionths = group->ratioMillionths;
    domain::Usage plain = record.usage;
    plain.cacheRead = 0;
    const qint64 whole = domain::costOf(plain, price, factors).nanoDollars;
    const qint64 cached = domain::costOf(record.usage, price, factors).nanoDollars;
    return {std::max<qint64>(0, whole - cached)};
}

struct StoredFailures
{
    std::vector<storage::FailureCount> counts{};
    storage::PassedOnCount passedOn{};
};

qint64 beginningOfDay(qint64 moment)
{
    return QDateTime::fromMSecsSinceEpoch(moment).date().startOfDay().toMSecsSinceEpoch();
}

void addTraffic(ChannelOverview &overview,
                const ChannelTraffic &traffic,
                const ChannelStates &states,
                qint64 now)
{
    if (const auto day = traffic.day.find(overview.channel); day != traffic.day.end()) {
        overview.day = day->second.sums;
        overview.firstByteMedian = day->second.firstByte.percentile(0.5);
    }
    if (const auto month = traffic.month.find(overview.channel); month != traffic.month.end())
        overview.monthCost = month->second;
    if (const auto found = traffic.findings.find(overview.channel); found != traffic.findings.end())
        overview.findings = found->second;
    const auto strip = traffic.strip.find(overview.channel);
    for (int i = 0; i < traffic.plan.cells; ++i) {
        HeatCell cell{.start = traffic.plan.since + i * traffic.plan.cell,
                      .length = traffic.plan.cell};
        if (strip != traffic.strip.end()) {
            const auto found = strip->second.find(cell.start);
            if (found != strip->second.end()) {
                const domain::TrafficSums &sums = found->second;
                cell.attempts = static_cast<int>(sums.tries() - sums.cancelled);
                cell.ok = cell.attempts - static_cast<int>(sums.faults());
            }
        }
        const qint64 passed = std::min(cell.length, now - cell.start);
        const qint64 open =
            states.openMinutes(overview.channel, cell.start, cell.end()) * storage::minuteLength;
        cell.breakerOpen = open > 0 && 2 * open >= passed;
        cell.running = cell.attempts > 0 || traffic.running[static_cast<size_t>(i)];
        overview.strip.push_back(cell);
    }
}

} // namespace

StatisticsService::StatisticsService(const Foundation &foundation,
                                     storage::LedgerWriter *ledger,
                                     QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_ledger(ledger)
    , m_rollUp(foundation.storage, foundation.clock, [this] { return savedByCache(); })
    , m_states(foundation.health)
{
    if (m_ledger) {
        m_observer = m_ledger->addObserver([this](std::span<const storage::LedgerEntry> stored) {
            m_counters.count(stored);
            m_totals.count(stored);
            m_attempts.count(stored);
        });
    }
    m_announcement.setSingleShot(true);
    m_announcement.setInterval(1s);
    connect(&m_announcement, &QTimer::timeout, this, [this] {
        if (std::exchange(m_announceAgain, false))
            announce();
    });
    connect(&m_tick, &QTimer::timeout, this, &StatisticsService::tick);
    connect(&m_rollUp, &RollUpRunner::finished, this, &StatisticsService::rolledUp);
    connect(&m_rollUp, &RollUpRunner::progressed, this, &StatisticsService::announce);
    connect(&m_base.publisher, &CatalogPublisher::catalogChanged, this, [this] {
        m_attempts.setOn(m_base.publisher.catalog()->settings().integrations.metrics);
        announce();
    });
}

StatisticsService::~StatisticsService()
{
    if (m_ledger)
        m_ledger->removeObserver(m_observer);
}

void StatisticsService::start()
{
    m_tick.start(tickLength);
    tick();
}

Answer<> StatisticsService::catchUp(std::chrono::milliseconds patience)
{
    auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    Answer<> answer = promise->future();
    auto *waiting = new QTimer(this);
    waiting->setSingleShot(true);
    const auto end = [this, waiting, promise] {
        waiting->stop();
        m_rollUp.disconnect(waiting);
        waiting->deleteLater();
        promise->addResult(Result<>());
        promise->finish();
    };
    connect(waiting, &QTimer::timeout, waiting, end);
    // One that is under way may have begun before the last lines came; then another one follows it.
    auto rounds = std::make_shared<int>(m_rollUp.isRunning() ? 2 : 1);
    connect(&m_rollUp, &RollUpRunner::finished, waiting, [rounds, end] {
        if (--*rounds == 0)
            end();
    });
    waiting->start(patience);
    m_rollUp.run();
    return answer;
}

void StatisticsService::tick()
{
    const quint64 requests = m_counters.requests();
    if (requests != m_rolledUp || m_ticks % ticksOfPatience == 0) {
        m_rolledUp = requests;
        m_rollUp.run();
    }
    if (m_ticks % ticksOfHeartbeat == 0)
        noteServing();
    ++m_ticks;
    const auto &catalog = m_base.publisher.catalog();
    if (catalog && m_states.look(*catalog, now()))
        announce();
}

// At most once a second; what comes meanwhile is told at its end.
void StatisticsService::announce()
{
    if (m_announcement.isActive()) {
        m_announceAgain = true;
        return;
    }
    m_announcement.start();
    emit changed();
}

template<typename Function>
auto StatisticsService::ask(const TimeRange &range, const StatisticsFilter &filter, Function answer)
{
    StatisticsOrder order{.range = range,
                          .filter = filter,
                          .now = now(),
                          .servingSince = m_servingSince,
                          .saved = savedByCache()};
    auto read = [order = std::move(order), answer = std::move(answer)](Database &database) {
        return answer(StatisticsQuery(database, order));
    };
    // What is narrowed down may have to be looked for in the ledger.
    return filter == StatisticsFilter{} ? m_base.storage.read(std::move(read))
                                        : m_base.storage.readAtLength(std::move(read));
}

void StatisticsService::rolledUp(bool anything)
{
    const qint64 midnight = beginningOfDay(now());
    ask({}, {}, [midnight](const StatisticsQuery &query) {
        return query.recent(midnight);
    }).then(this, [this, anything](Result<RecentTraffic> recent) {
        if (!recent)
            return;
        m_costToday = recent->costToday;
        m_states.setRecent(std::move(recent->channels));
        if (anything)
            announce();
    });
}

void StatisticsService::setServing(bool serving)
{
    if (serving == (m_servingSince > 0))
        return;
    if (!serving) {
        noteServing();
        m_servingSince = 0;
        return;
    }
    m_servingSince = now();
    m_uptime = m_base.storage.write([since = m_servingSince](Database &database) {
        return storage::UptimeRepository(database).begin(since);
    });
}

void StatisticsService::noteServing()
{
    if (m_servingSince == 0)
        return;
    m_uptime.then(this, [this, now = now()](const Result<qint64> &id) {
        if (!id) {
            qCWarning(base::lcAdmin)
                << "The time of serving was not noted:" << id.error().message.english();
            return;
        }
        m_base.storage.write([id = *id, now](Database &database) {
            return storage::UptimeRepository(database).prolong(id, now);
        });
    });
}

std::function<domain::Cost(const domain::UsageRecord &)> StatisticsService::savedByCache() const
{
    return [catalog = m_base.publisher.catalog()](const domain::UsageRecord &record) {
        return catalog ? savedBy(*catalog, record) : domain::Cost{};
    };
}

Answer<Figures> StatisticsService::figures(const TimeRange &range, const StatisticsFilter &filter)
{
    return ask(range, filter, [](const StatisticsQuery &query) { return query.figures(); });
}

Answer<Series> StatisticsService::series(const TimeRange &range,
                                         int buckets,
                                         const StatisticsFilter &filter,
                                         const QTimeZone &zone,
                                         int models)
{
    return ask(range, filter, [buckets, zone, models](const StatisticsQuery &query) {
        return query.series(buckets, zone, models);
    });
}

Answer<Ranking> StatisticsService::ranking(const TimeRange &range,
                                           RankingKind kind,
                                           int limit,
                                           const StatisticsFilter &filter)
{
    return ask(range, filter, [kind, limit](const StatisticsQuery &query) {
        return query.ranking(kind, limit);
    });
}

Answer<std::vector<ChannelOverview>> StatisticsService::channels(const TimeRange &strip,
                                                                 const QTimeZone &zone)
{
    // The present minute is the last, from its first moment on.
    const qint64 end = now() + 1;
    const TimeRange range = strip.length() > 0 ? strip : TimeRange{end - storage::hourLength, end};
    const auto traffic =
        ask(range, {}, [zone](const StatisticsQuery &query) { return query.channels(zone); });
    return onSuccess(traffic, this, [this, asked = now()](const ChannelTraffic &of) {
        std::vector<ChannelOverview> overviews = states();
        for (ChannelOverview &overview : overviews)
            addTraffic(overview, of, m_states, asked);
        return Result<std::vector<ChannelOverview>>(std::move(overviews));
    });
}

Answer<ChannelDetail> StatisticsService::channelDetail(ChannelId channel)
{
    constexpr int mostGroups = 20;
    const auto failures = m_base.storage.read([channel, since = now() - storage::dayLength](
                                                  Database &database) -> Result<StoredFailures> {
        const storage::TrafficQuery query(database);
        auto counts = query.failures(channel, since, mostGroups);
        if (!counts)
            return base::fail(std::move(counts.error()));
        return query.passedOn(channel, since).map([&](storage::PassedOnCount passedOn) {
            return StoredFailures{.counts = std::move(*counts), .passedOn = passedOn};
        });
    });
    return onSuccess(
        failures, this, [this, channel](const StoredFailures &stored) -> Result<ChannelDetail> {
            const auto &catalog = m_base.publisher.catalog();
            const domain::CatalogChannel *found = catalog ? catalog->channel(channel) : nullptr;
            if (!found)
                return base::fail(base::ErrorCode::NotFound,
                                  Message::tr("There is no such channel."));
            ChannelDetail detail{.passedOn = stored.passedOn.count,
                                 .latestPassedOn = stored.passedOn.latest};
            // The key of Echo is the program's own and another one after each start.
            if (found->channel.type != domain::provider::echo)
                detail.keys = m_states.keys(found->channel, now());
            for (const storage::FailureCount &of : stored.counts) {
                FailureGroup group{.latest = of.latest,
                                   .httpStatus = of.httpStatus,
                                   .errorCode = of.errorCode,
                                   .key = of.key,
                                   .count = static_cast<int>(of.count)};
                for (const KeyOverview &key : detail.keys) {
                    if (key.key == of.key)
                        group.keySuffix = key.suffix;
                }
                detail.failures.push_back(std::move(group));
            }
            return detail;
        });
}

Answer<std::vector<FailureGroup>> StatisticsService::failureCodes(const TimeRange &range, int most)
{
    return m_base.storage.readAtLength([range, most](Database &database) {
        return storage::TrafficQuery(database)
            .failureCodes(range.since, range.until, most)
            .map([](const std::vector<storage::FailureCount> &counts) {
                std::vector<FailureGroup> groups;
                for (const storage::FailureCount &of : counts) {
                    groups.push_back({.latest = of.latest,
                                      .httpStatus = of.httpStatus,
                                      .errorCode = of.errorCode,
                                      .count = static_cast<int>(of.count)});
                }
                return groups;
            });
    });
}

Answer<std::vector<AttentionItem>> StatisticsService::attention()
{
    const qint64 moment = now();
    using Counts = std::map<QByteArray, qint64>;
    const auto unpriced =
        ask({moment - storage::dayLength, moment},
            {},
            [catalog = m_base.publisher.catalog(), moment](const StatisticsQuery &query) {
                return query.unpriced().map([&catalog, moment](Counts models) {
                    QSet<QByteArray> names;
                    for (const auto &[model, count] : models)
                        names.insert(model);
                    const QSet<QByteArray> still =
                        catalog ? stillUnpriced(*catalog, names, moment) : names;
                    std::erase_if(models,
                                  [&](const auto &each) { return !still.contains(each.first); });
                    return models;
                });
            });
    return onSuccess(unpriced, this, [this](const Counts &models) {
        std::vector<AttentionItem> items;
        if (const auto &catalog = m_base.publisher.catalog()) {
            items = channelsInNeed(*catalog, m_states.overviews(*catalog, now()));
            const auto accounts = accountsInNeed(*catalog, m_base.admission, now());
            items.insert(items.end(), accounts.begin(), accounts.end());
        }
        for (const auto &[model, count] : models) {
            items.push_back({.kind = AttentionItem::Kind::UnpricedModel,
                             .name = QString::fromUtf8(model),
                             .count = static_cast<int>(count)});
        }
        return Result<std::vector<AttentionItem>>(std::move(items));
    });
}

LiveFigures StatisticsService::live() const
{
    LiveFigures figures = m_counters.figures(now());
    figures.inFlight = m_base.admission.running();
    figures.costToday = m_costToday;
    return figures;
}

RollUpProgress StatisticsService::progress() const
{
    return m_rollUp.progress();
}

ChannelOverview StatisticsService::healthOf(ChannelId channel) const
{
    const auto &catalog = m_base.publisher.catalog();
    const domain::CatalogChannel *found = catalog ? catalog->channel(channel) : nullptr;
    if (!found)
        return {.channel = channel};
    ChannelOverview overview = m_states.overview(found->channel, now());
    overview.running = m_base.load.running(channel);
    return overview;
}

std::vector<ChannelOverview> StatisticsService::states() const
{
    const auto &catalog = m_base.publisher.catalog();
    if (!catalog)
        return {};
    std::vector<ChannelOverview> overviews = m_states.overviews(*catalog, now());
    for (ChannelOverview &overview : overviews)
        overview.running = m_base.load.running(overview.channel);
    return overviews;
}

void StatisticsService::keyRefused(const relay::KeyRefusal &refusal)
{
    m_states.noteRefusal(refusal);
    announce();
}

void StatisticsService::noteFindings()
{
    announce();
}

void StatisticsService::setTesting(ChannelId channel, bool testing)
{
    m_states.setTesting(channel, testing);
    announce();
}

} // namespace gatehouse::admin
