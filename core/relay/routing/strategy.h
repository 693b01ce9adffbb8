#pragma once

#include "relay/routing/channelload.h"
#include "relay/routing/routing.h"

namespace gatehouse::relay {

// Who of several channels of one priority is to have a request, by a strategy of routing. Of each strategy
// but the first, channels without weight are the reserve of the others. Made for one request.
class Strategy
{
public:
    // For requests of a group for a model, whose answer comes in parts or as a whole; `begunAt` tells the
    // prices, in milliseconds since 1970.
    Strategy(const domain::Catalog &catalog,
             ChannelLoad &load,
             const QByteArray &group,
             const QByteArray &model,
             bool stream,
             qint64 begunAt);

    // The indices of those that come first, between which their weights decide, or with RoundRobin their
    // turn. Changes nothing.
    std::vector<size_t> leading(std::span<const RouteOption> options) const;
    // The index of the one that is to be tried. `number`, from [0, 1), decides where weights do.
    size_t pick(std::span<const RouteOption> options, double number) const;

private:
    template<typename Figure>
    void keepLowest(std::vector<size_t> &indices, Figure figureOf) const;
    double latencyOf(const RouteOption &option) const;
    double costOf(const RouteOption &option) const;
    double busynessOf(const RouteOption &option) const;
    PacePlace paceOf(const RouteOption &option) const;

    const domain::Catalog &m_catalog;
    ChannelLoad &m_load;
    const QByteArray &m_group;
    const QByteArray &m_model;
    const bool m_stream;
    const qint64 m_begunAt;
    const domain::RoutingStrategy m_strategy;
};

} // namespace gatehouse::relay
