#pragma once

#include "base/clock.h"

#include <array>
#include <functional>

namespace gatehouse::base {

class TimingWheel;

// One time limit of a connection, call or stream. It belongs to a single thread's wheel and may be
// started again as often as one likes: prolonging costs a store, not a timer. Destroying it stops
// it.
class Deadline
{
public:
    // `expired` is called in the wheel's thread, at most once for each start().
    Deadline(TimingWheel &wheel, std::function<void()> expired);
    ~Deadline();
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;

    void start(std::chrono::milliseconds timeout);
    void stop();
    bool isRunning() const { return m_running; }

private:
    friend class TimingWheel;
    void link(size_t slot);
    void unlink();

    TimingWheel &m_wheel;
    std::function<void()> m_expired;
    Deadline *m_next = nullptr;
    Deadline **m_link = nullptr; // the pointer that points here; null while not in a slot
    qint64 m_due = 0;            // the tick at which it expires
    qint64 m_at = 0;             // the tick of the slot it hangs in
    bool m_running = false;
};

// All deadlines of one thread, in ticks of 100 ms. Whoever owns the thread's event loop calls
// advance() about once a tick from one timer.
class TimingWheel
{
public:
    static constexpr std::chrono::milliseconds tick{100};

    explicit TimingWheel(const Clock &clock);
    ~TimingWheel();
    TimingWheel(const TimingWheel &) = delete;
    TimingWheel &operator=(const TimingWheel &) = delete;

    // Calls what has expired since the last call.
    void advance();
    // The time by which the deadlines go.
    SteadyTime now() const { return m_clock.steadyNow(); }

private:
    friend class Deadline;
    static constexpr size_t slotCount = 1024; // 102 s a turn; what is due later goes round again

    qint64 ticksNow() const;
    void insert(Deadline &deadline);

    const Clock &m_clock;
    const SteadyTime m_start;
    qint64 m_done = 0; // the last tick that was served
    std::array<Deadline *, slotCount> m_slots{};
};

} // namespace gatehouse::base
