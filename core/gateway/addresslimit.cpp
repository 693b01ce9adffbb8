#include "gateway/addresslimit.h"

#include <cmath>

namespace gatehouse::gateway {

QByteArray networkOf(const QHostAddress &address)
{
    bool isIPv4 = false;
    const quint32 number = address.toIPv4Address(&isIPv4);
    if (isIPv4)
        return QByteArray::number(number);
    constexpr qsizetype network = 8;
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    return QByteArray(reinterpret_cast<const char *>(bytes.c), network);
}

std::chrono::seconds AddressLimit::take(const QHostAddress &address, qint64 limit)
{
    using std::chrono::milliseconds;
    if (limit <= 0)
        return std::chrono::seconds(0);
    constexpr qint64 length = milliseconds(window).count();
    const qint64 now =
        std::chrono::duration_cast<milliseconds>(m_clock.steadyNow().time_since_epoch()).count();
    const qint64 current = now / length;
    const qint64 into = now % length;
    const QByteArray key = networkOf(address);

    const std::lock_guard lock(m_mutex);
    if (m_entries.size() >= mostAddresses && !m_entries.contains(key))
        m_entries.removeIf([&](const auto &entry) { return entry->window < current - 1; });
    if (m_entries.size() >= mostAddresses && !m_entries.contains(key))
        m_entries.clear(); // so many addresses at once: better to count anew than to grow
    Entry &entry = m_entries[key];
    if (entry.window != current) {
        entry.before = entry.window == current - 1 ? entry.count : 0;
        entry.count = 0;
        entry.window = current;
    }
    const double share = 1.0 - static_cast<double>(into) / static_cast<double>(length);
    const double used =
        static_cast<double>(entry.count) + static_cast<double>(entry.before) * share;
    if (used < static_cast<double>(limit)) {
        ++entry.count;
        return std::chrono::seconds(0);
    }
    // At the end of the window at the latest; sooner if what lies before it fades soon enough.
    double wait = static_cast<double>(length - into);
    if (entry.count < limit && entry.before > 0) {
        const double excess = used - static_cast<double>(limit);
        wait = std::min(wait, (excess / static_cast<double>(entry.before)) * length);
    }
    return std::chrono::seconds(static_cast<qint64>(std::ceil(wait / 1000.0)) + 1);
}

} // namespace gatehouse::gateway
