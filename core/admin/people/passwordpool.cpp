#include "admin/people/passwordpool.h"

#include <QScopeGuard>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

PasswordPool::PasswordPool(secrets::PasswordCost cost, int threads)
    : m_cost(cost)
    , m_waiting(std::make_shared<std::atomic<int>>(0))
{
    m_pool.setMaxThreadCount(threads);
}

PasswordPool::~PasswordPool()
{
    m_pool.clear();
    m_pool.waitForDone();
}

template<typename Work>
auto PasswordPool::run(Work work)
{
    using Outcome = std::invoke_result_t<Work &>;
    if (m_waiting->fetch_add(1) >= mostWaiting) {
        m_waiting->fetch_sub(1);
        return answered<typename Outcome::value_type>(fail(
            ErrorCode::LimitReached,
            Message::tr("Too many people are signing in at this moment. Try again in a minute.")));
    }
    return runIn(m_pool, [work = std::move(work), waiting = m_waiting]() mutable {
        const auto leave = qScopeGuard([&] { waiting->fetch_sub(1); });
        return work();
    });
}

Answer<QByteArray> PasswordPool::hash(base::Secret password)
{
    return run([password = std::move(password), cost = m_cost] {
        return secrets::hashPassword(password, cost);
    });
}

Answer<PasswordPool::Check> PasswordPool::check(base::Secret password,
                                                std::optional<QByteArray> stored)
{
    return run([password = std::move(password),
                stored = std::move(stored),
                cost = m_cost]() -> Result<Check> {
        Check check;
        check.matches = stored && secrets::verifyPassword(password, *stored);
        if (!check.matches)
            secrets::verifyNothing(password, stored.value_or(QByteArray()), cost);
        else if (secrets::needsRehash(*stored, cost))
            check.renewed = secrets::hashPassword(password, cost).value_or(QByteArray());
        return check;
    });
}

Result<> checkNewPassword(const base::Secret &password)
{
    const qsizetype length = QString::fromUtf8(password.reveal()).size();
    if (length >= shortestPassword && length <= longestPassword)
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("A password must have %1 to %2 characters.")
                    .arg(shortestPassword)
                    .arg(longestPassword));
}

} // namespace gatehouse::admin
