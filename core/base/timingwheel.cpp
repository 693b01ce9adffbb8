#include "base/timingwheel.h"

namespace gatehouse::base {

Deadline::Deadline(TimingWheel &wheel, std::function<void()> expired)
    : m_wheel(wheel)
    , m_expired(std::move(expired))
{}

Deadline::~Deadline()
{
    unlink();
}

void Deadline::start(std::chrono::milliseconds timeout)
{
    const qint64 ticks =
        (timeout.count() + TimingWheel::tick.count() - 1) / TimingWheel::tick.count();
    m_due = m_wheel.ticksNow() + std::max<qint64>(1, ticks);
    m_running = true;
    // A later due time is noticed when the old slot is served; only an earlier one moves it.
    if (m_link && m_at <= m_due)
        return;
    unlink();
    m_wheel.insert(*this);
}

void Deadline::stop()
{
    m_running = false;
}

void Deadline::link(size_t slot)
{
    Deadline *&head = m_wheel.m_slots.at(slot);
    m_next = head;
    if (m_next)
        m_next->m_link = &m_next;
    head = this;
    m_link = &head;
}

void Deadline::unlink()
{
    if (!m_link)
        return;
    *m_link = m_next;
    if (m_next)
        m_next->m_link = m_link;
    m_next = nullptr;
    m_link = nullptr;
}

TimingWheel::TimingWheel(const Clock &clock)
    : m_clock(clock)
    , m_start(clock.steadyNow())
{}

TimingWheel::~TimingWheel()
{
    for (Deadline *head : m_slots)
        Q_ASSERT_X(!head, "TimingWheel", "a deadline outlives its wheel");
}

qint64 TimingWheel::ticksNow() const
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(m_clock.steadyNow() - m_start).count() / tick.count();
}

void TimingWheel::insert(Deadline &deadline)
{
    const qint64 farthest = m_done + qint64(slotCount) - 1;
    deadline.m_at = std::clamp(deadline.m_due, m_done + 1, farthest);
    deadline.link(static_cast<size_t>(deadline.m_at) % slotCount);
}

void TimingWheel::advance()
{
    const qint64 now = ticksNow();
    // After a long sleep of the machine one turn serves every slot.
    if (now - m_done > qint64(slotCount))
        m_done = now - qint64(slotCount);
    while (m_done < now) {
        ++m_done;
        // The slot is emptied first, so that what a callback starts anew is not served again. A
        // callback may destroy any deadline, so the list is read anew each time.
        Deadline *&slot = m_slots.at(static_cast<size_t>(m_done) % slotCount);
        Deadline *waiting = slot;
        slot = nullptr;
        if (waiting)
            waiting->m_link = &waiting;
        while (waiting) {
            Deadline &deadline = *waiting;
            deadline.unlink();
            if (!deadline.m_running)
                continue;
            if (deadline.m_due > now) {
                insert(deadline);
                continue;
            }
            deadline.m_running = false;
            // A copy: the callback may destroy the deadline itself.
            const std::function<void()> expired = deadline.m_expired;
            expired();
        }
    }
}

} // namespace gatehouse::base
