#include "admin/channels/channelstates.h"

namespace gatehouse::admin {

using domain::ChannelId;

void ChannelStates::noteRefusal(const relay::KeyRefusal &refusal)
{
    m_refusals[refusal.channel][refusal.key] = refusal.error.kind;
}

void ChannelStates::setTesting(ChannelId channel, bool testing)
{
    if (testing)
        ++m_tests[channel];
    else if (const auto found = m_tests.find(channel); found != m_tests.end() && --*found <= 0)
        m_tests.erase(found);
}

void ChannelStates::setRecent(std::map<ChannelId, domain::TrafficSums> recent)
{
    m_recent = std::move(recent);
}

ChannelStates::Snapshot ChannelStates::snapshot() const
{
    Snapshot snapshot;
    for (const relay::KeyHealth &health : m_health.snapshot())
        snapshot[health.channel].push_back(health);
    return snapshot;
}

ChannelSigns
ChannelStates::signsOf(const domain::Channel &channel, const Snapshot &snapshot, qint64 now) const
{
    ChannelSigns signs{.channel = channel, .testing = m_tests.contains(channel.id), .now = now};
    if (const auto found = snapshot.find(channel.id); found != snapshot.end())
        signs.keys = found->second;
    if (const auto found = m_refusals.find(channel.id); found != m_refusals.end())
        signs.refusals = found->second;
    if (const auto found = m_recent.find(channel.id); found != m_recent.end()) {
        const domain::TrafficSums &sums = found->second;
        signs.requests = static_cast<int>(sums.tries() - sums.cancelled);
        signs.failed = static_cast<int>(sums.faults());
    }
    return signs;
}

ChannelOverview ChannelStates::overviewOf(const domain::Channel &channel,
                                          const Snapshot &snapshot,
                                          qint64 now) const
{
    ChannelState state = stateOf(signsOf(channel, snapshot, now));
    return {.channel = channel.id,
            .health = state.health,
            .reason = std::move(state.reason),
            .until = state.until,
            .since = m_history.since(channel.id),
            .keys = state.keys,
            .usableKeys = state.usableKeys};
}

bool ChannelStates::look(const domain::Catalog &catalog, qint64 now)
{
    const Snapshot present = snapshot();
    // A key that is not in the snapshot has worked since.
    std::erase_if(m_refusals,
                  [&present](const auto &refusal) { return !present.contains(refusal.first); });
    bool changed = false;
    for (const auto &channel : catalog.channels()) {
        const ChannelState state = stateOf(signsOf(channel->channel, present, now));
        changed = m_history.note(channel->channel.id, state.health, now) || changed;
    }
    return changed;
}

std::vector<ChannelOverview> ChannelStates::overviews(const domain::Catalog &catalog,
                                                      qint64 now) const
{
    const Snapshot present = snapshot();
    std::vector<ChannelOverview> overviews;
    overviews.reserve(catalog.channels().size());
    for (const auto &channel : catalog.channels())
        overviews.push_back(overviewOf(channel->channel, present, now));
    return overviews;
}

ChannelOverview ChannelStates::overview(const domain::Channel &channel, qint64 now) const
{
    return overviewOf(channel, snapshot(), now);
}

std::vector<KeyOverview> ChannelStates::keys(const domain::Channel &channel, qint64 now) const
{
    const Snapshot present = snapshot();
    return keysOf(signsOf(channel, present, now));
}

} // namespace gatehouse::admin
