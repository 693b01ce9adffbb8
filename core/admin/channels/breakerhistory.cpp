#include "admin/channels/breakerhistory.h"

#include "storage/traffic/rollup.h"

namespace gatehouse::admin {

using domain::ChannelId;
using domain::Health;

bool BreakerHistory::note(ChannelId channel, Health health, qint64 now)
{
    const auto [found, isNew] = m_channels.try_emplace(channel, Entry{.health = health});
    Entry &entry = found->second;
    const qint64 minute = storage::startOf(storage::RollUpLevel::Minute, now);
    if (health == Health::Open)
        entry.openMinutes.insert(minute);
    entry.openMinutes.erase(entry.openMinutes.begin(),
                            entry.openMinutes.lower_bound(minute - storage::hourLength));
    if (entry.health == health)
        return false;
    entry.health = health;
    entry.since = now;
    return true;
}

bool BreakerHistory::wasOpen(ChannelId channel, qint64 minuteStart) const
{
    const auto found = m_channels.find(channel);
    return found != m_channels.end() && found->second.openMinutes.contains(minuteStart);
}

qint64 BreakerHistory::since(ChannelId channel) const
{
    const auto found = m_channels.find(channel);
    return found == m_channels.end() ? 0 : found->second.since;
}

} // namespace gatehouse::admin
