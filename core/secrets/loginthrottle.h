#pragma once

#include "base/clock.h"

#include <QByteArray>
#include <QHash>
#include <QHostAddress>

#include <mutex>

namespace gatehouse::secrets {

// Slows down the guessing of passwords, per account and per address. It is shared by all threads:
// small, synchronised by a mutex, calls nothing while it holds it. Of IPv6 addresses the /64 counts.
class LoginThrottle
{
public:
    struct Limits
    {
        qint64 attemptsBeforeDelay = 5;         // for an account
        qint64 addressAttemptsBeforeDelay = 20; // for an address, which several people may share
        std::chrono::milliseconds firstDelay{1'000}; // doubles with each further attempt
        std::chrono::milliseconds longestDelay{900'000};
        std::chrono::milliseconds memory{3'600'000}; // attempts older than that are forgotten
        qsizetype entries = 10'000;                  // per table; the least suspicious make room
    };

    explicit LoginThrottle(const base::Clock &clock);
    LoginThrottle(const base::Clock &clock, const Limits &limits);

    void setLimits(const Limits &limits);

    // Asks to try a password. Zero: go ahead; the attempt is counted as failed until succeeded() is
    // called, so that attempts in parallel gain nothing. Otherwise the time that is still to be
    // waited; such a refused attempt is not counted. Names that do not exist are treated alike.
    std::chrono::milliseconds begin(QByteArrayView account, const QHostAddress &address);
    // The password was right: forgets the account's attempts, and takes back this one of the address.
    void succeeded(QByteArrayView account, const QHostAddress &address);

    // The wait that begin() would answer now.
    std::chrono::milliseconds remainingWait(QByteArrayView account,
                                            const QHostAddress &address) const;

private:
    struct Entry
    {
        qint64 failures = 0;
        base::SteadyTime allowedAt{}; // when the next attempt may be made
        base::SteadyTime before{};    // allowedAt as it was before the last attempt
        base::SteadyTime lastAt{};    // of the last attempt
    };
    using Table = QHash<QByteArray, Entry>;

    bool isForgotten(const Entry &entry, base::SteadyTime now) const;
    std::chrono::milliseconds
    waitOf(const Table &table, const QByteArray &key, base::SteadyTime now) const;
    void count(Table &table, const QByteArray &key, qint64 freeAttempts, base::SteadyTime now);
    void makeRoom(Table &table, base::SteadyTime now);

    const base::Clock &m_clock;
    mutable std::mutex m_mutex;
    Limits m_limits;
    Table m_accounts;
    Table m_addresses;
};

} // namespace gatehouse::secrets
