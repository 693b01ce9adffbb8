#pragma once

#include "admin/flow.h"
#include "storage/database.h"

#include <atomic>

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
        m_ends->store(true);
        m_pool.waitForDone();
    }

    // `work` takes a Database & and gives a Result.
    template<typename Work>
    auto run(const storage::DatabaseOptions &options, storage::Database::Access access, Work work)
    {
        using Outcome = std::invoke_result_t<Work &, storage::Database &>;
        return run([options, access, ends = m_ends, work = std::move(work)]() mutable -> Outcome {
            const auto database = storage::Database::open(options, access);
            if (!database)
                return base::fail(database.error());
            (*database)->setInterruption([ends] { return ends->load(); });
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
    std::shared_ptr<std::atomic<bool>> m_ends = std::make_shared<std::atomic<bool>>(false);
};

} // namespace gatehouse::admin
