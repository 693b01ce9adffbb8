#include "base/clock.h"

namespace gatehouse::base {

SteadyTime SystemClock::steadyNow() const
{
    return std::chrono::steady_clock::now();
}

qint64 SystemClock::wallMilliseconds() const
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace gatehouse::base
