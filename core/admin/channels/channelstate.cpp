#include "admin/channels/channelstate.h"

#include "admin/traffic/refusalreason.h"

namespace gatehouse::admin {

using domain::ChannelKey;
using domain::ChannelStatus;
using domain::Health;
using protocol::ErrorClass;
using relay::HealthEvent;
using relay::HealthState;
using relay::KeyHealth;
using Kind = HealthReason::Kind;

namespace {

// From so many failures and such a share of requests on, a channel counts as degraded.
constexpr int leastFailures = 2;
constexpr double degradedShare = 0.03;
constexpr int failuresToMention = 2;

struct KeyState
{
    KeyOverview::State state = KeyOverview::State::Usable;
    qint64 until = 0;
    const KeyHealth *health = nullptr; // null: nothing went wrong lately
};

const KeyHealth *healthOf(const ChannelSigns &signs, qint64 key)
{
    const auto found = std::find_if(signs.keys.begin(),
                                    signs.keys.end(),
                                    [key](const KeyHealth &health) { return health.key == key; });
    return found == signs.keys.end() ? nullptr : &*found;
}

KeyState stateOfKey(const ChannelSigns &signs, const ChannelKey &key)
{
    using State = KeyOverview::State;
    KeyState state{.health = healthOf(signs, key.id)};
    if (!key.enabled) {
        state.state = key.disabledReason.isEmpty()           ? State::Disabled
                      : meansOutOfCredit(key.disabledReason) ? State::NoCredit
                                                             : State::Refused;
        return state;
    }
    if (!state.health || state.health->state == HealthState::Closed)
        return state;
    state.until = signs.now + state.health->restsFor.count();
    if (state.health->cause == HealthEvent::KeyRefused) {
        state.state = signs.refusals.value(key.id) == ErrorClass::OutOfCredit ? State::NoCredit
                                                                              : State::Refused;
    } else {
        state.state = State::Resting;
    }
    return state;
}

std::vector<KeyState> statesOfKeys(const ChannelSigns &signs)
{
    std::vector<KeyState> states;
    // Calls without a key are known to the relay as those of key 0.
    if (signs.channel.keys.isEmpty())
        states.push_back(stateOfKey(signs, {}));
    for (const ChannelKey &key : signs.channel.keys)
        states.push_back(stateOfKey(signs, key));
    return states;
}

int count(const std::vector<KeyState> &keys, KeyOverview::State state)
{
    return static_cast<int>(std::count_if(
        keys.begin(), keys.end(), [state](const KeyState &key) { return key.state == state; }));
}

void setState(ChannelState &state, Health health, HealthReason reason, qint64 until = 0)
{
    state.health = health;
    state.reason = std::move(reason);
    state.until = until;
}

// Some key can be used.
void setServingState(ChannelState &state,
                     const ChannelSigns &signs,
                     const std::vector<KeyState> &keys)
{
    const int refused = count(keys, KeyOverview::State::Refused);
    const int empty = count(keys, KeyOverview::State::NoCredit);
    int inARow = 0;
    for (const KeyState &key : keys) {
        if (key.state == KeyOverview::State::Usable && key.health)
            inARow = std::max(inARow, key.health->failuresInARow);
    }
    if (signs.failed >= leastFailures && signs.failed >= degradedShare * signs.requests) {
        setState(state,
                 Health::Degraded,
                 {.kind = Kind::FailureShare, .failed = signs.failed, .requests = signs.requests});
    } else if (inARow >= failuresToMention) {
        setState(state, Health::Degraded, {.kind = Kind::FailuresInARow, .failed = inARow});
    } else if (refused > 0) {
        setState(state,
                 Health::Degraded,
                 {.kind = Kind::KeysRefused, .failed = refused, .requests = state.keys});
    } else if (empty > 0) {
        setState(state,
                 Health::Degraded,
                 {.kind = Kind::OutOfCredit, .failed = empty, .requests = state.keys});
    }
}

// Every key that may be used rests; it goes on with the first of them.
void setRestingState(ChannelState &state, const std::vector<KeyState> &keys)
{
    const KeyState *first = nullptr;
    for (const KeyState &key : keys) {
        if (key.state == KeyOverview::State::Resting && (!first || key.until < first->until))
            first = &key;
    }
    const int failed = first->health->failuresInARow;
    if (first->health->state == HealthState::HalfOpen) {
        setState(state, Health::Testing, {.kind = Kind::Probe, .failed = failed});
    } else if (first->health->cause == HealthEvent::RateLimited) {
        setState(
            state, Health::Limited, {.kind = Kind::RateLimited, .failed = failed}, first->until);
    } else {
        setState(state, Health::Open, {.kind = Kind::Breaker, .failed = failed}, first->until);
    }
}

// No key will come back by itself.
void setRefusedState(ChannelState &state, const std::vector<KeyState> &keys)
{
    const int refused = count(keys, KeyOverview::State::Refused);
    const int empty = count(keys, KeyOverview::State::NoCredit);
    if (refused == 0 && empty == 0) {
        setState(state, Health::Disabled, {.kind = Kind::NoUsableKey, .requests = state.keys});
    } else if (empty > refused) {
        setState(state,
                 Health::NoCredit,
                 {.kind = Kind::OutOfCredit, .failed = empty, .requests = state.keys});
    } else {
        setState(state,
                 Health::AuthenticationFailed,
                 {.kind = Kind::KeysRefused, .failed = refused, .requests = state.keys});
    }
}

void setDisabledState(ChannelState &state,
                      const ChannelSigns &signs,
                      const std::vector<KeyState> &keys)
{
    const QString &text = signs.channel.statusReason;
    const auto because = [&](Health health, Kind kind, KeyOverview::State of) {
        setState(state,
                 health,
                 {.kind = kind, .failed = count(keys, of), .requests = state.keys, .text = text});
    };
    if (meansOutOfCredit(text))
        because(Health::NoCredit, Kind::OutOfCredit, KeyOverview::State::NoCredit);
    else if (meansKeyRefused(text))
        because(Health::AuthenticationFailed, Kind::KeysRefused, KeyOverview::State::Refused);
    else
        because(Health::AuthenticationFailed, Kind::DisabledByMachine, KeyOverview::State::Refused);
}

} // namespace

ChannelState stateOf(const ChannelSigns &signs)
{
    const std::vector<KeyState> keys = statesOfKeys(signs);
    ChannelState state{.keys = static_cast<int>(signs.channel.keys.size())};
    const int usable = count(keys, KeyOverview::State::Usable);
    state.usableKeys = std::min(usable, state.keys);
    if (signs.testing)
        setState(state, Health::Testing, {.kind = Kind::TestRunning});
    else if (signs.channel.status == ChannelStatus::DisabledByHand)
        setState(state, Health::Disabled, {.kind = Kind::DisabledByHand});
    else if (signs.channel.status == ChannelStatus::DisabledAutomatically)
        setDisabledState(state, signs, keys);
    else if (usable > 0)
        setServingState(state, signs, keys);
    else if (count(keys, KeyOverview::State::Resting) > 0)
        setRestingState(state, keys);
    else
        setRefusedState(state, keys);
    return state;
}

std::vector<KeyOverview> keysOf(const ChannelSigns &signs)
{
    std::vector<KeyOverview> overviews;
    for (const ChannelKey &key : signs.channel.keys) {
        const KeyState state = stateOfKey(signs, key);
        overviews.push_back({.key = key.id,
                             .suffix = suffixOf(key.secret),
                             .state = state.state,
                             .until = state.until});
    }
    return overviews;
}

QString suffixOf(const base::Secret &key)
{
    constexpr qsizetype shown = 4;
    constexpr qsizetype leastLength = 16;
    const QByteArray &text = key.reveal();
    return text.size() < leastLength ? QString() : QString::fromUtf8(text.last(shown));
}

} // namespace gatehouse::admin
