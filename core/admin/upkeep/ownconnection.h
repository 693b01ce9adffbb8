#pragma once

#include "admin/flow.h"
#include "storage/interruption.h"

namespace gatehouse::admin {

// Work in another thread, one job at a time: on files, and on the database with a connection of the job's
// own, for what cannot be done within the transaction of a job of the storage. Lives in the main thread.
class OwnConnection
{
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

    // Stop is requested by end(): for work that opens another database.
    std::stop_token stopToken() const { return m_stop.get_token(); }

    // `work` takes a Database & and gives a Result.
    template<typename Work>
    auto run(const storage::DatabaseOptions &options, storage::Database::Access access, Work work)
    {
        using Outcome = std::invoke_result_t<Work &, storage::Database &>;
        return run(
            [options, access, stop = stopToken(), work = std::move(work)]() mutable -> Outcome {
                const auto database = storage::Database::open(options, access);
                if (!database)
                    return base::fail(database.error());
                const storage::Interruption interruption(**database, stop);
                return work(**database);
            });
    }
    template<typename Work>
    auto run(Work work)
    {
        return runIn(m_pool, std::move(work));
    }

private:
    QThreadPool m_pool;
    std::stop_source m_stop{};
};

} // namespace gatehouse::admin
