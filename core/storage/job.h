#pragma once

#include "base/finish.h"
#include "domain/history.h"
#include "storage/database.h"

#include <QFuture>

#include <chrono>
#include <exception>
#include <optional>
#include <type_traits>

namespace gatehouse::storage {

// Work that waits for a storage thread. perform() is called at most once and deliver() exactly
// once, in that thread, or in another one if the work is refused.
class Job
{
public:
    Job() = default;
    Job(const Job &) = delete;
    Job &operator=(const Job &) = delete;
    virtual ~Job() = default;

    // Whether the work succeeded, that is, whether its transaction shall be committed.
    virtual base::Result<> perform(Database &database) = 0;
    // Hands out what perform() gave, or the error that came in its way.
    virtual void deliver(base::Result<> outcome) = 0;
    virtual bool isCancelled() const = 0;

    std::chrono::steady_clock::time_point queuedAt{};
    std::chrono::milliseconds timeout{0};
    bool isLong = false; // it waits for a thread that need not be free for short work
    const domain::Author author = domain::ActingAs::present(); // of who asked for it
};

// A function base::Result<T>(Database &) as a job, with the future of its result, which ends in the main
// thread.
template<typename Function>
class FunctionJob final : public Job
{
public:
    using Outcome = std::invoke_result_t<Function &, Database &>;

    explicit FunctionJob(Function function)
        : m_function(std::move(function))
    {
        m_promise->start();
    }

    QFuture<Outcome> future() const { return m_promise->future(); }

    base::Result<> perform(Database &database) override
    {
        const domain::ActingAs acting(author);
        try {
            m_outcome = m_function(database);
        } catch (const std::exception &exception) {
            m_outcome = base::fail(base::ErrorCode::Internal,
                                   base::Message::tr("A storage operation ended unexpectedly."),
                                   QString::fromLocal8Bit(exception.what()));
        }
        if (!*m_outcome)
            return base::fail(m_outcome->error());
        return {};
    }

    void deliver(base::Result<> outcome) override
    {
        if (!outcome)
            m_outcome = base::fail(std::move(outcome.error()));
        m_promise->addResult(std::move(*m_outcome));
        base::finishInMainThread(std::move(m_promise));
    }

    bool isCancelled() const override { return m_promise->isCanceled(); }

private:
    Function m_function;
    std::shared_ptr<QPromise<Outcome>> m_promise = std::make_shared<QPromise<Outcome>>();
    std::optional<Outcome> m_outcome;
};

} // namespace gatehouse::storage
