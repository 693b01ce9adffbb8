#include "storage/storagethreads.h"

#include "base/logging.h"
#include "storage/connection.h"
#include "storage/databasefile.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Error;
using base::ErrorCode;
using base::Message;
using base::Result;
using std::chrono::steady_clock;

namespace {

// So long a waiting write lets the urgent work go first.
constexpr std::chrono::milliseconds courtesy{20};

Error shuttingDown()
{
    return {ErrorCode::Unavailable, Message::tr("The program is shutting down."), {}};
}

Result<Transaction> beginOnLivingConnection(Connection &connection, Transaction::Purpose purpose)
{
    for (int attempt = 0;; ++attempt) {
        const Result<Database *> database = connection.database();
        if (!database)
            return base::fail(database.error());
        Result<Transaction> transaction = Transaction::begin(**database, purpose);
        if (transaction || (*database)->fault() != Fault::Unreachable || attempt > 0)
            return transaction;
        connection.close(); // the server ended it while it was idle
    }
}

// Whether the job was delivered; false: the database is locked and `patience` is not over.
bool runWrite(Connection &connection, Job &job, std::chrono::milliseconds patience)
{
    if (job.isCancelled()) {
        job.deliver(base::fail(ErrorCode::Cancelled, Message::tr("The operation was cancelled.")));
        return true;
    }
    Result<> outcome;
    {
        Result<Transaction> transaction =
            beginOnLivingConnection(connection, Transaction::Purpose::Write);
        const Result<Database *> database = connection.database();
        if (!transaction && database && (*database)->fault() == Fault::Locked
            && steady_clock::now() - job.queuedAt < patience)
            return false;
        if (transaction)
            outcome = job.perform(**database).and_then([&] { return transaction->commit(); });
        else
            outcome = base::fail(transaction.error());
    }
    connection.closeIfBroken();
    job.deliver(std::move(outcome));
    return true;
}

Result<> limitStatements(Database &database, std::chrono::milliseconds timeout)
{
    if (database.dialect().isSqlite())
        return {};
    return done(execute(database,
                        u"SELECT set_config('statement_timeout', :milliseconds, true)"_s,
                        {{u":milliseconds"_s, QString::number(timeout.count())}}));
}

void runRead(Connection &connection, Job &job, const std::atomic<bool> &endReads)
{
    if (job.isCancelled() || endReads) {
        job.deliver(base::fail(shuttingDown()));
        return;
    }
    Result<> outcome;
    {
        Result<Transaction> transaction =
            beginOnLivingConnection(connection, Transaction::Purpose::Read);
        if (transaction) {
            Database &database = **connection.database();
            const auto end = steady_clock::now() + job.timeout;
            database.setInterruption([&job, &endReads, end] {
                return endReads.load() || job.isCancelled() || steady_clock::now() > end;
            });
            outcome = limitStatements(database, job.timeout).and_then([&] {
                return job.perform(database);
            });
            database.setInterruption({});
        } else {
            outcome = base::fail(transaction.error());
        }
    }
    connection.closeIfBroken();
    job.deliver(std::move(outcome));
}

} // namespace

StorageThreads::StorageThreads(DatabaseOptions options, int readers)
    : m_options(std::move(options))
    , m_readers(readers)
{}

StorageThreads::~StorageThreads()
{
    stop();
}

Result<> StorageThreads::start()
{
    if (Result<> prepared = prepareDatabase(m_options); !prepared)
        return prepared;
    m_writeThreads.emplace_back([this] { runWriter(); });
    for (int i = 0; i < m_readers; ++i) {
        const bool takesLongJobs = i > 0 || m_readers == 1;
        m_readThreads.emplace_back([this, takesLongJobs] { runReader(takesLongJobs); });
    }
    return {};
}

void StorageThreads::stop()
{
    m_endReads = true;
    endThreads(m_reads, m_readThreads);
    // The writer closes last: SQLite then brings its journal into the file, so that the file alone
    // is the whole database.
    endThreads(m_writes, m_writeThreads);

    // What no thread was there to take.
    for (Queue *queue : {&m_writes, &m_reads}) {
        for (const std::unique_ptr<Job> &job : std::exchange(queue->jobs, {}))
            job->deliver(base::fail(shuttingDown()));
    }
}

