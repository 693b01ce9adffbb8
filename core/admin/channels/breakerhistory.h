#pragma once

#include "admin/channels/channelstate.h"

#include <map>
#include <set>

namespace gatehouse::admin {

// Remembers for an hour in which minutes breakers were open, and since when channels are as they
// are. Seen by looking now and then; what was before the start of the program is not known.
class BreakerHistory
{
public:
    // A channel as it is at that moment, in milliseconds since 1970, UTC. True: its health differs from
    // what it was.
    bool note(domain::ChannelId channel, domain::Health health, qint64 now);
    void forget(domain::ChannelId channel) { m_channels.erase(channel); }

    bool wasOpen(domain::ChannelId channel, qint64 minuteStart) const;
    // 0: as it has been ever since the start.
    qint64 since(domain::ChannelId channel) const;

private:
    struct Entry
    {
        domain::Health health = domain::Health::Healthy;
        qint64 since = 0;
        std::set<qint64> openMinutes{}; // their starts
    };

    std::map<domain::ChannelId, Entry> m_channels{};
};

} // namespace gatehouse::admin
