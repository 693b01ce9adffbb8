#pragma once

#include "base/clock.h"

#include <atomic>

namespace gatehouse::support {

// A clock that stands still until a test moves it.
class ManualClock final : public base::Clock
{
public:
    base::SteadyTime steadyNow() const override
    {
        return base::SteadyTime(std::chrono::milliseconds(m_steady.load()));
    }
    qint64 wallMilliseconds() const override { return m_wall.load(); }

    void advance(std::chrono::milliseconds time)
    {
        m_steady += time.count();
        m_wall += time.count();
    }
    void setWall(qint64 milliseconds) { m_wall = milliseconds; }

private:
    std::atomic<qint64> m_steady{1'000'000};
    std::atomic<qint64> m_wall{1'790'000'000'000};
};

} // namespace gatehouse::support
