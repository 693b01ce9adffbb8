#include "gateway/timerqueue.h"

#include <QCoreApplication>
#include <QTimerEvent>

#include <limits>

namespace gatehouse::gateway {

using namespace std::chrono_literals;

namespace {

int millisecondsUntil(TimerQueue::Clock::time_point due, TimerQueue::Clock::time_point now)
{
    if (due <= now)
        return 0;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - now).count();
    return int(std::min<qint64>(left, std::numeric_limits<int>::max()));
}

} // namespace

void TimerQueue::add(
    int id, qint64 milliseconds, Qt::TimerType type, QObject *object, Clock::time_point now)
{
    remove(id);
    const std::chrono::milliseconds interval(milliseconds);
    const Timer timer{.due = now + interval,
                      .interval = interval,
                      .type = type,
                      .object = object,
                      .serial = ++m_lastSerial};
    m_order.insert({timer.due, id});
    m_timers.emplace(id, timer);
}

bool TimerQueue::remove(int id)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return false;
    m_order.erase({found->second.due, id});
    m_timers.erase(found);
    return true;
}

bool TimerQueue::removeAll(const QObject *object)
{
    bool removed = false;
    for (auto it = m_timers.begin(); it != m_timers.end();) {
        if (it->second.object != object) {
            ++it;
            continue;
        }
        m_order.erase({it->second.due, it->first});
        it = m_timers.erase(it);
        removed = true;
    }
    return removed;
}

QList<QAbstractEventDispatcher::TimerInfo> TimerQueue::timersOf(const QObject *object) const
{
    QList<QAbstractEventDispatcher::TimerInfo> timers;
    for (const auto &[id, timer] : m_timers) {
        if (timer.object == object)
            timers.append({id, int(timer.interval.count()), timer.type});
    }
    return timers;
}

int TimerQueue::remaining(int id, Clock::time_point now) const
{
    const auto found = m_timers.find(id);
    return found == m_timers.end() ? -1 : millisecondsUntil(found->second.due, now);
}

std::optional<int> TimerQueue::untilNext(Clock::time_point now) const
{
    for (const auto &[due, id] : m_order) {
        if (!m_timers.at(id).isActive)
            return millisecondsUntil(due, now);
    }
    return std::nullopt;
}

int TimerQueue::activate(Clock::time_point now)
{
    std::vector<std::pair<int, quint64>> due;
    for (auto it = m_order.begin(); it != m_order.end() && it->first <= now; ++it)
        due.emplace_back(it->second, m_timers.at(it->second).serial);
    int fired = 0;
    for (const auto &[id, serial] : due)
        fire(id, serial, now, fired);
    return fired;
}

void TimerQueue::fire(int id, quint64 serial, Clock::time_point now, int &fired)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end() || found->second.serial != serial)
        return;
    Timer &timer = found->second;
    if (timer.isActive || timer.due > now)
        return;

    // A timer that fell behind leaves out what it missed.
    m_order.erase({timer.due, id});
    timer.due += timer.interval;
    if (timer.due <= now)
        timer.due = now + timer.interval;
    m_order.insert({timer.due, id});

    timer.isActive = true;
    ++fired;
    QTimerEvent event(id);
    QCoreApplication::sendEvent(timer.object, &event);

    const auto after = m_timers.find(id);
    if (after != m_timers.end() && after->second.serial == serial)
        after->second.isActive = false;
}

} // namespace gatehouse::gateway
