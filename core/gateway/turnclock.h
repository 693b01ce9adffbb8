#pragma once

#include "base/clock.h"

#include <optional>

namespace gatehouse::gateway {

// The time of one turn of a gateway thread's event loop: the steady time is asked for once a turn,
// however many deadlines are started in it. Lives in that thread, which asks for it at each tick of
// its deadlines; when it did not for long, the whole process stood still, as on a machine that slept.
class TurnClock final : public base::Clock
{
public:
    // A thread that runs asks more often.
    static constexpr std::chrono::milliseconds longestPause{1'000};

    explicit TurnClock(const base::Clock &clock)
        : m_clock(clock)
        , m_asked(clock.steadyNow())
    {}

    base::SteadyTime steadyNow() const override
    {
        if (!m_now) {
            m_now = m_clock.steadyNow();
            m_hasPaused = m_hasPaused || *m_now - m_asked > longestPause;
            m_asked = *m_now;
        }
        return *m_now;
    }
    qint64 wallMilliseconds() const override { return m_clock.wallMilliseconds(); }
    // The turn is over: call it before the thread waits.
    void turn() { m_now.reset(); }

    // From the first turn after a pause on, until what was missed in it has been caught up with.
    bool hasPaused() const
    {
        steadyNow();
        return m_hasPaused;
    }
    void caughtUp() { m_hasPaused = false; }

private:
    const base::Clock &m_clock;
    mutable std::optional<base::SteadyTime> m_now{};
    mutable base::SteadyTime m_asked;
    mutable bool m_hasPaused = false;
};

} // namespace gatehouse::gateway
