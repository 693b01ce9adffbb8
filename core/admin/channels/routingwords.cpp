#include "admin/channels/routingwords.h"

namespace gatehouse::admin {

using base::Message;
using domain::RoutingStrategy;

Message strategyWords(RoutingStrategy strategy)
{
    switch (strategy) {
    case RoutingStrategy::PriorityWeight:
        break;
    case RoutingStrategy::RoundRobin:
        return Message::tr("Channels of one priority take turns.");
    case RoutingStrategy::LowestLatency:
        return Message::tr("Of the channels of one priority, the one is asked that answered "
                           "soonest lately; one that was not measured comes first.");
    case RoutingStrategy::LowestCost:
        return Message::tr("Of the channels of one priority, the one is asked whose input and "
                           "output cost the least.");
    case RoutingStrategy::LeastBusy:
        return Message::tr("Of the channels of one priority, the one is asked that has the fewest "
                           "running requests for its weight.");
    }
    return Message::tr("Channels of one priority share the requests by their weights.");
}

Message affinityWords(const domain::AppliedRouting &routing,
                      const domain::Settings::Relay &settings)
{
    if (!routing.affinity)
        return Message::tr("Sessions keep to no channel.");
    const qint64 minutes = std::chrono::ceil<std::chrono::minutes>(settings.affinityTtl).count();
    return Message::tr("A session keeps to its channel and key for %1 minutes after its last "
                       "request.")
        .arg(minutes);
}

} // namespace gatehouse::admin
