#pragma once

#include "storage/job.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gatehouse::storage {

// The threads that talk to the database: one that writes, and readers with connections of their own
// that can change nothing. Functions that are handed in run there, each in one transaction that is
// committed if the function succeeds. They take a Database and return a base::Result<T>. May be
// called from any thread.
class StorageThreads
{
public:
    // What the writing thread does before all else. Answers when it wants to be called again although
    // nobody asked; nothing: not before wakeUrgentWork(). Gets the database, outside of a transaction, or
    // why it cannot be reached.
    using UrgentWork = std::function<std::optional<std::chrono::milliseconds>(
        const base::Result<Database *> &database)>;

    static constexpr size_t queueLimit = 10'000;
    static constexpr std::chrono::milliseconds readTimeout{30'000};

    explicit StorageThreads(DatabaseOptions options, int readers = 2);
    ~StorageThreads();
    StorageThreads(const StorageThreads &) = delete;
    StorageThreads &operator=(const StorageThreads &) = delete;

    // Prepares the database (see prepareDatabase()) and starts the threads. Waits for it.
    base::Result<> start();
    // Refuses what comes from now on, finishes the writes that wait, ends the reads. Waits.
    void stop();

    const DatabaseOptions &options() const { return m_options; }

    // Runs `function` in the writing thread. A lock held by others is waited for, but not longer than
    // DatabaseOptions::busyTimeout after the call.
    template<typename Function>
    auto write(Function function)
    {
        auto job = std::make_unique<FunctionJob<Function>>(std::move(function));
        auto future = job->future();
        enqueueWrite(std::move(job));
        return future;
    }

    // Runs `function` in a reading thread, on one state of the database. A statement that is still
    // running after `timeout` ends with TimedOut. QFuture::cancel() ends it too (on PostgreSQL before
    // it starts only); a cancelled future has no result.
    template<typename Function>
    auto read(Function function, std::chrono::milliseconds timeout = readTimeout)
    {
        auto job = std::make_unique<FunctionJob<Function>>(std::move(function));
        job->timeout = timeout;
        auto future = job->future();
        enqueueRead(std::move(job));
        return future;
    }

    // Likewise for what may take long, such as sums over the whole ledger. It leaves one of the threads
    // to what a person waits for.
    template<typename Function>
    auto readAtLength(Function function, std::chrono::milliseconds timeout = readTimeout)
    {
        auto job = std::make_unique<FunctionJob<Function>>(std::move(function));
        job->timeout = timeout;
        job->isLong = true;
        auto future = job->future();
        enqueueRead(std::move(job));
        return future;
    }

    // One at a time; an empty function removes it and waits until it is not running.
    void setUrgentWork(UrgentWork work);
    void wakeUrgentWork();

private:
    struct Queue
    {
        std::deque<std::unique_ptr<Job>> jobs{};
        std::condition_variable ready{};
        bool stopping = false;
    };

    void enqueueWrite(std::unique_ptr<Job> job);
    void enqueueRead(std::unique_ptr<Job> job);
    void enqueue(Queue &queue, std::unique_ptr<Job> job);
    void endThreads(Queue &queue, std::vector<std::thread> &threads);
    void runWriter();
    void runReader(bool takesLongJobs);
    // Null: there is none for this thread. Called with the lock held.
    std::unique_ptr<Job> takeRead(bool longOnesToo);

    const DatabaseOptions m_options;
    const int m_readers;
    std::mutex m_mutex;
    Queue m_writes;
    Queue m_reads;
    UrgentWork m_urgentWork;
    bool m_urgent = false;
    bool m_urgentRunning = false;
    std::condition_variable m_urgentDone;
    std::atomic<bool> m_endReads = false;
    std::vector<std::thread> m_writeThreads; // one
    std::vector<std::thread> m_readThreads;
};

} // namespace gatehouse::storage
