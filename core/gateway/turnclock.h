#pragma once

#include "base/clock.h"

#include <optional>

namespace gatehouse::gateway {

// The time of one turn of a gateway thread's event loop: the steady time is asked for once a turn,
// however many deadlines are started in it. Lives in that thread.
class TurnClock final : public base::Clock
{
public:
    explicit TurnClock(const base::Clock &clock)
        : m_clock(clock)
    {}

    base::SteadyTime steadyNow() const override
    {
        if (!m_now)
            m_now = m_clock.steadyNow();
        return *m_now;
    }
    qint64 wallMilliseconds() const override { return m_clock.wallMilliseconds(); }
    // The turn is over: call it before the thread waits.
    void turn() { m_now.reset(); }

private:
    const base::Clock &m_clock;
    mutable std::optional<base::SteadyTime> m_now{};
};

} // namespace gatehouse::gateway
