#pragma once

#include "admin/channels/channelstate.h"

#include <deque>
#include <map>

namespace gatehouse::admin {

// Remembers for 30 days in which minutes breakers were open, of one that opens all the time only the
// latest, and since when channels are as they are. Seen by looking now and then; what was before the start of the program is not known.
class BreakerHistory
{
public:
    // A channel as it is at that moment, in milliseconds since 1970, UTC. True: its health differs from
    // what it was.
    bool note(domain::ChannelId channel, domain::Health health, qint64 now);
    void forget(domain::ChannelId channel) { m_channels.erase(channel); }

    // How many of the minutes that begin in [since, until).
    qint64 openMinutes(domain::ChannelId channel, qint64 since, qint64 until) const;
    // 0: as it has been ever since the start.
    qint64 since(domain::ChannelId channel) const;

private:
    // Minutes that follow upon each other: [since, until).
    struct Stretch
    {
        qint64 since = 0;
        qint64 until = 0;
    };

    struct Entry
    {
        domain::Health health = domain::Health::Healthy;
        qint64 since = 0;
        std::deque<Stretch> open{}; // by rising time
    };

    std::map<domain::ChannelId, Entry> m_channels{};
};

} // namespace gatehouse::admin
