#pragma once

#include "base/clock.h"

#include <QByteArray>
#include <QHash>
#include <QHostAddress>

#include <mutex>

namespace gatehouse::gateway {

// What counts as one client: the address, or the /64 of an IPv6 address.
QByteArray networkOf(const QHostAddress &address);

// Counts the requests of each address over a window that slides: the window that runs counts fully,
// the one before it by the part that is still within reach. Of IPv6 addresses the /64 counts. Called
// in any thread; one mutex, held for a look-up.
class AddressLimit
{
public:
    static constexpr std::chrono::seconds window{180};
    static constexpr qsizetype mostAddresses = 20'000;

    explicit AddressLimit(const base::Clock &clock)
        : m_clock(clock)
    {}

    // Zero: the request may be served and was counted. Else how long to wait. A limit of 0 is none.
    std::chrono::seconds take(const QHostAddress &address, qint64 limit);

private:
    struct Entry
    {
        qint64 window = 0; // the number of the window that `count` is for
        qint64 count = 0;
        qint64 before = 0; // of the window before
    };

    const base::Clock &m_clock;
    std::mutex m_mutex;
    QHash<QByteArray, Entry> m_entries{};
};

} // namespace gatehouse::gateway
