#pragma once

#include "admin/statistics/seriesplan.h"
#include "admin/statistics/statistics.h"
#include "admin/statistics/stripplan.h"
#include "storage/traffic/rollupquery.h"

#include <QTimeZone>

namespace gatehouse::admin {

// What an answer of the statistics is made of beside the database.
struct StatisticsOrder
{
    TimeRange range{};
    StatisticsFilter filter{};
    qint64 now = 0;          // milliseconds since 1970, UTC
    qint64 servingSince = 0; // 0: clients are not being served now
    std::function<domain::Cost(const domain::UsageRecord &)> saved{}; // as in RollUpOrder
};

// Figures of all channels as they are stored, by channel.
struct ChannelTraffic
{
    std::map<domain::ChannelId, domain::TrafficFigures> day{};
    std::map<domain::ChannelId, domain::Cost> month{};
    StripPlan plan{};
    // By the beginning of the cell.
    std::map<domain::ChannelId, std::map<qint64, domain::TrafficSums>> strip{};
    std::vector<bool> running{}; // of the cells, the oldest first
    std::map<domain::ChannelId, domain::ChannelFindings> findings{};
};

// What happened lately, for the states of channels.
struct RecentTraffic
{
    domain::Cost costToday{};
    std::map<domain::ChannelId, domain::TrafficSums> channels{}; // of the last ten minutes
};

// Answers in a storage thread; one object for one answer.
class StatisticsQuery
{
public:
    StatisticsQuery(storage::Database &database, const StatisticsOrder &order);

    base::Result<Figures> figures() const;
    // `models`: so many are told apart.
    base::Result<Series> series(int buckets, const QTimeZone &zone, int models = 0) const;
    base::Result<Ranking> ranking(RankingKind kind, int limit) const;
    // The range of the order is that of the strips, in cells on the clock of `zone`.
    base::Result<ChannelTraffic> channels(const QTimeZone &zone) const;
    // `midnight` is the beginning of the present day.
    base::Result<RecentTraffic> recent(qint64 midnight) const;
    // Models that were used in the range without a price, with the number of their requests.
    base::Result<std::map<QByteArray, qint64>> unpriced() const;

private:
    using FiguresByModel = std::map<QByteArray, std::vector<domain::TrafficFigures>>;

    base::Result<domain::TrafficFigures> figuresOf(const TimeRange &range) const;
    base::Result<std::map<QByteArray, domain::TrafficSums>> sumsBy(RankingKind kind) const;
    base::Result<std::vector<domain::TrafficFigures>>
    fromLedger(const std::vector<qint64> &bounds) const;
    // Calls `each` with every request of the time between the first and the last of the bounds, and with
    // the number of its bucket.
    template<typename Each>
    base::Result<> forEachInLedger(const std::vector<qint64> &bounds, Each each) const;
    base::Result<std::vector<ModelSeries>> models(const SeriesPlan &plan, int most) const;
    base::Result<std::vector<QByteArray>> modelsByOutput(int most) const;
    base::Result<FiguresByModel> figuresByModel(const SeriesPlan &plan,
                                                const std::vector<QByteArray> &names) const;
    std::vector<qint64> withinRange(std::vector<qint64> bounds) const;
    base::Result<std::vector<bool>> running(const std::vector<qint64> &bounds) const;
    base::Result<bool> isComplete() const;
    base::Result<QString> nameOf(RankingKind kind, const QByteArray &name) const;
    bool needsLedger() const;
    // From when on minutes are known.
    qint64 minutesSince() const { return m_order.now - storage::minutesKept + storage::hourLength; }

    storage::Database &m_database;
    const StatisticsOrder &m_order;
    const storage::RollUpFilter m_filter;
};

} // namespace gatehouse::admin
