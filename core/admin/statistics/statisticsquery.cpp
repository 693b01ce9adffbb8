#include "admin/statistics/statisticsquery.h"

#include "storage/repositories/channelfindings.h"
#include "storage/traffic/trafficquery.h"
#include "storage/traffic/uptimerepository.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::admin {

using base::Result;
using domain::TrafficFigures;
using domain::TrafficSums;
using storage::RollUpFilter;
using storage::RollUpKind;
using storage::RollUpLevel;
using storage::RollUpQuery;

namespace {

// So far behind the ledger are the roll-ups at most while nothing out of the ordinary goes on.
constexpr qint64 usualLag = 10'000;
// Up to so many requests, buckets of seconds are made from the ledger itself.
constexpr qint64 mostForSeconds = 20'000;
constexpr int sparklineBuckets = 60;
constexpr int recentMinutes = 10;

int membersOf(const StatisticsFilter &filter)
{
    return (filter.channel ? 1 : 0) + (filter.model.isEmpty() ? 0 : 1) + (filter.token ? 1 : 0)
           + (filter.user ? 1 : 0);
}

RollUpFilter rollUpFilterOf(const StatisticsFilter &filter)
{
    if (filter.channel)
        return {RollUpKind::Channel, QByteArray::number(filter.channel->value)};
    if (!filter.model.isEmpty())
        return {RollUpKind::Model, filter.model.toUtf8()};
    if (filter.token)
        return {RollUpKind::Token, QByteArray::number(filter.token->value)};
    if (filter.user)
        return {RollUpKind::User, QByteArray::number(filter.user->value)};
    return {};
}

RollUpKind rollUpKindOf(RankingKind kind)
{
    switch (kind) {
    case RankingKind::Model:
        return RollUpKind::Model;
    case RankingKind::Channel:
        return RollUpKind::Channel;
    case RankingKind::User:
        return RollUpKind::User;
    case RankingKind::Token:
        return RollUpKind::Token;
    }
    return RollUpKind::All;
}

QByteArray nameIn(const domain::UsageRecord &record, RankingKind kind)
{
    switch (kind) {
    case RankingKind::Model:
        return record.model;
    case RankingKind::Channel:
        return record.channelId.isNull() ? QByteArray()
                                         : QByteArray::number(record.channelId.value);
    case RankingKind::User:
        return QByteArray::number(record.userId.value);
    case RankingKind::Token:
        return QByteArray::number(record.tokenId.value);
    }
    return {};
}

StatisticsFilter narrowed(StatisticsFilter filter, RankingKind kind, const QByteArray &name)
{
    switch (kind) {
    case RankingKind::Model:
        filter.model = QString::fromUtf8(name);
        break;
    case RankingKind::Channel:
        filter.channel = domain::ChannelId{name.toLongLong()};
        break;
    case RankingKind::User:
        filter.user = domain::UserId{name.toLongLong()};
        break;
    case RankingKind::Token:
        filter.token = domain::TokenId{name.toLongLong()};
        break;
    }
    return filter;
}

PeriodFigures periodOf(const TrafficFigures &figures)
{
    return {.sums = figures.sums,
            .elapsed = Percentiles::of(figures.elapsed),
            .firstByte = Percentiles::of(figures.firstByte)};
}

std::optional<double> tokensPerSecondOf(const TrafficFigures &figures)
{
    const std::optional<qint64> tenths = figures.speed.percentile(0.5);
    return tenths ? std::optional(static_cast<double>(*tenths) / 10.0) : std::nullopt;
}

RollUpLevel levelOf(const SeriesPlan &plan)
{
    return plan.source == SeriesPlan::Source::Hours ? RollUpLevel::Hour : RollUpLevel::Minute;
}

SeriesBucket bucketOf(qint64 start, bool running, const TrafficFigures &figures)
{
    return {.start = start,
            .running = running || figures.sums.requests() > 0,
            .sums = figures.sums,
            .elapsed = Percentiles::of(figures.elapsed),
            .firstByte = Percentiles::of(figures.firstByte),
            .tokensPerSecond = tokensPerSecondOf(figures)};
}

storage::TrafficFilter trafficFilterOf(const StatisticsFilter &filter, qint64 since, qint64 until)
{
    storage::TrafficFilter traffic{.since = since,
                                   .until = until,
                                   .channel = filter.channel,
                                   .token = filter.token,
                                   .user = filter.user};
    if (!filter.model.isEmpty())
        traffic.model = filter.model.toUtf8();
    return traffic;
}

template<typename Value>
std::map<domain::ChannelId, Value> byChannel(std::map<QByteArray, Value> values)
{
    std::map<domain::ChannelId, Value> channels;
    for (auto &[name, value] : values)
        channels.emplace(domain::ChannelId{name.toLongLong()}, std::move(value));
    return channels;
}

} // namespace

