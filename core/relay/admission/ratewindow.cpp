#include "relay/admission/ratewindow.h"

namespace gatehouse::relay {

namespace {

qint64 secondOf(base::SteadyTime time)
{
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

} // namespace

void RateWindow::moveTo(base::SteadyTime now)
{
    const qint64 second = secondOf(now);
    if (second - m_second >= seconds) {
        m_counts.fill(0);
        m_sum = 0;
        m_second = second;
        return;
    }
    while (m_second < second) {
        ++m_second;
        qint64 &count = m_counts.at(static_cast<size_t>(m_second % seconds));
        m_sum -= count;
        count = 0;
    }
}

void RateWindow::add(base::SteadyTime now, qint64 count)
{
    moveTo(now);
    m_counts.at(static_cast<size_t>(m_second % seconds)) += count;
    m_sum += count;
}

qint64 RateWindow::sum(base::SteadyTime now)
{
    moveTo(now);
    return m_sum;
}

std::chrono::seconds RateWindow::untilBelow(base::SteadyTime now, qint64 limit)
{
    moveTo(now);
    qint64 left = m_sum;
    for (qint64 age = seconds - 1; age >= 0; --age) {
        if (left < limit)
            return std::chrono::seconds(std::max<qint64>(1, seconds - 1 - age));
        left -= m_counts.at(static_cast<size_t>(((m_second - age) % seconds + seconds) % seconds));
    }
    return std::chrono::seconds(seconds);
}

} // namespace gatehouse::relay
