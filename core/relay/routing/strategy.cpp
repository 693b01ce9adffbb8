#include "relay/routing/strategy.h"

#include "relay/exchange/settlement.h"

#include <algorithm>
#include <limits>

namespace gatehouse::relay {

using domain::RoutingStrategy;

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

int weightOf(const RouteOption &option)
{
    return option.channel->channel.weight;
}

size_t drawnByWeight(std::span<const RouteOption> options,
                     const std::vector<size_t> &indices,
                     double number)
{
    qint64 totalWeight = 0;
    for (const size_t index : indices)
        totalWeight += weightOf(options[index]);
    // Channels that all weigh nothing share evenly.
    const bool evenly = totalWeight == 0;
    double left = number * double(evenly ? qint64(indices.size()) : totalWeight);
    for (const size_t index : indices) {
        left -= evenly ? 1 : weightOf(options[index]);
        if (left < 0)
            return index;
    }
    return indices.back();
}

} // namespace

Strategy::Strategy(const domain::Catalog &catalog,
                   ChannelLoad &load,
                   const QByteArray &group,
                   const QByteArray &model,
                   bool stream,
                   qint64 begunAt)
    : m_catalog(catalog)
    , m_load(load)
    , m_group(group)
    , m_model(model)
    , m_stream(stream)
    , m_begunAt(begunAt)
    , m_strategy(catalog.routing(model).strategy)
{}

template<typename Figure>
void Strategy::keepLowest(std::vector<size_t> &indices, Figure figureOf) const
{
    std::vector<size_t> lowest;
    double least = never;
    for (const size_t index : indices) {
        const double figure = figureOf(index);
        if (figure < least)
            lowest.clear();
        if (figure <= least)
            lowest.push_back(index);
        least = std::min(least, figure);
    }
    indices = std::move(lowest);
}

std::vector<size_t> Strategy::leading(std::span<const RouteOption> options) const
{
    std::vector<size_t> indices;
    const bool hasWeight =
        std::any_of(options.begin(), options.end(), [](const auto &o) { return weightOf(o) > 0; });
    for (size_t i = 0; i < options.size(); ++i) {
        if (m_strategy == RoutingStrategy::PriorityWeight || !hasWeight || weightOf(options[i]) > 0)
            indices.push_back(i);
    }
    switch (m_strategy) {
    case RoutingStrategy::PriorityWeight:
    case RoutingStrategy::RoundRobin:
        break;
    case RoutingStrategy::LowestLatency:
        keepLowest(indices, [&](size_t index) { return latencyOf(options[index]); });
        break;
    case RoutingStrategy::LowestCost:
        keepLowest(indices, [&](size_t index) { return costOf(options[index]); });
        break;
    case RoutingStrategy::LeastBusy:
        keepLowest(indices, [&](size_t index) { return busynessOf(options[index]); });
        break;
    }
    return indices;
}

size_t Strategy::pick(std::span<const RouteOption> options, double number) const
{
    if (options.size() == 1)
        return 0;
    const std::vector<size_t> indices = leading(options);
    if (m_strategy == RoutingStrategy::RoundRobin) {
        std::vector<domain::ChannelId> channels;
        for (const size_t index : indices)
            channels.push_back(options[index].channel->channel.id);
        return indices[m_load.pace().nextTurn(m_group, m_model, channels)];
    }
    const size_t chosen = drawnByWeight(options, indices, number);
    if (m_strategy == RoutingStrategy::LowestLatency) {
        const PacePlace place = paceOf(options[chosen]);
        if (!m_load.pace().latency(place))
            m_load.pace().beginMeasure(place);
    }
    return chosen;
}

PacePlace Strategy::paceOf(const RouteOption &option) const
{
    return {.channel = option.channel->channel.id, .model = m_model, .stream = m_stream};
}

// One that was not measured comes first, but for the time in which a request does so.
double Strategy::latencyOf(const RouteOption &option) const
{
    const PacePlace place = paceOf(option);
    if (const auto latency = m_load.pace().latency(place))
        return double(latency->count());
    return m_load.pace().isBeingMeasured(place) ? never : 0.0;
}

// Of a thousand tokens each way. What has no price costs nothing on the owner's machine, and elsewhere, as
// with a price in a currency without a rate, what nobody knows, so that it comes last.
double Strategy::costOf(const RouteOption &option) const
{
    constexpr qint64 tokens = 1'000;
    const AppliedPrice applied = priceFor(m_catalog, *option.channel, m_model, m_begunAt);
    if (applied.unpriced)
        return never;
    const domain::Cost cost =
        domain::costOf({.input = tokens, .output = tokens},
                       applied.price,
                       {.channelMillionths = option.channel->channel.priceRatioMillionths});
    return double(cost.nanoDollars);
}

double Strategy::busynessOf(const RouteOption &option) const
{
    return double(m_load.running(option.channel->channel.id))
           / double(std::max(1, weightOf(option)));
}

} // namespace gatehouse::relay
