#pragma once

#include <QAbstractEventDispatcher>

#include <chrono>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::gateway {

// The timers of one thread's event dispatcher, ordered by the time at which they are due. All types
// of timers are treated as precise ones.
class TimerQueue
{
public:
    using Clock = std::chrono::steady_clock;

    void
    add(int id, qint64 milliseconds, Qt::TimerType type, QObject *object, Clock::time_point now);
    bool remove(int id);
    bool removeAll(const QObject *object);
    QList<QAbstractEventDispatcher::TimerInfo> timersOf(const QObject *object) const;

    bool isEmpty() const { return m_timers.empty(); }
    // Milliseconds, rounded up, so that nobody wakes early; -1: there is none.
    int remaining(int id, Clock::time_point now) const;
    // Until the first timer that is not in the middle of its own event is due; nullopt: none.
    std::optional<int> untilNext(Clock::time_point now) const;

    // Sends its event to each timer that is due; returns how many. A timer whose event is being
    // handled, as by a nested event loop, is left out. Timers may come and go in the meantime.
    int activate(Clock::time_point now);

private:
    struct Timer
    {
        Clock::time_point due{};
        std::chrono::milliseconds interval{};
        Qt::TimerType type = Qt::PreciseTimer;
        QObject *object = nullptr;
        quint64 serial = 0; // tells it from a later timer of the same id
        bool isActive = false;
    };
    using Place = std::pair<Clock::time_point, int>;

    void fire(int id, quint64 serial, Clock::time_point now, int &fired);

    std::unordered_map<int, Timer> m_timers{};
    std::set<Place> m_order{};
    quint64 m_lastSerial = 0;
};

} // namespace gatehouse::gateway
