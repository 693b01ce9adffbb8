#include "storage/ledger/ledgerwriter.h"

#include "base/logging.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using std::chrono::milliseconds;

namespace {

// So many lines at most are committed together, which bounds how long the first of them waits.
constexpr size_t largestBatch = 2'000;

qint64 nanoseconds(base::SteadyTime time)
{
    // Zero stands for "none".
    return std::max<qint64>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count(), 1);
}

} // namespace

LedgerWriter::LedgerWriter(StorageThreads &threads, const base::Clock &clock, LedgerOptions options)
    : m_threads(threads)
    , m_clock(clock)
    , m_options(options)
{
    m_threads.setUrgentWork([this](const Result<Database *> &database) { return work(database); });
}

LedgerWriter::~LedgerWriter()
{
    m_threads.setUrgentWork({});
    const LedgerState last = state();
    if (last.waiting > 0)
        qCCritical(base::lcStorage) << "Records of the ledger were not stored:" << last.waiting;
}

int LedgerWriter::registerReceiver(Post post)
{
    const std::lock_guard lock(m_receiversMutex);
    m_receivers.emplace(m_nextReceiver, std::move(post));
    return m_nextReceiver++;
}

void LedgerWriter::unregisterReceiver(int receiver)
{
    const std::lock_guard lock(m_receiversMutex);
    m_receivers.erase(receiver);
}

int LedgerWriter::addObserver(Observer observer)
{
    const std::lock_guard lock(m_receiversMutex);
    m_observers.emplace(m_nextObserver, std::move(observer));
    return m_nextObserver++;
}

void LedgerWriter::removeObserver(int observer)
{
    const std::lock_guard lock(m_receiversMutex);
    m_observers.erase(observer);
}

bool LedgerWriter::isHealthy() const
{
    if (isFailing())
        return false;
    const qint64 oldest = m_oldest.load(std::memory_order_relaxed);
    if (oldest == 0)
        return true;
    const std::chrono::nanoseconds age(nanoseconds(m_clock.steadyNow()) - oldest);
    return age < m_options.patience;
}

void LedgerWriter::submit(domain::UsageRecord record, domain::ReceiptTicket ticket)
{
    std::vector<LedgerEntry> entries;
    entries.push_back({std::move(record), ticket});
    submitAll(entries);
}

void LedgerWriter::submitAll(std::vector<LedgerEntry> &entries)
{
    if (entries.empty())
        return;
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        first = m_waiting.empty();
        m_submitted += entries.size();
        if (first) {
            m_waiting.swap(entries);
        } else {
            m_waiting.insert(m_waiting.end(),
                             std::make_move_iterator(entries.begin()),
                             std::make_move_iterator(entries.end()));
        }
        if (m_oldest.load(std::memory_order_relaxed) == 0)
            m_oldest.store(nanoseconds(m_clock.steadyNow()), std::memory_order_relaxed);
    }
    entries.clear();
    if (first)
        m_threads.wakeUrgentWork();
}

bool LedgerWriter::flush(milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    m_flushing = true;
    const quint64 goal = m_submitted;
    const bool stored = m_progress.wait_for(lock, timeout, [&] { return m_announced >= goal; });
    m_flushing = false;
    return stored;
}

LedgerState LedgerWriter::state() const
{
    const bool healthy = isHealthy();
    const std::lock_guard lock(m_mutex);
    return {.healthy = healthy,
            .waiting = static_cast<qint64>(m_submitted - m_stored),
            .stored = m_stored,
            .problem = m_problem};
}

std::optional<milliseconds> LedgerWriter::work(const Result<Database *> &database)
{
    // After a crowd the next one is on its way: whoever is ready to run may bring more of it first. A
    // single record is not kept waiting, and where nobody else is ready nothing waits.
    if (m_lastCount > 1 && m_batch.empty())
        std::this_thread::yield();
    takeWaiting();
    m_lastCount = m_batch.size();
    if (m_batch.empty())
        return std::nullopt;
    if (!database)
        return failed(database.error(), Fault::Unreachable);

    const std::span<const LedgerEntry> batch(m_batch.data(),
                                             std::min(m_batch.size(), largestBatch));
    if (Result<> stored = LedgerBatch::of(**database).store(batch); !stored)
        return failed(stored.error(), (*database)->fault());
    const size_t count = batch.size();
    succeeded(count);
    postReceipts(batch);
    announced(count);
    m_batch.erase(m_batch.begin(), m_batch.begin() + static_cast<std::ptrdiff_t>(count));
    return m_batch.empty() ? std::nullopt : std::optional(milliseconds(0));
}

void LedgerWriter::takeWaiting()
{
    const qint64 now = nanoseconds(m_clock.steadyNow());
    const std::lock_guard lock(m_mutex);
    if (m_batch.empty()) {
        m_batch.swap(m_waiting);
        m_takenAt = now;
        return;
    }
    m_batch.insert(m_batch.end(),
                   std::make_move_iterator(m_waiting.begin()),
                   std::make_move_iterator(m_waiting.end()));
    m_waiting.clear();
}

milliseconds LedgerWriter::failed(const base::Error &error, Fault fault)
{
    const bool again = m_retry.count() > 0;
    // A lock may be gone in a moment, and a server that was restarted answers a new connection: that
    // is no failure yet. The patience of isHealthy() ends it all the same.
    const bool passing = fault == Fault::Locked || (fault == Fault::Unreachable && !again);
    if (!passing)
        m_failing = true;
    m_retry = fault == Fault::Locked ? milliseconds(1)
              : again                ? std::min(m_retry * 2, m_options.longestRetry)
                                     : m_options.shortestRetry;
    const std::lock_guard lock(m_mutex);
    if (m_problem != error.message.english())
        qCWarning(base::lcStorage).noquote()
            << "The ledger cannot be written:" << error.message.english() << error.detail;
    m_problem = error.message.english();
    return m_retry;
}

void LedgerWriter::succeeded(size_t count)
{
    m_retry = milliseconds(0);
    m_failing = false;
    const std::lock_guard lock(m_mutex);
    m_stored += count;
    if (!m_problem.isEmpty())
        qCInfo(base::lcStorage) << "The ledger is being written again.";
    m_problem.clear();
    const bool all = m_waiting.empty() && count == m_batch.size();
    // What came meanwhile came after the batch was taken.
    m_oldest.store(all ? 0 : m_takenAt, std::memory_order_relaxed);
}

void LedgerWriter::announced(size_t count)
{
    const std::lock_guard lock(m_mutex);
    m_announced += count;
    if (m_flushing)
        m_progress.notify_all();
}

void LedgerWriter::postReceipts(std::span<const LedgerEntry> stored)
{
    std::map<int, std::vector<quint64>> numbers;
    for (const LedgerEntry &entry : stored) {
        if (entry.ticket.receiver >= 0)
            numbers[entry.ticket.receiver].push_back(entry.ticket.number);
    }
    const std::lock_guard lock(m_receiversMutex);
    for (auto &[receiver, of] : numbers) {
        if (const auto post = m_receivers.find(receiver); post != m_receivers.end())
            post->second(std::move(of));
    }
    for (const auto &[number, observer] : m_observers)
        observer(stored);
}

} // namespace gatehouse::storage