StatisticsQuery::StatisticsQuery(storage::Database &database, const StatisticsOrder &order)
    : m_database(database)
    , m_order(order)
    , m_filter(rollUpFilterOf(order.filter))
{}

bool StatisticsQuery::needsLedger() const
{
    return membersOf(m_order.filter) > 1;
}

Result<TrafficFigures> StatisticsQuery::figuresOf(const TimeRange &range) const
{
    if (!needsLedger())
        return RollUpQuery(m_database)
            .figures(storage::segmentsFor(range.since, range.until, m_order.now), m_filter);
    return fromLedger({range.since, range.until}).map([](std::vector<TrafficFigures> buckets) {
        return std::move(buckets.front());
    });
}

Result<std::vector<TrafficFigures>>
StatisticsQuery::fromLedger(const std::vector<qint64> &bounds) const
{
    std::vector<TrafficFigures> buckets(bounds.size() - 1);
    const auto add = [&](size_t bucket, const domain::UsageRecord &record) {
        const bool priced = record.usage.cacheRead > 0 && m_order.saved;
        buckets[bucket].add(record, priced ? m_order.saved(record) : domain::Cost{});
    };
    return forEachInLedger(bounds, add).map([&] { return std::move(buckets); });
}

template<typename Each>
Result<> StatisticsQuery::forEachInLedger(const std::vector<qint64> &bounds, Each each) const
{
    return storage::TrafficQuery(m_database)
        .forEachWithin(
            trafficFilterOf(m_order.filter, bounds.front(), bounds.back()),
            [&](qint64, const domain::UsageRecord &record) {
                const auto after = std::upper_bound(bounds.begin(), bounds.end(), record.createdAt);
                each(static_cast<size_t>(std::distance(bounds.begin(), after)) - 1, record);
            });
}

// Buckets begin and end on the clock. What lies outside of the range, as figuresOf() takes it, is none
// of theirs, so that they come to what the figures say.
std::vector<qint64> StatisticsQuery::withinRange(std::vector<qint64> bounds) const
{
    TimeRange range = m_order.range;
    if (!needsLedger()) {
        const std::vector<storage::RollUpSegment> segments =
            storage::segmentsFor(range.since, range.until, m_order.now);
        if (segments.empty())
            return bounds;
        range = {segments.front().since, segments.back().until};
    }
    const size_t last = bounds.size() - 1;
    bounds[0] = std::clamp(range.since, bounds[0], bounds[1]);
    bounds[last] = std::clamp(range.until, bounds[last - 1], bounds[last]);
    return bounds;
}

Result<std::vector<bool>> StatisticsQuery::running(const std::vector<qint64> &bounds) const
{
    Result<std::vector<storage::Uptime>> times =
        storage::UptimeRepository(m_database).within(bounds.front(), bounds.back());
    if (!times)
        return base::fail(std::move(times.error()));
    if (m_order.servingSince > 0)
        times->push_back({.since = m_order.servingSince, .until = m_order.now});
    std::vector<bool> running(bounds.size() - 1, false);
    for (const storage::Uptime &time : *times) {
        const auto first = std::upper_bound(bounds.begin(), bounds.end(), time.since);
        auto index = std::max<std::ptrdiff_t>(0, std::distance(bounds.begin(), first) - 1);
        for (; index + 1 < std::ssize(bounds); ++index) {
            if (bounds[static_cast<size_t>(index)] > time.until)
                break;
            running[static_cast<size_t>(index)] = true;
        }
    }
    return running;
}

Result<bool> StatisticsQuery::isComplete() const
{
    return storage::rollUpState(m_database).map([](const storage::RollUpState &state) {
        return state.newest - state.last <= usualLag;
    });
}

Result<Figures> StatisticsQuery::figures() const
{
    const Result<TrafficFigures> now = figuresOf(m_order.range);
    if (!now)
        return base::fail(now.error());
    const Result<TrafficFigures> before = figuresOf(m_order.range.before());
    if (!before)
        return base::fail(before.error());
    Result<Series> sparkline = series(sparklineBuckets, QTimeZone::utc());
    if (!sparkline)
        return base::fail(std::move(sparkline.error()));
    const auto surplus = std::ssize(sparkline->buckets) - sparklineBuckets;
    if (surplus > 0)
        sparkline->buckets.erase(sparkline->buckets.begin(), sparkline->buckets.begin() + surplus);
    const bool complete = sparkline->complete;
    return Figures{.range = m_order.range,
                   .now = periodOf(*now),
                   .before = periodOf(*before),
                   .sparkline = std::move(*sparkline),
                   .complete = complete};
}

