#pragma once

#include "base/clock.h"

#include <optional>

namespace gatehouse::gateway {

// The time of one turn of a gateway thread's event loop: the steady time is asked for once a turn,
// however many deadlines are started in it. Lives in that thread, which asks for it at each tick of
// its deadlines; when it did not for long, the whole process stood still, as on a machine that slept.
// A thread that is always late is slow, though: another pause is believed only after it has kept its
// turns short for a while.
class TurnClock final : public base::Clock
{
public:
    // A thread that runs asks more often.
    static constexpr std::chrono::milliseconds longestTurn{1'000};

    explicit TurnClock(const base::Clock &clock, std::chrono::milliseconds longest = longestTurn)
        : m_clock(clock)
        , m_longest(longest)
        , m_asked(clock.steadyNow())
        , m_inTime(longest)
    {}

    base::SteadyTime steadyNow() const override
    {
        if (!m_now)
            beginTurn();
        return *m_now;
    }
    base::SteadyTime exactSteadyNow() const override { return m_clock.exactSteadyNow(); }
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

    // A steady time that stands still in pauses. It is for deadlines: who could do nothing all the
    // while is not late.
    const base::Clock &running() const { return m_running; }

private:
    class Running final : public base::Clock
    {
    public:
        explicit Running(const TurnClock &clock)
            : m_clock(clock)
        {}
        base::SteadyTime steadyNow() const override
        {
            const base::SteadyTime now = m_clock.steadyNow(); // which may find a pause
            return now - m_clock.m_paused;
        }
        qint64 wallMilliseconds() const override { return m_clock.wallMilliseconds(); }

    private:
        const TurnClock &m_clock;
    };

    void beginTurn() const
    {
        m_now = m_clock.steadyNow();
        const base::SteadyTime::duration taken = *m_now - m_asked;
        m_asked = *m_now;
        if (taken <= m_longest) {
            m_inTime += taken;
            return;
        }
        if (m_inTime >= m_longest) {
            m_hasPaused = true;
            m_paused += taken;
        }
        m_inTime = {};
    }

    const base::Clock &m_clock;
    const std::chrono::milliseconds m_longest;
    mutable std::optional<base::SteadyTime> m_now{};
    mutable base::SteadyTime m_asked;
    mutable base::SteadyTime::duration m_inTime;   // in turns that were short enough, in a row
    mutable base::SteadyTime::duration m_paused{}; // in all
    mutable bool m_hasPaused = false;
    const Running m_running{*this};
};

} // namespace gatehouse::gateway
