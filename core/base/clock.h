#pragma once

#include <QtGlobal>

#include <chrono>

namespace gatehouse::base {

using SteadyTime = std::chrono::steady_clock::time_point;

// The time, as something that a test can set. Deadlines and measured durations use the steady
// time, which no change of the wall clock touches; expiries and records use the wall time. Safe to
// call from any thread.
class Clock
{
public:
    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    virtual SteadyTime steadyNow() const = 0;
    // For what takes microseconds, where steadyNow() may stand still for a while. Never before it.
    virtual SteadyTime exactSteadyNow() const { return steadyNow(); }
    // Milliseconds since 1970-01-01 UTC.
    virtual qint64 wallMilliseconds() const = 0;
};

class SystemClock final : public Clock
{
public:
    SteadyTime steadyNow() const override;
    qint64 wallMilliseconds() const override;
};

} // namespace gatehouse::base
