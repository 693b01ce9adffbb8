#include "gateway/addresscount.h"

#include "gateway/addresslimit.h"

namespace gatehouse::gateway {

std::optional<AddressCount::Seat> AddressCount::take(const QHostAddress &address, qint64 most)
{
    if (most <= 0)
        return Seat();
    QByteArray key = networkOf(address);
    {
        const std::lock_guard lock(m_mutex);
        qint64 &count = m_counts[key];
        if (count >= most)
            return std::nullopt;
        ++count;
    }
    return Seat(*this, std::move(key));
}

void AddressCount::giveBack(const QByteArray &key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_counts.find(key);
    if (found != m_counts.end() && --*found <= 0)
        m_counts.erase(found);
}

} // namespace gatehouse::gateway
