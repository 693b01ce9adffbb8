#pragma once

#include "base/clock.h"
#include "base/timingwheel.h"
#include "upstream/client.h"

#include <QEventLoop>
#include <QTimer>

#include <functional>
#include <stop_token>

namespace gatehouse::admin {

// What a pool's worker needs to call a provider by itself: a client, an event loop, and a deadline
// over all. The loop also ends on a stop request.
class ProbeBench
{
public:
    // `expired` is called at the deadline, before the loop ends.
    ProbeBench(std::chrono::milliseconds timeout,
               const std::stop_token &stop,
               std::function<void()> expired)
        : m_wheel(m_clock)
        , m_client(m_clock, m_wheel)
        , m_stop(stop, [this] {
            QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection);
        })
    {
        QObject::connect(&m_tick, &QTimer::timeout, &loop, [this] { m_wheel.advance(); });
        m_tick.start(base::TimingWheel::tick);
        QObject::connect(
            &m_deadline, &QTimer::timeout, &loop, [this, expired = std::move(expired)] {
                expired();
                loop.quit();
            });
        m_deadline.setSingleShot(true);
        m_deadline.start(timeout);
    }

    upstream::Client &client() { return m_client; }
    base::TimingWheel &wheel() { return m_wheel; }

    QEventLoop loop{};

private:
    base::SystemClock m_clock{};
    base::TimingWheel m_wheel;
    upstream::Client m_client;
    QTimer m_tick{};
    QTimer m_deadline{};
    std::stop_callback<std::function<void()>> m_stop;
};

} // namespace gatehouse::admin
