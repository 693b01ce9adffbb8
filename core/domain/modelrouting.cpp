#include "domain/modelrouting.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

constexpr std::array<std::pair<RoutingStrategy, QLatin1String>, 5> strategies{{
    {RoutingStrategy::PriorityWeight, QLatin1String("priority_weight")},
    {RoutingStrategy::RoundRobin, QLatin1String("round_robin")},
    {RoutingStrategy::LowestLatency, QLatin1String("lowest_latency")},
    {RoutingStrategy::LowestCost, QLatin1String("lowest_cost")},
    {RoutingStrategy::LeastBusy, QLatin1String("least_busy")},
}};

} // namespace

QString strategyName(RoutingStrategy strategy)
{
    for (const auto &[known, name] : strategies) {
        if (known == strategy)
            return name;
    }
    return {};
}

std::optional<RoutingStrategy> strategyNamed(QStringView name)
{
    for (const auto &[strategy, known] : strategies) {
        if (name == known)
            return strategy;
    }
    return std::nullopt;
}

QStringList strategyNames()
{
    QStringList names;
    for (const auto &[strategy, name] : strategies)
        names.append(name);
    return names;
}

} // namespace gatehouse::domain
