#pragma once

#include <QByteArray>
#include <QHash>
#include <QHostAddress>

#include <mutex>
#include <optional>

namespace gatehouse::gateway {

// How many connections each address has. Of IPv6 addresses the /64 counts. Called in any thread; one
// mutex, held for a look-up when a connection begins and when it ends.
class AddressCount
{
public:
    // One connection that counts until this is destroyed. It does not outlive the AddressCount.
    class Seat
    {
    public:
        Seat() = default;
        Seat(AddressCount &count, QByteArray key)
            : m_count(&count)
            , m_key(std::move(key))
        {}
        Seat(Seat &&other) noexcept
            : m_count(std::exchange(other.m_count, nullptr))
            , m_key(std::move(other.m_key))
        {}
        Seat &operator=(Seat &&) = delete;
        ~Seat()
        {
            if (m_count)
                m_count->giveBack(m_key);
        }

    private:
        AddressCount *m_count = nullptr; // null: it does not count
        QByteArray m_key{};
    };

    AddressCount() = default;
    AddressCount(const AddressCount &) = delete;
    AddressCount &operator=(const AddressCount &) = delete;

    // Nothing: the address has `most` already. A limit of 0 is none, and nothing is counted.
    std::optional<Seat> take(const QHostAddress &address, qint64 most);

private:
    void giveBack(const QByteArray &key);

    std::mutex m_mutex;
    QHash<QByteArray, qint64> m_counts{}; // of addresses that have any
};

} // namespace gatehouse::gateway
