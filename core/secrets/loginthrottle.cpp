#include "secrets/loginthrottle.h"

#include <QCryptographicHash>

namespace gatehouse::secrets {

namespace {

using std::chrono::milliseconds;

// A name of any length takes the same room.
QByteArray accountKey(QByteArrayView account)
{
    return QCryptographicHash::hash(account.toByteArray(), QCryptographicHash::Sha256);
}

// Empty for an address that is none, as that of a local socket; nothing is counted for it.
QByteArray addressKey(const QHostAddress &address)
{
    bool isIPv4 = false;
    const quint32 number = address.toIPv4Address(&isIPv4);
    if (isIPv4)
        return QByteArray::number(number);
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return {};
    constexpr qsizetype network = 8;
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    return QByteArray(reinterpret_cast<const char *>(bytes.c), network);
}

} // namespace

LoginThrottle::LoginThrottle(const base::Clock &clock)
    : LoginThrottle(clock, Limits{})
{}

LoginThrottle::LoginThrottle(const base::Clock &clock, const Limits &limits)
    : m_clock(clock)
    , m_limits(limits)
{}

void LoginThrottle::setLimits(const Limits &limits)
{
    const std::lock_guard lock(m_mutex);
    m_limits = limits;
}

milliseconds LoginThrottle::begin(QByteArrayView account, const QHostAddress &address)
{
    const QByteArray byAccount = accountKey(account);
    const QByteArray byAddress = addressKey(address);
    const base::SteadyTime now = m_clock.steadyNow();

    const std::lock_guard lock(m_mutex);
    const milliseconds wait =
        std::max(waitOf(m_accounts, byAccount, now), waitOf(m_addresses, byAddress, now));
    if (wait > milliseconds(0))
        return wait;
    count(m_accounts, byAccount, m_limits.attemptsBeforeDelay, now);
    count(m_addresses, byAddress, m_limits.addressAttemptsBeforeDelay, now);
    return milliseconds(0);
}

void LoginThrottle::succeeded(QByteArrayView account, const QHostAddress &address)
{
    const QByteArray byAccount = accountKey(account);
    const QByteArray byAddress = addressKey(address);

    const std::lock_guard lock(m_mutex);
    m_accounts.remove(byAccount);
    const auto entry = m_addresses.find(byAddress);
    if (entry == m_addresses.end())
        return;
    if (--entry->failures <= 0)
        m_addresses.erase(entry);
    else
        entry->allowedAt = entry->before;
}

milliseconds LoginThrottle::remainingWait(QByteArrayView account, const QHostAddress &address) const
{
    const QByteArray byAccount = accountKey(account);
    const QByteArray byAddress = addressKey(address);
    const base::SteadyTime now = m_clock.steadyNow();

    const std::lock_guard lock(m_mutex);
    return std::max(waitOf(m_accounts, byAccount, now), waitOf(m_addresses, byAddress, now));
}

bool LoginThrottle::isForgotten(const Entry &entry, base::SteadyTime now) const
{
    return now >= entry.allowedAt && now >= entry.lastAt + m_limits.memory;
}

milliseconds
LoginThrottle::waitOf(const Table &table, const QByteArray &key, base::SteadyTime now) const
{
    const auto entry = table.constFind(key);
    if (entry == table.constEnd() || now >= entry->allowedAt)
        return milliseconds(0);
    return std::chrono::ceil<milliseconds>(entry->allowedAt - now);
}

void LoginThrottle::count(Table &table,
                          const QByteArray &key,
                          qint64 freeAttempts,
                          base::SteadyTime now)
{
    if (key.isEmpty())
        return;
    if (!table.contains(key))
        makeRoom(table, now);
    Entry &entry = table[key];
    if (isForgotten(entry, now))
        entry = {};
    ++entry.failures;
    entry.lastAt = now;
    entry.before = entry.allowedAt;
    const qint64 beyond = entry.failures - std::max<qint64>(freeAttempts, 1);
    if (beyond < 0)
        return;
    milliseconds delay = std::min(m_limits.firstDelay, m_limits.longestDelay);
    for (qint64 i = 0; i < beyond && delay < m_limits.longestDelay; ++i)
        delay = std::min(delay * 2, m_limits.longestDelay);
    entry.allowedAt = now + delay;
}

// Drops what is forgotten anyway, else the entry with the fewest failures and of these the oldest.
void LoginThrottle::makeRoom(Table &table, base::SteadyTime now)
{
    if (table.size() < m_limits.entries)
        return;
    table.removeIf([this, now](Table::iterator entry) { return isForgotten(*entry, now); });
    while (!table.isEmpty() && table.size() >= m_limits.entries) {
        table.erase(std::min_element(
            table.cbegin(), table.cend(), [](const Entry &left, const Entry &right) {
                return std::pair(left.failures, left.lastAt)
                       < std::pair(right.failures, right.lastAt);
            }));
    }
}

} // namespace gatehouse::secrets
