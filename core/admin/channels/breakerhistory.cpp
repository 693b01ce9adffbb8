#include "admin/channels/breakerhistory.h"

#include "storage/traffic/rollup.h"

#include <algorithm>

namespace gatehouse::admin {

using domain::ChannelId;
using domain::Health;

namespace {

constexpr qint64 timeRemembered = 30 * storage::dayLength;
constexpr size_t mostStretches = 1'000; // of a channel

} // namespace

bool BreakerHistory::note(ChannelId channel, Health health, qint64 now)
{
    const auto [found, isNew] = m_channels.try_emplace(channel, Entry{.health = health});
    Entry &entry = found->second;
    const qint64 minute = storage::startOf(storage::RollUpLevel::Minute, now);
    if (health == Health::Open) {
        if (entry.open.empty() || entry.open.back().until < minute)
            entry.open.push_back({.since = minute});
        // A clock that was put back does not shorten what was.
        entry.open.back().until = std::max(entry.open.back().until, minute + storage::minuteLength);
    }
    while (!entry.open.empty()
           && (entry.open.front().until <= minute - timeRemembered
               || entry.open.size() > mostStretches))
        entry.open.pop_front();
    if (entry.health == health)
        return false;
    entry.health = health;
    entry.since = now;
    return true;
}

qint64 BreakerHistory::openMinutes(ChannelId channel, qint64 since, qint64 until) const
{
    const auto found = m_channels.find(channel);
    if (found == m_channels.end())
        return 0;
    qint64 milliseconds = 0;
    for (const Stretch &stretch : found->second.open) {
        milliseconds +=
            std::max<qint64>(0, std::min(stretch.until, until) - std::max(stretch.since, since));
    }
    return milliseconds / storage::minuteLength;
}

qint64 BreakerHistory::since(ChannelId channel) const
{
    const auto found = m_channels.find(channel);
    return found == m_channels.end() ? 0 : found->second.since;
}

} // namespace gatehouse::admin
