#include "relay/routing/channelload.h"

namespace gatehouse::relay {

using domain::Channel;
using Kind = LimitReached::Kind;

ChannelLoad::ChannelLoad(const base::Clock &clock)
    : m_clock(clock)
    , m_affinity(clock)
    , m_pace(clock)
{}

LimitReached ChannelLoad::limitOf(const domain::ChannelLimits &limits, Entry &entry) const
{
    if (limits.concurrentRequests > 0 && entry.running >= limits.concurrentRequests)
        return {.kind = Kind::ConcurrentRequests, .wait = std::chrono::seconds(1)};
    const base::SteadyTime now = m_clock.steadyNow();
    if (limits.requestsPerMinute > 0 && entry.requests.sum(now) >= limits.requestsPerMinute) {
        return {.kind = Kind::RequestsPerMinute,
                .wait = entry.requests.untilBelow(now, limits.requestsPerMinute)};
    }
    if (limits.tokensPerMinute > 0 && entry.tokens.sum(now) >= limits.tokensPerMinute) {
        return {.kind = Kind::TokensPerMinute,
                .wait = entry.tokens.untilBelow(now, limits.tokensPerMinute)};
    }
    return {};
}

LimitReached ChannelLoad::limitReached(const Channel &channel) const
{
    if (channel.limits.isNone())
        return {};
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(channel.id.value);
    return found == m_entries.end() ? LimitReached{} : limitOf(channel.limits, found->second);
}

LoadPermit ChannelLoad::tryBegin(const Channel &channel, bool countsAll)
{
    if (channel.limits.isNone() && !countsAll)
        return {.granted = true};
    const std::lock_guard lock(m_mutex);
    Entry &entry = m_entries[channel.id.value];
    if (limitOf(channel.limits, entry).kind != Kind::None)
        return {};
    ++entry.running;
    entry.requests.add(m_clock.steadyNow(), 1);
    return {.granted = true, .isCounted = true};
}

void ChannelLoad::end(domain::ChannelId channel, qint64 tokens)
{
    const std::lock_guard lock(m_mutex);
    Entry &entry = m_entries[channel.value];
    --entry.running;
    if (tokens > 0)
        entry.tokens.add(m_clock.steadyNow(), tokens);
}

int ChannelLoad::running(domain::ChannelId channel) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(channel.value);
    return found == m_entries.end() ? 0 : found->second.running;
}

void ChannelLoad::takeBack(domain::ChannelId channel)
{
    const std::lock_guard lock(m_mutex);
    Entry &entry = m_entries[channel.value];
    --entry.running;
    entry.requests.add(m_clock.steadyNow(), -1);
}

} // namespace gatehouse::relay
