#pragma once

#include "base/clock.h"
#include "domain/usagesink.h"
#include "storage/ledger/ledgerbatch.h"
#include "storage/storagethreads.h"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace gatehouse::storage {

struct LedgerOptions
{
    // A record that waits longer makes the ledger unhealthy.
    std::chrono::milliseconds patience{2'000};
    std::chrono::milliseconds shortestRetry{100};
    std::chrono::milliseconds longestRetry{2'000};
};

// How the ledger is, for status pages and logs.
struct LedgerState
{
    bool healthy = true;
    qint64 waiting = 0; // records that are not stored yet
    quint64 stored = 0; // since the start
    QString problem{};  // a sentence; empty while all is well
};

// Stores the records of the gateway threads. Whatever waits goes into one transaction, together with
// the balances it changes; then each receiver gets the numbers of its records in one call. Records
// stay queued until they are stored, and each is stored once. submit(), isHealthy() and isFailing() may
// be called from any thread.
class LedgerWriter final : public domain::UsageSink
{
public:
    // Called in the writing thread with the numbers of the tickets whose records are stored. Must
    // only pass them on to the thread that waits for them.
    using Post = std::function<void(std::vector<quint64> numbers)>;

    LedgerWriter(StorageThreads &threads, const base::Clock &clock, LedgerOptions options = {});
    // Destroy it before the StorageThreads; what waits then is lost, so flush() first.
    ~LedgerWriter() override;

    // Gives the ReceiptTicket::receiver. Unregistering waits for a call that is under way.
    int registerReceiver(Post post);
    void unregisterReceiver(int receiver);

    // Called in the writing thread with what was just stored; one at a time. Must be quick. Removing
    // one waits for a call that is under way.
    using Observer = std::function<void(std::span<const LedgerEntry> stored)>;
    int addObserver(Observer observer);
    void removeObserver(int observer);

    bool isHealthy() const override;
    bool isFailing() const override { return m_failing.load(std::memory_order_relaxed); }
    void submit(domain::UsageRecord record, domain::ReceiptTicket ticket) override;
    void submitAll(std::vector<LedgerEntry> &entries) override;

    // Waits until all that was submitted is stored and its observers have seen it, at most `timeout`.
    // False: some is not.
    bool flush(std::chrono::milliseconds timeout);
    LedgerState state() const;

private:
    std::optional<std::chrono::milliseconds> work(const base::Result<Database *> &database);
    void takeWaiting();
    std::chrono::milliseconds failed(const base::Error &error, Fault fault);
    void succeeded(size_t count);
    void announced(size_t count);
    void postReceipts(std::span<const LedgerEntry> stored);

    StorageThreads &m_threads;
    const base::Clock &m_clock;
    const LedgerOptions m_options;

    mutable std::mutex m_mutex; // guards the six below; never held over a statement
    std::vector<LedgerEntry> m_waiting;
    QString m_problem;
    quint64 m_submitted = 0;
    quint64 m_stored = 0;
    quint64 m_announced = 0; // of the stored ones, whose receipts are posted
    bool m_flushing = false;
    std::condition_variable m_progress;

    std::mutex m_receiversMutex; // held while receipts are posted, and while observers look on
    std::map<int, Observer> m_observers;
    int m_nextObserver = 0;
    std::map<int, Post> m_receivers;
    int m_nextReceiver = 0;

    std::atomic<bool> m_failing = false;
    // Steady time at which the oldest record that is not stored came, in nanoseconds; 0: there is
    // none.
    std::atomic<qint64> m_oldest = 0;

    // Of the writing thread alone.
    std::vector<LedgerEntry> m_batch;
    std::chrono::milliseconds m_retry{0};
    qint64 m_takenAt = 0; // when the batch was taken, as m_oldest
    size_t m_lastCount = 0;
};

} // namespace gatehouse::storage
