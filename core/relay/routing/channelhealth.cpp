#include "relay/routing/channelhealth.h"

#include <utility>

using namespace std::chrono_literals;

namespace gatehouse::relay {

using std::chrono::milliseconds;

ChannelHealth::ChannelHealth(const base::Clock &clock)
    : m_clock(clock)
    , m_denials(clock)
{}

UsePermit ChannelHealth::tryUse(domain::ChannelId channel, qint64 key)
{
    constexpr milliseconds probeTimeout = 60s;
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find({channel.value, key});
    if (found == m_entries.end() || !found->second.open)
        return {.granted = true};
    Entry &entry = found->second;
    const base::SteadyTime now = m_clock.steadyNow();
    if (now < entry.openUntil || (entry.probing && now < entry.probeUntil))
        return {};
    if (!std::exchange(entry.probing, true))
        ++m_transitions[channel.value].halfOpened;
    entry.probeUntil = now + probeTimeout;
    return {.granted = true, .isTrial = true};
}

void ChannelHealth::giveUpTrial(domain::ChannelId channel, qint64 key)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_entries.find({channel.value, key}); found != m_entries.end())
        found->second.probing = false;
}

KeyRest ChannelHealth::restOf(domain::ChannelId channel, qint64 key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find({channel.value, key});
    if (found == m_entries.end() || !found->second.open)
        return {};
    const base::SteadyTime now = m_clock.steadyNow();
    const Entry &entry = found->second;
    const bool isBeingTried = entry.probing && now >= entry.openUntil;
    const base::SteadyTime until = isBeingTried ? entry.probeUntil : entry.openUntil;
    if (now >= until)
        return {};
    return {.time = std::chrono::ceil<milliseconds>(until - now),
            .rateLimited = entry.rateLimited,
            .isBeingTried = isBeingTried};
}

void ChannelHealth::rest(qint64 channel, Entry &entry, milliseconds time, HealthEvent cause)
{
    // What fails late, while it rests already, changes nothing but the time.
    if (!std::exchange(entry.open, true) || entry.probing)
        ++m_transitions[channel].opened;
    entry.rateLimited = cause == HealthEvent::RateLimited;
    entry.probing = false;
    entry.openUntil = m_clock.steadyNow() + time;
}

void ChannelHealth::report(domain::ChannelId channel,
                           qint64 key,
                           HealthEvent event,
                           const domain::Settings::Relay &settings,
                           std::optional<milliseconds> retryAfter)
{
    const std::lock_guard lock(m_mutex);
    const Place place{channel.value, key};
    if (event == HealthEvent::Success) {
        const auto found = m_entries.find(place);
        if (found == m_entries.end())
            return;
        if (found->second.open)
            ++m_transitions[channel.value].closed;
        m_entries.erase(found);
        return;
    }
    Entry &entry = m_entries[place];
    ++entry.failuresInARow;
    entry.cause = retryAfter && *retryAfter > 0ms && event == HealthEvent::Failure
                      ? HealthEvent::RateLimited
                      : event;
    const bool wasProbe = entry.probing;
    if (retryAfter && *retryAfter > 0ms) {
        rest(channel.value, entry, std::min(*retryAfter, settings.maxRest), event);
        return;
    }
    switch (event) {
    case HealthEvent::RateLimited:
        // Without a time of its own: longer with each refusal in a row, from one second on.
        rest(channel.value,
             entry,
             std::min<milliseconds>(1s * (1 << std::min(entry.failuresInARow - 1, 6)),
                                    settings.maxRest),
             event);
        break;
    case HealthEvent::KeyRefused:
        rest(channel.value, entry, settings.breakerRest, event);
        break;
    case HealthEvent::Failure:
        if (wasProbe || entry.failuresInARow >= settings.breakerFailures)
            rest(channel.value, entry, settings.breakerRest, event);
        break;
    case HealthEvent::Success:
        break;
    }
}

void ChannelHealth::forgetRefusal(domain::ChannelId channel, qint64 key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find({channel.value, key});
    if (found != m_entries.end() && found->second.cause == HealthEvent::KeyRefused)
        m_entries.erase(found);
}

void ChannelHealth::forget(domain::ChannelId channel)
{
    m_denials.forget(channel);
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_entries,
                  [channel](const auto &item) { return item.first.channel == channel.value; });
}

std::vector<HealthTransitions> ChannelHealth::transitions() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<HealthTransitions> all;
    all.reserve(m_transitions.size());
    for (const auto &[channel, transitions] : m_transitions) {
        all.push_back(transitions);
        all.back().channel = {channel};
    }
    return all;
}

std::vector<KeyHealth> ChannelHealth::snapshot() const
{
    const std::lock_guard lock(m_mutex);
    const base::SteadyTime now = m_clock.steadyNow();
    std::vector<KeyHealth> all;
    all.reserve(m_entries.size());
    for (const auto &[place, entry] : m_entries) {
        KeyHealth health{.channel = {place.channel},
                         .key = place.key,
                         .cause = entry.cause,
                         .failuresInARow = entry.failuresInARow};
        if (entry.open && now < entry.openUntil) {
            health.state = HealthState::Open;
            health.restsFor = std::chrono::duration_cast<milliseconds>(entry.openUntil - now);
        } else if (entry.open) {
            health.state = HealthState::HalfOpen;
        }
        all.push_back(health);
    }
    return all;
}

} // namespace gatehouse::relay
