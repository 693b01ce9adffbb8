#pragma once

#include "domain/trafficgroup.h"
#include "storage/traffic/trafficlines.h"

namespace gatehouse::storage {

// What a part of the ledger has of each group.
struct TrafficGroupRows
{
    std::vector<domain::TrafficGroup> groups{}; // that of the newest line first
    TrafficSpan left{};                         // what was not looked at
};

// Sums requests up by groups, a span of ids at a time as TrafficLines does. A group that reaches over
// several answers has a part in each.
class TrafficGroups
{
public:
    TrafficGroups(Database &database, TrafficCondition condition, domain::TrafficGrouping grouping)
        : m_database(database)
        , m_condition(std::move(condition))
        , m_grouping(grouping)
    {}

    base::Result<TrafficGroupRows> newest(TrafficSpan span, std::chrono::milliseconds budget) const;

    // The condition narrowed down to one group.
    static TrafficCondition
    within(TrafficCondition condition, domain::TrafficGrouping grouping, const QString &key);

private:
    base::Result<std::vector<domain::TrafficGroup>> read(TrafficSpan span) const;

    Database &m_database;
    const TrafficCondition m_condition;
    const domain::TrafficGrouping m_grouping;
};

} // namespace gatehouse::storage
