#pragma once

#include "admin/flow.h"
#include "secrets/passwordhash.h"

#include <QThreadPool>

#include <atomic>
#include <memory>

namespace gatehouse::admin {

// Hashes and checks passwords in threads of its own, since one takes tens of milliseconds and many
// megabytes. What waits is limited; beyond it is refused with LimitReached.
class PasswordPool
{
public:
    static constexpr int mostWaiting = 64;

    explicit PasswordPool(secrets::PasswordCost cost = {}, int threads = 2);
    ~PasswordPool();
    // Until nothing of this runs in another thread.
    void waitForWork() { m_pool.waitForDone(); }
    PasswordPool(const PasswordPool &) = delete;
    PasswordPool &operator=(const PasswordPool &) = delete;

    Answer<QByteArray> hash(base::Secret password);

    struct Check
    {
        bool matches = false;
        QByteArray renewed{}; // a hash to be stored in place of the former; empty: keep it
    };
    // Without a `stored` hash it takes as long as with one and matches nothing.
    Answer<Check> check(base::Secret password, std::optional<QByteArray> stored);

private:
    template<typename Work>
    auto run(Work work);

    const secrets::PasswordCost m_cost;
    const std::shared_ptr<std::atomic<int>> m_waiting;
    QThreadPool m_pool;
};

// In characters.
inline constexpr int shortestPassword = 8;
inline constexpr int longestPassword = 128;
// Refuses passwords that are too short or too long to be used.
base::Result<> checkNewPassword(const base::Secret &password);

} // namespace gatehouse::admin
