#pragma once

#include "admin/flow.h"
#include "storage/interruption.h"

namespace gatehouse::admin {

// Work in another thread, one job at a time: on files, and on the database with a connection of the job's
// own, for what cannot be done within the transaction of a job of the storage. Lives in the main thread.
class OwnConnection
{
    // First, since its type is deduced.
    static auto cancelled(const QString &detail)
    {
        return base::Error{
            base::ErrorCode::Cancelled, base::Message::tr("The operation was cancelled."), detail};
    }

public:
    OwnConnection() { m_pool.setMaxThreadCount(1); }
    ~OwnConnection() { end(); }
    OwnConnection(const OwnConnection &) = delete;
    OwnConnection &operator=(const OwnConnection &) = delete;

    // Breaks off what runs in the database and waits until no job is left.
    void end()
    {
        m_stop.request_stop();
        m_pool.waitForDone();
    }

    // `work` takes a Database & and gives a Result. A request to `stop` breaks off this job alone; one that
    // waits is not begun then.
    template<typename Work>
    auto run(const storage::DatabaseOptions &options,
             storage::Database::Access access,
             Work work,
             const std::stop_source &stop = {})
    {
        using Outcome = std::invoke_result_t<Work &, storage::Database &>;
        return run(
            [options, access, work = std::move(work)](
                const std::stop_token &stopped) mutable -> Outcome {
                const auto database = storage::Database::open(options, access);
                if (!database)
                    return base::fail(database.error());
                const storage::Interruption interruption(**database, stopped);
                return work(**database);
            },
            stop);
    }
    // `work` takes a std::stop_token, which `stop` and end() request. Whatever it fails with after that is
    // told as Cancelled: what a statement says that was broken off is that it took too long.
    template<typename Work>
    auto run(Work work, std::stop_source stop)
    {
        using Outcome = std::invoke_result_t<Work &, std::stop_token>;
        return run([work = std::move(work), stop, end = stopToken()]() mutable -> Outcome {
            const std::stop_callback atEnd(end, [&stop] { stop.request_stop(); });
            if (stop.stop_requested())
                return base::fail(cancelled({}));
            Outcome outcome = work(stop.get_token());
            if (!outcome && stop.stop_requested())
                return base::fail(cancelled(outcome.error().detail));
            return outcome;
        });
    }
    template<typename Work>
    auto run(Work work)
    {
        return runIn(m_pool, std::move(work));
    }

private:
    std::stop_token stopToken() const { return m_stop.get_token(); }

    QThreadPool m_pool;
    std::stop_source m_stop{};
};

} // namespace gatehouse::admin
