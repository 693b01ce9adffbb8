#include "relay/routing/channelpace.h"

#include <iterator>
#include <utility>

using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::ChannelId;
using std::chrono::microseconds;

namespace {

constexpr double shareOfTheLast = 0.3;
constexpr auto measureLasts = 10min;
constexpr auto longestMeasuring = 10s;
// Many times what an office has of channels and models; beyond, all is measured anew.
constexpr qsizetype mostPlaces = 20'000;
constexpr qsizetype mostChannels = 1'000;

} // namespace

size_t qHash(const PacePlace &place, size_t seed)
{
    return qHashMulti(seed, place.channel.value, place.model, place.stream);
}

ChannelPace::ChannelPace(const base::Clock &clock)
    : m_clock(clock)
{}

void ChannelPace::note(const PacePlace &place, microseconds latency)
{
    const base::SteadyTime now = m_clock.steadyNow();
    const auto last = double(latency.count());
    const std::lock_guard lock(m_mutex);
    if (m_measures.size() >= mostPlaces)
        m_measures.clear();
    const Measure *known = fresh(place, now);
    const double mean =
        known ? known->microseconds + shareOfTheLast * (last - known->microseconds) : last;
    m_measures.insert(place, {.microseconds = mean, .notedAt = now});
}

const ChannelPace::Measure *ChannelPace::fresh(const PacePlace &place, base::SteadyTime now) const
{
    const auto found = m_measures.constFind(place);
    const bool isFresh = found != m_measures.cend() && found->microseconds >= 0
                         && now - found->notedAt <= measureLasts;
    return isFresh ? &*found : nullptr;
}

std::optional<microseconds> ChannelPace::latency(const PacePlace &place) const
{
    const base::SteadyTime now = m_clock.steadyNow();
    const std::lock_guard lock(m_mutex);
    const Measure *known = fresh(place, now);
    if (!known)
        return std::nullopt;
    return microseconds(qint64(known->microseconds));
}

void ChannelPace::beginMeasure(const PacePlace &place)
{
    const base::SteadyTime until = m_clock.steadyNow() + longestMeasuring;
    const std::lock_guard lock(m_mutex);
    if (m_measures.size() >= mostPlaces)
        m_measures.clear();
    m_measures[place].measuringUntil = until;
}

bool ChannelPace::isBeingMeasured(const PacePlace &place) const
{
    const base::SteadyTime now = m_clock.steadyNow();
    const std::lock_guard lock(m_mutex);
    const auto found = m_measures.constFind(place);
    return found != m_measures.cend() && now < found->measuringUntil;
}

size_t ChannelPace::nextTurn(const QByteArray &group,
                             const QByteArray &model,
                             std::span<const ChannelId> channels)
{
    const std::lock_guard lock(m_mutex);
    if (m_turns.size() >= mostPlaces)
        m_turns.clear();
    QHash<ChannelId, quint64> &turns = m_turns[{group, model}];
    if (turns.size() >= mostChannels + 2 * std::ssize(channels))
        turns.clear();
    const auto placeOf = [&](ChannelId channel) {
        return std::pair(turns.value(channel), channel.value);
    };
    size_t next = 0;
    for (size_t i = 1; i < channels.size(); ++i) {
        if (placeOf(channels[i]) < placeOf(channels[next]))
            next = i;
    }
    turns[channels[next]] = ++m_turn;
    return next;
}

} // namespace gatehouse::relay
