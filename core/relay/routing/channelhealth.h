#pragma once

#include "base/clock.h"
#include "domain/channel.h"
#include "domain/settings.h"
#include "relay/admission/denials.h"

#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace gatehouse::relay {

// What an attempt said of the channel and of the key it used.
enum class HealthEvent {
    Success,     // the provider answered; also where it refused the client's own mistake
    Failure,     // it did not answer, or with a fault of its own
    RateLimited, // it asked for a rest
    KeyRefused,  // it refused the key or its credit
};

enum class HealthState {
    Closed,   // in use
    Open,     // left alone until its rest is over
    HalfOpen, // the rest is over; one request tries it
};

struct KeyHealth
{
    domain::ChannelId channel{};
    qint64 key = 0;
    HealthState state = HealthState::Closed;
    HealthEvent cause = HealthEvent::Failure; // the last thing that went wrong
    std::chrono::milliseconds restsFor{0};
    int failuresInARow = 0;
};

// Whether a key may be used, and whether that is the one trial after its rest.
struct UsePermit
{
    bool granted = false;
    bool isTrial = false;

    explicit operator bool() const { return granted; }
};

// Why a key is left alone now, and how long yet; zero: it may be used.
struct KeyRest
{
    std::chrono::milliseconds time{0};
    bool rateLimited = false;  // the provider asked for it
    bool isBeingTried = false; // the rest is over and one request tries the key: `time` at most
};

// How often keys of a channel came into a state since the start of the program.
struct HealthTransitions
{
    domain::ChannelId channel{};
    quint64 opened = 0; // also by a rest that the provider asked for, and again after a trial
    quint64 halfOpened = 0;
    quint64 closed = 0;
};

// What recent attempts say of each key of each channel: a circuit breaker, and rests that providers
// asked for. Shared by the gateway threads and called from any; one mutex, held for a look-up.
class ChannelHealth
{
public:
    explicit ChannelHealth(const base::Clock &clock);
    ChannelHealth(const ChannelHealth &) = delete;
    ChannelHealth &operator=(const ChannelHealth &) = delete;

    // Whether the key may be used now. Of a half-open one only the first asker is granted its use,
    // as a trial, until that is reported or given up, or a minute has passed.
    UsePermit tryUse(domain::ChannelId channel, qint64 key);
    // The trial ended without a word of the provider: another request may try the key at once.
    void giveUpTrial(domain::ChannelId channel, qint64 key);
    KeyRest restOf(domain::ChannelId channel, qint64 key) const;

    void report(domain::ChannelId channel,
                qint64 key,
                HealthEvent event,
                const domain::Settings::Relay &settings,
                std::optional<std::chrono::milliseconds> retryAfter = {});
    // What a 403 that does not say why means, of which report() is not told.
    Denials &denials() { return m_denials; }
    // The provider takes the key after all: that it refused it no longer counts. Another reason to
    // rest stays.
    void forgetRefusal(domain::ChannelId channel, qint64 key);
    // A person changed the channel: it gets a new chance at once.
    void forget(domain::ChannelId channel);

    std::vector<KeyHealth> snapshot() const;
    // Of the channels that had any, in the order of their ids. What a person changed counts for none.
    std::vector<HealthTransitions> transitions() const;

private:
    struct Entry
    {
        int failuresInARow = 0;
        HealthEvent cause = HealthEvent::Failure;
        base::SteadyTime openUntil{};
        bool open = false;
        bool rateLimited = false;
        bool probing = false;
        base::SteadyTime probeUntil{};
    };
    struct Place
    {
        qint64 channel = 0;
        qint64 key = 0;
        bool operator==(const Place &) const = default;
    };
    struct PlaceHash
    {
        size_t operator()(const Place &place) const
        {
            return qHashMulti(0, place.channel, place.key);
        }
    };

    void rest(qint64 channel, Entry &entry, std::chrono::milliseconds time, HealthEvent cause);

    const base::Clock &m_clock;
    mutable std::mutex m_mutex;
    std::unordered_map<Place, Entry, PlaceHash> m_entries; // only of those that have failed lately
    std::map<qint64, HealthTransitions> m_transitions;     // by channel
    Denials m_denials;
};

} // namespace gatehouse::relay
