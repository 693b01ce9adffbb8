#pragma once

#include "admin/channels/breakerhistory.h"
#include "admin/statistics/statisticsquery.h"
#include "domain/catalog.h"
#include "relay/context.h"

namespace gatehouse::admin {

// Puts together how every channel is: what the relay, the catalog, tests and the traffic of the last
// minutes say. Lives in the main thread.
class ChannelStates
{
public:
    explicit ChannelStates(const relay::ChannelHealth &health)
        : m_health(health)
    {}

    // Hands over what later calls go by.
    void noteRefusal(const relay::KeyRefusal &refusal);
    void setTesting(domain::ChannelId channel, bool testing);
    void setRecent(std::map<domain::ChannelId, domain::TrafficSums> recent);

    // Looks at all channels and remembers. True: one is not as it was.
    bool look(const domain::Catalog &catalog, qint64 now);

    // Without figures of the past.
    std::vector<ChannelOverview> overviews(const domain::Catalog &catalog, qint64 now) const;
    ChannelOverview overview(const domain::Channel &channel, qint64 now) const;
    std::vector<KeyOverview> keys(const domain::Channel &channel, qint64 now) const;
    qint64 openMinutes(domain::ChannelId channel, qint64 since, qint64 until) const
    {
        return m_history.openMinutes(channel, since, until);
    }

private:
    using Snapshot = std::map<domain::ChannelId, std::vector<relay::KeyHealth>>;

    Snapshot snapshot() const;
    ChannelSigns
    signsOf(const domain::Channel &channel, const Snapshot &snapshot, qint64 now) const;
    ChannelOverview
    overviewOf(const domain::Channel &channel, const Snapshot &snapshot, qint64 now) const;

    const relay::ChannelHealth &m_health;
    std::map<domain::ChannelId, QHash<qint64, protocol::ErrorClass>> m_refusals{};
    QHash<domain::ChannelId, int> m_tests{}; // under way
    std::map<domain::ChannelId, domain::TrafficSums> m_recent{};
    BreakerHistory m_history{};
};

} // namespace gatehouse::admin
