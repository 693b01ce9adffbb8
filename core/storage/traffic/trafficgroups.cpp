#include "storage/traffic/trafficgroups.h"

#include <QElapsedTimer>
#include <QHash>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::TrafficGroup;
using domain::TrafficGrouping;

namespace {

// So many ids are looked at in one statement.
constexpr qint64 step = 20'000;

QString columnOf(TrafficGrouping grouping)
{
    switch (grouping) {
    case TrafficGrouping::Session:
        return u"session"_s;
    case TrafficGrouping::Model:
        return u"model"_s;
    case TrafficGrouping::Token:
        return u"token_id"_s;
    case TrafficGrouping::Channel:
        return u"channel_id"_s;
    }
    return {};
}

// What a person calls the group; an expression over its lines.
QString nameOf(TrafficGrouping grouping)
{
    switch (grouping) {
    case TrafficGrouping::Token:
        return u"max(token_name)"_s;
    case TrafficGrouping::Channel:
        return u"coalesce((SELECT channels.name FROM channels"
               " WHERE channels.id = usage_records.channel_id), '')"_s;
    case TrafficGrouping::Session:
    case TrafficGrouping::Model:
        break;
    }
    return columnOf(grouping);
}

QString selectGroups(TrafficGrouping grouping)
{
    return u"SELECT "_s % columnOf(grouping) % u", "_s % nameOf(grouping)
           % u", max(client), max(token_name), max(id), min(id), min(created_at - elapsed),"
             " max(created_at), count(*),"
             " sum(CASE WHEN end_reason NOT IN (2, 4, 5)"
             " AND NOT (http_status < 400 AND end_reason = 0) THEN 1 ELSE 0 END),"
             " CAST(sum(input) AS bigint), CAST(sum(cache_read) AS bigint),"
             " CAST(sum(output) AS bigint), CAST(sum(cost) AS bigint)"
             " FROM usage_records WHERE id > :after AND id < :before AND kind IN (2, 6)"_s;
}

TrafficGroup groupFrom(const QSqlQuery &row)
{
    return {.key = row.value(0).toString(),
            .name = row.value(1).toString(),
            .client = row.value(2).toString(),
            .tokenName = row.value(3).toString(),
            .newest = row.value(4).toLongLong(),
            .oldest = row.value(5).toLongLong(),
            .begunAt = row.value(6).toLongLong(),
            .endedAt = row.value(7).toLongLong(),
            .requests = row.value(8).toLongLong(),
            .errors = row.value(9).toLongLong(),
            .input = row.value(10).toLongLong(),
            .cached = row.value(11).toLongLong(),
            .output = row.value(12).toLongLong(),
            .cost = {row.value(13).toLongLong()}};
}

} // namespace

Result<std::vector<TrafficGroup>> TrafficGroups::read(TrafficSpan span) const
{
    Bindings bindings = m_condition.bindings;
    bindings.push_back({u":after"_s, span.after});
    bindings.push_back({u":before"_s, span.before});
    return rowsOf(
        m_database,
        execute(m_database,
                selectGroups(m_grouping) % m_condition.sql % u" GROUP BY "_s % columnOf(m_grouping),
                bindings),
        groupFrom);
}

Result<TrafficGroupRows> TrafficGroups::newest(TrafficSpan span,
                                               std::chrono::milliseconds budget) const
{
    QElapsedTimer timer;
    timer.start();
    QHash<QString, TrafficGroup> groups;
    do {
        TrafficSpan part = span;
        part.after = std::max(span.after, span.before - 1 - step);
        span.before = part.after + 1;
        const Result<std::vector<TrafficGroup>> found = read(part);
        if (!found)
            return base::fail(found.error());
        for (const TrafficGroup &group : *found) {
            TrafficGroup &whole = groups[group.key];
            whole.key = group.key;
            whole.merge(group);
        }
    } while (!span.isEmpty() && timer.elapsed() < budget.count());
    TrafficGroupRows rows{.groups = {groups.cbegin(), groups.cend()}, .left = span};
    std::sort(rows.groups.begin(),
              rows.groups.end(),
              [](const TrafficGroup &left, const TrafficGroup &right) {
                  return left.newest > right.newest;
              });
    return rows;
}

TrafficCondition
TrafficGroups::within(TrafficCondition condition, TrafficGrouping grouping, const QString &key)
{
    const bool isNumber =
        grouping == TrafficGrouping::Token || grouping == TrafficGrouping::Channel;
    condition.sql += u" AND "_s + columnOf(grouping) + u" = :groupKey"_s;
    condition.bindings.push_back(
        {u":groupKey"_s, isNumber ? QVariant(key.toLongLong()) : QVariant(key)});
    return condition;
}

} // namespace gatehouse::storage