void StorageThreads::endThreads(Queue &queue, std::vector<std::thread> &threads)
{
    {
        const std::lock_guard lock(m_mutex);
        queue.stopping = true;
    }
    queue.ready.notify_all();
    for (std::thread &thread : threads)
        thread.join();
    threads.clear();
}

void StorageThreads::enqueueWrite(std::unique_ptr<Job> job)
{
    enqueue(m_writes, std::move(job));
}

void StorageThreads::enqueueRead(std::unique_ptr<Job> job)
{
    enqueue(m_reads, std::move(job));
}

void StorageThreads::enqueue(Queue &queue, std::unique_ptr<Job> job)
{
    job->queuedAt = steady_clock::now();
    bool stopping = false;
    {
        const std::lock_guard lock(m_mutex);
        stopping = queue.stopping;
        if (!stopping && queue.jobs.size() < queueLimit) {
            queue.jobs.push_back(std::move(job));
            queue.ready.notify_all(); // not every reading thread takes every job
            return;
        }
    }
    if (stopping)
        job->deliver(base::fail(shuttingDown()));
    else
        job->deliver(base::fail(ErrorCode::Unavailable,
                                Message::tr("The database is too busy. Try again later.")));
}

void StorageThreads::setUrgentWork(UrgentWork work)
{
    std::unique_lock lock(m_mutex);
    m_urgentDone.wait(lock, [this] { return !m_urgentRunning; });
    m_urgentWork = std::move(work);
    m_urgent = m_urgentWork != nullptr;
    m_writes.ready.notify_all();
}

void StorageThreads::wakeUrgentWork()
{
    const std::lock_guard lock(m_mutex);
    m_urgent = true;
    m_writes.ready.notify_one();
}

void StorageThreads::runWriter()
{
    Connection connection(m_options, Database::Access::ReadWrite);
    std::optional<steady_clock::time_point> urgentAt;
    bool wasUrgent = false;
    std::unique_lock lock(m_mutex);
    while (true) {
        const auto now = steady_clock::now();
        const bool jobWaits = !m_writes.jobs.empty();
        const bool jobsTurn =
            jobWaits && wasUrgent && now - m_writes.jobs.front()->queuedAt > courtesy;
        const bool urgent = m_urgentWork && (m_urgent || (urgentAt && now >= *urgentAt));
        if (urgent && !jobsTurn) {
            m_urgent = false;
            m_urgentRunning = true;
            lock.unlock();
            const auto again = m_urgentWork(connection.database());
            connection.closeIfBroken();
            lock.lock();
            m_urgentRunning = false;
            m_urgentDone.notify_all();
            urgentAt = again ? std::optional(steady_clock::now() + *again) : std::nullopt;
            wasUrgent = true;
        } else if (jobWaits) {
            std::unique_ptr<Job> job = std::move(m_writes.jobs.front());
            m_writes.jobs.pop_front();
            lock.unlock();
            const bool delivered = runWrite(connection, *job, m_options.busyTimeout);
            lock.lock();
            if (!delivered)
                m_writes.jobs.push_front(std::move(job));
            wasUrgent = false;
        } else if (m_writes.stopping) {
            return;
        } else if (urgentAt) {
            m_writes.ready.wait_until(lock, *urgentAt);
        } else {
            m_writes.ready.wait(lock);
        }
    }
}

std::unique_ptr<Job> StorageThreads::takeRead(bool longOnesToo)
{
    std::deque<std::unique_ptr<Job>> &jobs = m_reads.jobs;
    auto next = std::find_if(
        jobs.begin(), jobs.end(), [](const std::unique_ptr<Job> &job) { return !job->isLong; });
    if (next == jobs.end() && longOnesToo)
        next = jobs.begin();
    if (next == jobs.end())
        return nullptr;
    std::unique_ptr<Job> job = std::move(*next);
    jobs.erase(next);
    return job;
}

void StorageThreads::runReader(bool takesLongJobs)
{
    Connection connection(m_options, Database::Access::ReadOnly);
    std::unique_lock lock(m_mutex);
    while (true) {
        if (std::unique_ptr<Job> job = takeRead(takesLongJobs)) {
            lock.unlock();
            runRead(connection, *job, m_endReads);
            job.reset();
            lock.lock();
        } else if (m_reads.stopping) {
            return;
        } else {
            m_reads.ready.wait(lock);
        }
    }
}

} // namespace gatehouse::storage