Result<Series> StatisticsQuery::series(int buckets, const QTimeZone &zone, int models) const
{
    Series series{.range = m_order.range};
    bool fine = m_order.range.length() <= storage::hourLength;
    if (fine) {
        const Result<TrafficFigures> all = figuresOf(m_order.range);
        if (!all)
            return base::fail(all.error());
        fine = all->sums.requests() <= mostForSeconds;
    }
    const SeriesPlan plan = seriesPlan(m_order.range, buckets, zone, minutesSince(), fine);
    if (plan.bounds.size() < 2)
        return series;
    const Result<std::vector<TrafficFigures>> figures =
        needsLedger() || plan.source == SeriesPlan::Source::Ledger
            ? fromLedger(withinRange(plan.bounds))
            : RollUpQuery(m_database).series(withinRange(plan.bounds), levelOf(plan), m_filter);
    if (!figures)
        return base::fail(figures.error());
    const Result<std::vector<bool>> running = this->running(plan.bounds);
    if (!running)
        return base::fail(running.error());
    const Result<bool> complete = isComplete();
    if (!complete)
        return base::fail(complete.error());
    series.range = {plan.bounds.front(), plan.bounds.back()};
    series.bucket = plan.bucket;
    series.complete = *complete;
    series.buckets.reserve(figures->size());
    for (size_t i = 0; i < figures->size(); ++i)
        series.buckets.push_back(bucketOf(plan.bounds[i], (*running)[i], (*figures)[i]));
    if (models <= 0)
        return series;
    return this->models(plan, models).map([&](std::vector<ModelSeries> found) {
        series.models = std::move(found);
        return std::move(series);
    });
}

Result<std::vector<QByteArray>> StatisticsQuery::modelsByOutput(int most) const
{
    return sumsBy(RankingKind::Model).map([most](const std::map<QByteArray, TrafficSums> &sums) {
        std::vector<QByteArray> names;
        names.reserve(sums.size());
        for (const auto &[name, of] : sums)
            names.push_back(name);
        std::stable_sort(
            names.begin(), names.end(), [&sums](const QByteArray &left, const QByteArray &right) {
                const TrafficSums &one = sums.at(left);
                const TrafficSums &other = sums.at(right);
                return std::pair(one.outputTokens, one.tokens())
                       > std::pair(other.outputTokens, other.tokens());
            });
        names.resize(std::min(names.size(), static_cast<size_t>(most)));
        return names;
    });
}

Result<StatisticsQuery::FiguresByModel>
StatisticsQuery::figuresByModel(const SeriesPlan &plan, const std::vector<QByteArray> &names) const
{
    const std::vector<qint64> bounds = withinRange(plan.bounds);
    if (membersOf(m_order.filter) == 0 && plan.source != SeriesPlan::Source::Ledger)
        return RollUpQuery(m_database)
            .seriesByName(bounds, levelOf(plan), RollUpKind::Model, names);
    FiguresByModel figures;
    const auto add = [&](size_t bucket, const domain::UsageRecord &record) {
        const bool isNamed = std::find(names.begin(), names.end(), record.model) != names.end();
        std::vector<TrafficFigures> &buckets = figures[isNamed ? record.model : QByteArray()];
        buckets.resize(bounds.size() - 1);
        buckets[bucket].add(record);
    };
    return forEachInLedger(bounds, add).map([&] { return std::move(figures); });
}

Result<std::vector<ModelSeries>> StatisticsQuery::models(const SeriesPlan &plan, int most) const
{
    const Result<std::vector<QByteArray>> names = modelsByOutput(most);
    if (!names)
        return base::fail(names.error());
    const Result<FiguresByModel> figures = figuresByModel(plan, *names);
    if (!figures)
        return base::fail(figures.error());
    std::vector<ModelSeries> models;
    const auto append = [&](const QByteArray &name) {
        const auto found = figures->find(name);
        if (found == figures->end())
            return;
        ModelSeries model{.model = QString::fromUtf8(name)};
        for (const TrafficFigures &of : found->second)
            model.buckets.push_back(
                {.tokens = of.sums.tokens(), .tokensPerSecond = tokensPerSecondOf(of)});
        models.push_back(std::move(model));
    };
    for (const QByteArray &name : *names)
        append(name);
    append({});
    return models;
}

Result<std::map<QByteArray, TrafficSums>> StatisticsQuery::sumsBy(RankingKind kind) const
{
    const TimeRange &range = m_order.range;
    if (membersOf(m_order.filter) == 0) {
        return RollUpQuery(m_database)
            .sumsByName(storage::segmentsFor(range.since, range.until, m_order.now),
                        rollUpKindOf(kind));
    }
    std::map<QByteArray, TrafficFigures> figures;
    const Result<> read =
        storage::TrafficQuery(m_database)
            .forEachWithin(trafficFilterOf(m_order.filter, range.since, range.until),
                           [&](qint64, const domain::UsageRecord &record) {
                               const QByteArray name = nameIn(record, kind);
                               if (!name.isEmpty())
                                   figures[name].add(record);
                           });
    if (!read)
        return base::fail(read.error());
    std::map<QByteArray, TrafficSums> sums;
    for (const auto &[name, of] : figures)
        sums.emplace(name, of.sums);
    return sums;
}

