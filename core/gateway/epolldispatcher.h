#pragma once

#include "gateway/timerqueue.h"

#include <QAbstractEventDispatcher>
#include <QSocketNotifier>

#include <array>
#include <atomic>
#include <vector>

namespace gatehouse::gateway {

// An event dispatcher on Linux's epoll and eventfd, for threads with many sockets: a turn of its loop
// costs what the sockets cost that have something to say, however many others are open. Linux only.
//
// wakeUp() and interrupt() may be called by any thread, all else by the dispatcher's own.
class EpollDispatcher final : public QAbstractEventDispatcher
{
    Q_OBJECT

public:
    explicit EpollDispatcher(QObject *parent = nullptr);
    ~EpollDispatcher() override;

    // False: the system refused the descriptors.
    bool isUsable() const { return m_epoll >= 0 && m_wakeEvent >= 0; }

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;

    void registerTimer(int id, qint64 interval, Qt::TimerType type, QObject *object) override;
    bool unregisterTimer(int id) override;
    bool unregisterTimers(QObject *object) override;
    QList<TimerInfo> registeredTimers(QObject *object) const override;
    int remainingTime(int id) override;

    void wakeUp() override;
    void interrupt() override;

    // How many times the kernel was told of a change; for tests.
    qint64 changesTold() const { return m_changesTold; }

private:
    // What is known of one descriptor; bit n of the masks stands for QSocketNotifier::Type n.
    struct Watch
    {
        std::array<QSocketNotifier *, 3> notifiers{};
        quint8 wanted = 0;
        quint8 told = 0;    // what the kernel watches for
        quint8 pending = 0; // what happened and was not yet passed on
        bool isChanged = false;
    };

    int timeout(bool mayWait);
    int waitForAll(int milliseconds);
    int waitForWakeUp(int milliseconds);
    void noteEvents(int descriptor, quint32 events);
    int activateNotifiers();
    bool activate(int descriptor, int type);
    void tellChanges();
    void tellKernel(int descriptor, Watch &watch);

    int m_epoll = -1;
    int m_wakeEvent = -1;
    std::vector<Watch> m_watches{}; // by descriptor
    std::vector<int> m_changed{};   // descriptors whose `wanted` may differ from `told`
    std::vector<int> m_pending{};   // descriptors with something pending, from m_nextPending on
    size_t m_nextPending = 0;
    TimerQueue m_timers{};
    qint64 m_changesTold = 0;

    std::atomic<Qt::HANDLE> m_owner{nullptr};
    bool m_ownWakeUp = false;            // asked for by the own thread
    std::atomic<bool> m_wakeUp{false};   // asked for by another one
    std::atomic<bool> m_sleeping{false}; // about to wait or waiting
    std::atomic<bool> m_interrupted{false};
};

} // namespace gatehouse::gateway
