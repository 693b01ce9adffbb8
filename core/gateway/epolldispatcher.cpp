// Linux only: epoll(7) and eventfd(2).
#include "gateway/epolldispatcher.h"

#include "base/logging.h"

#include <QCoreApplication>
#include <QThread>

#include <cerrno>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace gatehouse::gateway {

namespace {

constexpr int typeCount = 3;
constexpr int mostEvents = 256;

constexpr quint8 bitOf(int type)
{
    return static_cast<quint8>(1U << type);
}

// What each type of notifier watches for; an end or an error of the descriptor concerns all.
constexpr std::array<quint32, typeCount> eventsOfType{EPOLLIN, EPOLLOUT, EPOLLPRI};
constexpr quint32 eventsOfAll = EPOLLHUP | EPOLLERR;

quint32 eventsOf(quint8 mask)
{
    quint32 events = 0;
    for (int type = 0; type < typeCount; ++type) {
        if (mask & bitOf(type))
            events |= eventsOfType[size_t(type)];
    }
    return events;
}

} // namespace

EpollDispatcher::EpollDispatcher(QObject *parent)
    : QAbstractEventDispatcher(parent)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_wakeEvent(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    // Edge-triggered: each write wakes once, and nothing needs to be read.
    epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.fd = m_wakeEvent}};
    if (!isUsable() || epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wakeEvent, &event) != 0)
        qCWarning(base::lcGateway, "No epoll dispatcher: error %d", errno);
}

EpollDispatcher::~EpollDispatcher()
{
    if (m_wakeEvent >= 0)
        close(m_wakeEvent);
    if (m_epoll >= 0)
        close(m_epoll);
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    m_owner.store(QThread::currentThreadId(), std::memory_order_relaxed);
    // What the own thread posted before is sent now, so that there is nothing left to wake up for.
    m_ownWakeUp = false;
    emit awake();
    QCoreApplication::sendPostedEvents();

    const bool withSockets = !flags.testFlag(QEventLoop::ExcludeSocketNotifiers);
    const bool hasPending = withSockets && m_nextPending < m_pending.size();
    const bool mayWait = flags.testFlag(QEventLoop::WaitForMoreEvents) && !hasPending;
    if (mayWait && !m_interrupted.load())
        emit aboutToBlock();
    if (m_interrupted.exchange(false))
        return false;

    tellChanges();
    // The other half of wakeUp(): either it sees that this thread sleeps, or this thread sees that it
    // was called.
    m_sleeping.store(true);
    const int milliseconds = timeout(mayWait);
    int handled = withSockets ? waitForAll(milliseconds) : waitForWakeUp(milliseconds);
    m_sleeping.store(false);
    handled += m_wakeUp.exchange(false) || m_ownWakeUp ? 1 : 0;

    if (withSockets)
        handled += activateNotifiers();
    if (!m_timers.isEmpty())
        handled += m_timers.activate(TimerQueue::Clock::now());
    return handled > 0;
}

// Milliseconds; -1: until something happens.
int EpollDispatcher::timeout(bool mayWait)
{
    if (!mayWait || m_ownWakeUp || m_wakeUp.load() || m_interrupted.load())
        return 0;
    if (m_timers.isEmpty())
        return -1;
    return m_timers.untilNext(TimerQueue::Clock::now()).value_or(-1);
}

// Returns how many calls for waking up arrived.
int EpollDispatcher::waitForAll(int milliseconds)
{
    std::array<epoll_event, mostEvents> events;
    const int count = epoll_wait(m_epoll, events.data(), mostEvents, milliseconds);
    int wakeUps = 0;
    for (int index = 0; index < count; ++index) {
        const epoll_event &event = events[size_t(index)];
        if (event.data.fd == m_wakeEvent)
            ++wakeUps;
        else
            noteEvents(event.data.fd, event.events);
    }
    return wakeUps;
}

int EpollDispatcher::waitForWakeUp(int milliseconds)
{
    // What was written before belongs to an earlier call: the flags say what is still to be done.
    eventfd_t ignored = 0;
    (void)eventfd_read(m_wakeEvent, &ignored);
    if (m_wakeUp.load())
        milliseconds = 0;
    pollfd descriptor{.fd = m_wakeEvent, .events = POLLIN, .revents = 0};
    return poll(&descriptor, 1, milliseconds) > 0 ? 1 : 0;
}

void EpollDispatcher::noteEvents(int descriptor, quint32 events)
{
    Watch &watch = m_watches[size_t(descriptor)];
    quint8 happened = 0;
    for (int type = 0; type < typeCount; ++type) {
        if (events & (eventsOfType[size_t(type)] | eventsOfAll))
            happened = static_cast<quint8>(happened | bitOf(type));
    }
    happened &= watch.wanted;
    if (happened == 0)
        return;
    if (watch.pending == 0)
        m_pending.push_back(descriptor);
    watch.pending |= happened;
}

