#pragma once

#include "admin/statistics/statistics.h"
#include "base/clock.h"
#include "storage/storagethreads.h"
#include "storage/traffic/rollup.h"

#include <QObject>

namespace gatehouse::admin {

// Sums up the ledger in the background: a reading thread adds up what is new, the writing thread
// stores it in slices between which the ledger goes on. Lives in the main thread, where it only
// hands on.
class RollUpRunner : public QObject
{
    Q_OBJECT

public:
    // Gives what the cache reads of a request saved, for use in a storage thread; called in the main
    // thread, so that it may hold the present catalog.
    using SavedByCache = std::function<std::function<domain::Cost(const domain::UsageRecord &)>()>;

    RollUpRunner(storage::StorageThreads &storage,
                 const base::Clock &clock,
                 SavedByCache savedByCache,
                 QObject *parent = nullptr);

    // Begins unless it is at work; then it begins anew when it is done.
    void run();
    bool isRunning() const { return m_running; }
    RollUpProgress progress() const;

signals:
    // Everything that was in the ledger at the beginning is contained. `changed`: there was something.
    void finished(bool changed);
    // In the course of much work.
    void progressed();

private:
    void begin();
    void read();
    void store(std::vector<storage::RollUpSlice> slices, size_t next, bool reachesEnd);
    void adapt(size_t rows, std::chrono::nanoseconds took);
    void retry();
    void prune();
    void end();
    void fail(const base::Error &error);

    storage::StorageThreads &m_storage;
    const base::Clock &m_clock;
    const SavedByCache m_savedByCache;
    storage::RollUpState m_state{};
    int m_rowsOfSlice = 200;
    qint64 m_prunedAt = 0;
    bool m_running = false;
    bool m_again = false;
    bool m_changed = false;
    bool m_failing = false;
};

} // namespace gatehouse::admin
