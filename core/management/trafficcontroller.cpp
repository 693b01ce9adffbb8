#include "management/trafficcontroller.h"

#include "management/logcontroller.h"

#include <algorithm>
#include <array>
#include <chrono>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using admin::RankingKind;
using admin::TrafficCursor;
using admin::TrafficLine;
using base::Result;

namespace {

struct KindName
{
    RankingKind kind = RankingKind::Model;
    QLatin1StringView name{};
};
constexpr std::array<KindName, 4> kindNames{{{RankingKind::Model, "model"_L1},
                                             {RankingKind::Channel, "channel"_L1},
                                             {RankingKind::User, "user"_L1},
                                             {RankingKind::Token, "token"_L1}}};

QJsonObject lineJson(const TrafficLine &line)
{
    QJsonObject json = usageJson({.id = line.id, .record = line.record}, false);
    json.insert(u"channel_name"_s, line.channelName);
    json.insert(u"client"_s, QString::fromUtf8(line.record.client));
    json.insert(u"session"_s, QString::fromUtf8(line.record.session));
    return json;
}

QJsonArray linesJson(const std::vector<TrafficLine> &lines)
{
    QJsonArray array;
    for (const TrafficLine &line : lines)
        array.append(lineJson(line));
    return array;
}

domain::FilterQuery filterOf(const Call &call)
{
    return domain::filterQueryFrom(call.text(u"filter"_s), admin::TrafficService::filterKeys());
}

Result<int> limitOf(const Call &call, int usual, int most)
{
    return call.number(u"limit"_s).map([usual, most](qint64 wanted) {
        return wanted > 0 ? static_cast<int>(std::min<qint64>(wanted, most)) : usual;
    });
}

QJsonObject trafficSumsJson(const domain::TrafficSums &sums)
{
    const std::optional<double> share = sums.successShare();
    return {{u"requests"_s, sums.requests()},
            {u"ok"_s, sums.ok},
            {u"client_errors"_s, sums.clientErrors},
            {u"server_errors"_s, sums.serverErrors},
            {u"cancelled"_s, sums.cancelled},
            {u"success_share"_s, share ? QJsonValue(*share) : QJsonValue()},
            {u"input_tokens"_s, sums.inputTokens},
            {u"cache_read_tokens"_s, sums.cacheReadTokens},
            {u"cache_write_tokens"_s, sums.cacheWriteTokens},
            {u"output_tokens"_s, sums.outputTokens},
            {u"cost_usd"_s, static_cast<double>(sums.cost.nanoDollars) / 1e9},
            {u"unpriced"_s, sums.unpriced}};
}

qint64 idOf(const admin::StatisticsFilter &filter)
{
    if (filter.channel)
        return filter.channel->value;
    if (filter.user)
        return filter.user->value;
    return filter.token ? filter.token->value : 0;
}

QJsonObject rankingJson(const admin::Ranking &ranking)
{
    QJsonArray entries;
    for (const admin::RankingEntry &entry : ranking.entries) {
        QJsonObject json = trafficSumsJson(entry.sums);
        json.insert(u"name"_s, entry.name);
        if (ranking.kind != RankingKind::Model)
            json.insert(u"id"_s, idOf(entry.filter));
        entries.append(json);
    }
    QJsonObject other = trafficSumsJson(ranking.other);
    other.insert(u"count"_s, ranking.others);
    return {
        {u"entries"_s, entries}, {u"other"_s, other}, {u"total"_s, trafficSumsJson(ranking.total)}};
}

} // namespace

void TrafficController::addTo(Router &router)
{
    router.add({.method = "GET",
                .pattern = "/api/log/requests",
                .policy = Policy::administrator(),
                .handler = [this](const Call &call) { return page(call); }});
    router.add({.method = "GET",
                .pattern = "/api/statistics",
                .policy = Policy::administrator(),
                .handler = [this](const Call &call) { return statistics(call); }});
}

Response TrafficController::page(const Call &call)
{
    if (call.query.contains(u"after"_s)) {
        const Result<qint64> after = call.number(u"after"_s);
        return after ? newer(call, *after) : responded(after.error());
    }
    const Result<qint64> before = call.number(u"before"_s);
    const Result<qint64> floor = call.number(u"floor"_s);
    const Result<int> limit = limitOf(call, 50, 200);
    if (!before || !floor)
        return responded(before ? floor.error() : before.error());
    if (!limit)
        return responded(limit.error());
    const TrafficCursor from{.before = *before,
                             .floor = call.query.contains(u"floor"_s) ? *floor : -1};
    return respond(
        m_admin.traffic.page(filterOf(call), from, *limit), [](const admin::TrafficPage &page) {
            QJsonObject json{{u"requests"_s, linesJson(page.lines)}, {u"next"_s, QJsonValue()}};
            if (page.next) {
                json.insert(
                    u"next"_s,
                    QJsonObject{{u"before"_s, page.next->before}, {u"floor"_s, page.next->floor}});
            }
            return json;
        });
}

Response TrafficController::newer(const Call &call, qint64 after)
{
    const Result<int> limit = limitOf(call, 200, 200);
    if (!limit)
        return responded(limit.error());
    return respond(m_admin.traffic.newer(filterOf(call), after, *limit),
                   [](const admin::TrafficNews &news) {
                       return QJsonObject{{u"requests"_s, linesJson(news.lines)},
                                          {u"newest"_s, news.newest},
                                          {u"has_more"_s, news.hasMore}};
                   });
}

Response TrafficController::statistics(const Call &call)
{
    const QString by = call.text(u"by"_s).isEmpty() ? u"model"_s : call.text(u"by"_s);
    const auto kind = std::find_if(kindNames.begin(), kindNames.end(), [&by](const KindName &each) {
        return each.name == by;
    });
    if (kind == kindNames.end())
        return responded(refusal(u"The parameter \"by\" must be model, channel, user or token."_s));
    const Result<qint64> since = call.time(u"start_timestamp"_s);
    const Result<qint64> until = call.time(u"end_timestamp"_s);
    const Result<int> limit = limitOf(call, 20, 1000);
    if (!since || !until)
        return responded(since ? until.error() : since.error());
    if (!limit)
        return responded(limit.error());
    const qint64 now = m_admin.foundation.now();
    constexpr qint64 day = 24 * 60 * 60;
    const admin::TimeRange range{.since = (*since > 0 ? *since : now - day) * 1000,
                                 // The end is meant with its whole second.
                                 .until = ((*until > 0 ? *until : now) + 1) * 1000};
    if (range.length() <= 0)
        return responded(refusal(u"The time ends before it begins."_s));
    // What was just served is to be contained. A ledger from before an update takes longer than that.
    constexpr std::chrono::seconds patience(3);
    admin::StatisticsService &statistics = m_admin.statistics;
    const auto ranked = admin::onSuccess(statistics.catchUp(patience),
                                         m_context,
                                         [&statistics, range, kind = kind->kind, limit = *limit] {
                                             return statistics.ranking(range, kind, limit);
                                         });
    return respond(ranked, [&statistics, range, by](const admin::Ranking &ranking) {
        QJsonObject json = rankingJson(ranking);
        json.insert(u"by"_s, by);
        json.insert(u"start_timestamp"_s, range.since / 1000);
        json.insert(u"end_timestamp"_s, range.until / 1000 - 1);
        json.insert(u"complete"_s, statistics.progress().isComplete());
        return json;
    });
}

} // namespace gatehouse::management
