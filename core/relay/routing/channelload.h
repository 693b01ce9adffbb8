#pragma once

#include "domain/channel.h"
#include "relay/admission/ratewindow.h"
#include "relay/routing/affinity.h"
#include "relay/routing/channelpace.h"

#include <mutex>
#include <unordered_map>

namespace gatehouse::relay {

// Which limit of a channel stands in the way of another request, and for how long at least.
struct LimitReached
{
    enum class Kind { None, ConcurrentRequests, RequestsPerMinute, TokensPerMinute };

    Kind kind = Kind::None;
    std::chrono::seconds wait{0};
};

// Whether a request may go through a channel, and whether it was counted, so that end() is owed.
struct LoadPermit
{
    bool granted = false;
    bool isCounted = false;

    explicit operator bool() const { return granted; }
};

// What goes through the channels that have limits: the requests that run, and the requests and tokens
// of the last minute. One without limits is counted only where a strategy of routing wants to know what
// runs; else asking for it costs three comparisons. Shared by the gateway threads and called from any; one
// mutex, held for a look-up. With it goes what else routing remembers of the requests before.
class ChannelLoad
{
public:
    explicit ChannelLoad(const base::Clock &clock);
    ChannelLoad(const ChannelLoad &) = delete;
    ChannelLoad &operator=(const ChannelLoad &) = delete;

    LimitReached limitReached(const domain::Channel &channel) const;
    // Counts a request through the channel unless a limit stands in the way; with `countsAll` also one
    // through a channel without limits.
    LoadPermit tryBegin(const domain::Channel &channel, bool countsAll = false);
    // Of a request that was counted: it is over and has used so many tokens.
    void end(domain::ChannelId channel, qint64 tokens);
    // Of one that was just counted and never sent: as if it had not begun.
    void takeBack(domain::ChannelId channel);
    // Of those that were counted, how many have not ended.
    int running(domain::ChannelId channel) const;

    Affinity &affinity() { return m_affinity; }
    ChannelPace &pace() { return m_pace; }

private:
    struct Entry
    {
        int running = 0;
        RateWindow requests{};
        RateWindow tokens{};
    };

    LimitReached limitOf(const domain::ChannelLimits &limits, Entry &entry) const;

    const base::Clock &m_clock;
    mutable std::mutex m_mutex;
    mutable std::unordered_map<qint64, Entry> m_entries; // of channels that were counted
    Affinity m_affinity;
    ChannelPace m_pace;
};

} // namespace gatehouse::relay
