#pragma once

#include "base/clock.h"

#include <array>

namespace gatehouse::relay {

// Counts what happened within the last sixty seconds, in steps of one second. Not synchronised.
class RateWindow
{
public:
    void add(base::SteadyTime now, qint64 count);
    qint64 sum(base::SteadyTime now);
    // How long until the sum has fallen below `limit`, in whole seconds of at least 1.
    std::chrono::seconds untilBelow(base::SteadyTime now, qint64 limit);

private:
    static constexpr qint64 seconds = 60;

    void moveTo(base::SteadyTime now);

    std::array<qint64, seconds> m_counts{};
    qint64 m_second = 0; // the newest second that has a count
    qint64 m_sum = 0;
};

} // namespace gatehouse::relay