Result<QString> StatisticsQuery::nameOf(RankingKind kind, const QByteArray &name) const
{
    if (kind == RankingKind::Model)
        return QString::fromUtf8(name);
    return RollUpQuery(m_database).nameOf(rollUpKindOf(kind), name.toLongLong());
}

Result<Ranking> StatisticsQuery::ranking(RankingKind kind, int limit) const
{
    const Result<std::map<QByteArray, TrafficSums>> sums = sumsBy(kind);
    if (!sums)
        return base::fail(sums.error());
    std::vector<std::pair<QByteArray, TrafficSums>> sorted;
    // A channel may have had nothing but attempts, whose requests ended at others.
    std::copy_if(sums->begin(), sums->end(), std::back_inserter(sorted), [](const auto &each) {
        return each.second.requests() > 0;
    });
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto &left, const auto &right) {
        if (left.second.cost != right.second.cost)
            return left.second.cost > right.second.cost;
        return left.second.requests() > right.second.requests();
    });
    Ranking ranking{.kind = kind};
    for (const auto &[name, of] : sorted) {
        ranking.total += of;
        if (std::ssize(ranking.entries) >= limit) {
            ranking.other += of;
            ++ranking.others;
            continue;
        }
        Result<QString> shown = nameOf(kind, name);
        if (!shown)
            return base::fail(std::move(shown.error()));
        ranking.entries.push_back({.filter = narrowed(m_order.filter, kind, name),
                                   .name = std::move(*shown),
                                   .sums = of});
    }
    return ranking;
}

Result<ChannelTraffic> StatisticsQuery::channels(const QTimeZone &zone) const
{
    constexpr qint64 month = 30 * storage::dayLength;
    const qint64 now = m_order.now;
    const RollUpQuery query(m_database);
    ChannelTraffic traffic;
    auto day = query.figuresByName(storage::segmentsFor(now - storage::dayLength, now, now),
                                   RollUpKind::Channel);
    if (!day)
        return base::fail(std::move(day.error()));
    traffic.day = byChannel(std::move(*day));
    const auto sums =
        query.sumsByName(storage::segmentsFor(now - month, now, now), RollUpKind::Channel);
    if (!sums)
        return base::fail(sums.error());
    for (const auto &[name, of] : *sums)
        traffic.month.emplace(domain::ChannelId{name.toLongLong()}, of.cost);
    const StripPlan plan = stripPlan(m_order.range, zone, minutesSince());
    traffic.plan = plan;
    auto strip = query.stretchesByName(
        {plan.level, plan.since, plan.until()}, plan.cell, RollUpKind::Channel);
    if (!strip)
        return base::fail(std::move(strip.error()));
    traffic.strip = byChannel(std::move(*strip));
    Result<std::vector<bool>> running = this->running(plan.bounds());
    if (!running)
        return base::fail(std::move(running.error()));
    traffic.running = std::move(*running);
    auto findings = storage::channelFindings(m_database);
    if (!findings)
        return base::fail(std::move(findings.error()));
    traffic.findings = std::move(*findings);
    return traffic;
}

Result<RecentTraffic> StatisticsQuery::recent(qint64 midnight) const
{
    const qint64 now = m_order.now;
    const RollUpQuery query(m_database);
    const Result<TrafficFigures> today =
        query.figures(storage::segmentsFor(midnight, now, now), {});
    if (!today)
        return base::fail(today.error());
    const qint64 minute = storage::startOf(RollUpLevel::Minute, now);
    auto channels = query.sumsByName({{RollUpLevel::Minute,
                                       minute - (recentMinutes - 1) * storage::minuteLength,
                                       minute + storage::minuteLength}},
                                     RollUpKind::Channel);
    if (!channels)
        return base::fail(std::move(channels.error()));
    return RecentTraffic{.costToday = today->sums.cost,
                         .channels = byChannel(std::move(*channels))};
}

Result<std::map<QByteArray, qint64>> StatisticsQuery::unpriced() const
{
    const Result<std::map<QByteArray, TrafficSums>> sums = sumsBy(RankingKind::Model);
    if (!sums)
        return base::fail(sums.error());
    std::map<QByteArray, qint64> models;
    for (const auto &[name, of] : *sums) {
        if (of.unpriced > 0)
            models.emplace(name, of.unpriced);
    }
    return models;
}

} // namespace gatehouse::admin
