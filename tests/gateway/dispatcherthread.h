#pragma once

#include "gateway/dispatcher.h"
#include "gateway/epolldispatcher.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QObject>
#include <QSemaphore>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <functional>

#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::tests {

// Two connected sockets of the system, closed at the end.
struct SocketPair
{
    SocketPair() { socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends); }
    ~SocketPair()
    {
        closeEnd(0);
        closeEnd(1);
    }
    SocketPair(const SocketPair &) = delete;
    SocketPair &operator=(const SocketPair &) = delete;

    void send(int end) const { QCOMPARE(write(ends[end], "x", 1), ssize_t(1)); }
    void receive(int end) const
    {
        char byte = 0;
        QCOMPARE(read(ends[end], &byte, 1), ssize_t(1));
    }
    void closeEnd(int end)
    {
        if (ends[end] >= 0)
            close(ends[end]);
        ends[end] = -1;
    }

    int ends[2] = {-1, -1};
};

// A thread with the dispatcher, in which functions can be run.
class DispatcherThread
{
public:
    DispatcherThread()
    {
        auto made = gateway::makeGatewayDispatcher({});
        dispatcher = dynamic_cast<gateway::EpollDispatcher *>(made.get());
        thread.setEventDispatcher(made.release());
        context.moveToThread(&thread);
        thread.start();
    }
    ~DispatcherThread()
    {
        thread.quit();
        thread.wait();
    }
    DispatcherThread(const DispatcherThread &) = delete;
    DispatcherThread &operator=(const DispatcherThread &) = delete;

    // Runs it in the thread; returns when it is done.
    void run(const std::function<void()> &function)
    {
        QSemaphore done;
        QMetaObject::invokeMethod(
            &context,
            [&function, &done] {
                function();
                done.release();
            },
            Qt::QueuedConnection);
        QVERIFY(done.tryAcquire(1, 20'000));
    }

    QThread thread{};
    QObject context{};
    gateway::EpollDispatcher *dispatcher = nullptr;
};

// Runs a nested loop until the condition holds; false after ten seconds.
inline bool waitFor(const std::function<bool()> &condition)
{
    QElapsedTimer timer;
    timer.start();
    QEventLoop loop;
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (condition() || timer.elapsed() > 10'000)
            loop.quit();
    });
    poll.start(1);
    loop.exec();
    return condition();
}

} // namespace gatehouse::tests