// Passes on what is pending. A handler may run a nested loop, which then passes on the rest, and may
// register and unregister whatever it likes.
int EpollDispatcher::activateNotifiers()
{
    int activated = 0;
    while (m_nextPending < m_pending.size()) {
        const int descriptor = m_pending[m_nextPending++];
        for (int type = 0; type < typeCount; ++type)
            activated += activate(descriptor, type) ? 1 : 0;
    }
    m_pending.clear();
    m_nextPending = 0;
    return activated;
}

bool EpollDispatcher::activate(int descriptor, int type)
{
    Watch &watch = m_watches[size_t(descriptor)];
    if (!(watch.pending & bitOf(type)))
        return false;
    watch.pending &= static_cast<quint8>(~bitOf(type));
    QEvent event(QEvent::SockAct);
    QCoreApplication::sendEvent(watch.notifiers[size_t(type)], &event);
    return true;
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    const auto descriptor = static_cast<size_t>(notifier->socket());
    if (descriptor >= m_watches.size())
        m_watches.resize(std::max(descriptor + 1, m_watches.size() * 2));
    Watch &watch = m_watches[descriptor];
    const int type = notifier->type();
    if (watch.notifiers[size_t(type)])
        qCWarning(base::lcGateway, "Two notifiers of one type for socket %d", int(descriptor));
    watch.notifiers[size_t(type)] = notifier;
    watch.wanted |= bitOf(type);
    if (!watch.isChanged) {
        watch.isChanged = true;
        m_changed.push_back(int(descriptor));
    }
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    const auto descriptor = static_cast<size_t>(notifier->socket());
    const auto type = static_cast<size_t>(notifier->type());
    if (descriptor >= m_watches.size() || m_watches[descriptor].notifiers[type] != notifier)
        return;
    Watch &watch = m_watches[descriptor];
    const auto others = static_cast<quint8>(~bitOf(int(type)));
    watch.notifiers[type] = nullptr;
    watch.wanted &= others;
    watch.pending &= others;
    if (watch.wanted == 0) {
        // The descriptor is likely to be closed next, and its number to be given to another socket
        // in this same turn; the kernel forgets a closed one, so nothing may be left to tell it.
        if (watch.told != 0)
            tellKernel(int(descriptor), watch);
    } else if (!watch.isChanged) {
        watch.isChanged = true;
        m_changed.push_back(int(descriptor));
    }
}

// Once before each wait, so that what is switched on and off again in between costs nothing.
void EpollDispatcher::tellChanges()
{
    for (const int descriptor : m_changed) {
        Watch &watch = m_watches[size_t(descriptor)];
        watch.isChanged = false;
        if (watch.wanted != watch.told)
            tellKernel(descriptor, watch);
    }
    m_changed.clear();
}

void EpollDispatcher::tellKernel(int descriptor, Watch &watch)
{
    const auto tell = [&](int operation) {
        epoll_event event{.events = eventsOf(watch.wanted), .data = {.fd = descriptor}};
        ++m_changesTold;
        return epoll_ctl(m_epoll, operation, descriptor, &event) == 0;
    };
    bool done = false;
    if (watch.wanted == 0)
        done = tell(EPOLL_CTL_DEL) || errno == ENOENT || errno == EBADF;
    else if (watch.told == 0)
        done = tell(EPOLL_CTL_ADD) || (errno == EEXIST && tell(EPOLL_CTL_MOD));
    else
        done = tell(EPOLL_CTL_MOD) || (errno == ENOENT && tell(EPOLL_CTL_ADD));
    watch.told = done ? watch.wanted : 0;
    if (!done)
        qCWarning(base::lcGateway, "Socket %d cannot be watched: error %d", descriptor, errno);
}

void EpollDispatcher::registerTimer(int id, qint64 interval, Qt::TimerType type, QObject *object)
{
    m_timers.add(id, interval, type, object, TimerQueue::Clock::now());
}

bool EpollDispatcher::unregisterTimer(int id)
{
    return m_timers.remove(id);
}

bool EpollDispatcher::unregisterTimers(QObject *object)
{
    return m_timers.removeAll(object);
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject *object) const
{
    return m_timers.timersOf(object);
}

int EpollDispatcher::remainingTime(int id)
{
    return m_timers.remaining(id, TimerQueue::Clock::now());
}

void EpollDispatcher::wakeUp()
{
    if (m_owner.load(std::memory_order_relaxed) == QThread::currentThreadId()) {
        m_ownWakeUp = true;
        return;
    }
    if (!m_wakeUp.exchange(true) && m_sleeping.load())
        (void)eventfd_write(m_wakeEvent, 1);
}

void EpollDispatcher::interrupt()
{
    m_interrupted.store(true);
    wakeUp();
}

} // namespace gatehouse::gateway
