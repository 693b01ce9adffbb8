#pragma once

#include "admin/statistics/statistics.h"
#include "storage/ledger/ledgerbatch.h"

#include <array>
#include <mutex>

namespace gatehouse::admin {

// Counts requests as the ledger stores them, for the last eleven minutes. count() is called in the
// writing thread, once for a batch; the rest from any thread. One mutex, held for the additions.
class LiveCounters
{
public:
    static constexpr int points = 44; // of the sparkline
    static constexpr int secondsOfPoint = 15;

    void count(std::span<const storage::LedgerEntry> stored);

    // Grows with every request; tells whether there is something new.
    quint64 requests() const;
    // What is known here of LiveFigures at that moment, in milliseconds since 1970, UTC.
    LiveFigures figures(qint64 now) const;

private:
    struct Second
    {
        qint64 number = -1; // since 1970
        int requests = 0;
        int failures = 0;
    };

    static constexpr size_t kept = static_cast<size_t>(points + 1) * secondsOfPoint;

    mutable std::mutex m_mutex;
    std::array<Second, kept> m_seconds{}; // each at its number modulo `kept`
    quint64 m_requests = 0;
};

} // namespace gatehouse::admin
