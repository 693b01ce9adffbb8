#pragma once

#include "base/clock.h"
#include "domain/channel.h"

#include <QHash>

#include <mutex>
#include <span>

namespace gatehouse::relay {

// For what a channel was measured: an answer in parts begins sooner than a whole one.
struct PacePlace
{
    domain::ChannelId channel{};
    QByteArray model{};
    bool stream = false;

    bool operator==(const PacePlace &) const = default;
};

// What strategies of routing remember of channels: how soon each began its last answers, and when it had its
// last turn. Shared by the gateway threads and called from any; one mutex, held for a look-up.
class ChannelPace
{
public:
    explicit ChannelPace(const base::Clock &clock);
    ChannelPace(const ChannelPace &) = delete;
    ChannelPace &operator=(const ChannelPace &) = delete;

    // From the sending of a request to the first of its answer. Later measures count more, and all are
    // forgotten after ten minutes without another, so that a channel that has become fast is noticed.
    void note(const PacePlace &place, std::chrono::microseconds latency);
    // Absent: it was not measured lately.
    std::optional<std::chrono::microseconds> latency(const PacePlace &place) const;
    // A request is on its way to measure the channel; for ten seconds no other one need.
    void beginMeasure(const PacePlace &place);
    bool isBeingMeasured(const PacePlace &place) const;

    // Of the channels, which are not none, the index of the one whose last turn for that group and model is
    // the longest ago; of those that had none, the lowest number. So all that may be used go round, and none
    // is passed over, whichever others may be used from one request to the next.
    size_t nextTurn(const QByteArray &group,
                    const QByteArray &model,
                    std::span<const domain::ChannelId> channels);

private:
    struct Measure
    {
        double microseconds = -1; // negative: none yet
        base::SteadyTime notedAt{};
        base::SteadyTime measuringUntil{};
    };
    // A sound measure at that moment; null: there is none.
    const Measure *fresh(const PacePlace &place, base::SteadyTime now) const;

    const base::Clock &m_clock;
    mutable std::mutex m_mutex;
    QHash<PacePlace, Measure> m_measures{};
    // By group and model, the number of the last turn of each channel.
    QHash<std::pair<QByteArray, QByteArray>, QHash<domain::ChannelId, quint64>> m_turns{};
    quint64 m_turn = 0;
};

size_t qHash(const PacePlace &place, size_t seed = 0);

} // namespace gatehouse::relay
