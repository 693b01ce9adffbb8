#include "admin/statistics/rolluprunner.h"

#include "base/logging.h"

namespace gatehouse::admin {

using base::Result;
using storage::Database;
using storage::RollUpChunk;
using storage::RollUpSlice;

namespace {

// What came of storing a slice.
struct Stored
{
    bool isValid = false;
    std::chrono::nanoseconds took{0};
};

} // namespace

RollUpRunner::RollUpRunner(storage::StorageThreads &storage,
                           const base::Clock &clock,
                           SavedByCache savedByCache,
                           QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_clock(clock)
    , m_savedByCache(std::move(savedByCache))
{}

void RollUpRunner::run()
{
    if (m_running) {
        m_again = true;
        return;
    }
    m_running = true;
    begin();
}

RollUpProgress RollUpRunner::progress() const
{
    return {.done = m_state.last, .total = m_state.newest};
}

void RollUpRunner::begin()
{
    m_again = false;
    m_changed = false;
    m_storage.read([](Database &database) { return storage::rollUpState(database); })
        .then(this, [this](const Result<storage::RollUpState> &state) {
            if (!state)
                return fail(state.error());
            m_state = *state;
            if (m_state.last < m_state.newest)
                read();
            else
                prune();
        });
}

void RollUpRunner::read()
{
    constexpr qint64 settling = 3'000; // where other nodes write as well
    const bool shared = !m_storage.options().url.isEmpty();
    m_storage
        .readAtLength([order = storage::RollUpOrder{.rowsOfSlice = m_rowsOfSlice,
                                                    .now = m_clock.wallMilliseconds(),
                                                    .settling = shared ? settling : 0,
                                                    .saved = m_savedByCache()}](
                          Database &database) { return storage::readRollUpChunk(database, order); })
        .then(this, [this](Result<RollUpChunk> chunk) {
            if (!chunk)
                return fail(chunk.error());
            store(std::move(chunk->slices), 0, chunk->reachesEnd);
        });
}

void RollUpRunner::store(std::vector<RollUpSlice> slices, size_t next, bool reachesEnd)
{
    if (next >= slices.size()) {
        emit progressed();
        if (reachesEnd || m_state.last >= m_state.newest)
            return prune();
        return read();
    }
    RollUpSlice slice = std::move(slices[next]);
    const qint64 last = slice.last;
    const size_t rows = slice.rows.size();
    m_storage
        .write([slice = std::move(slice)](Database &database) -> Result<Stored> {
            const auto begin = std::chrono::steady_clock::now();
            return storage::storeRollUpSlice(database, slice).map([begin](bool stored) {
                return Stored{.isValid = stored, .took = std::chrono::steady_clock::now() - begin};
            });
        })
        .then(this,
              [this, slices = std::move(slices), next, last, rows, reachesEnd](
                  const Result<Stored> &stored) mutable {
                  if (!stored)
                      return fail(stored.error());
                  if (!stored->isValid)
                      return retry(); // another node sums up as well, or a line was corrected
                  adapt(rows, stored->took);
                  m_state.last = last;
                  m_changed = true;
                  store(std::move(slices), next + 1, reachesEnd);
              });
}

// A batch of the ledger waits at most for one slice.
void RollUpRunner::adapt(size_t rows, std::chrono::nanoseconds took)
{
    constexpr size_t fewest = 20; // those of one line are fifteen
    constexpr size_t most = 400;
    constexpr std::chrono::nanoseconds wanted = std::chrono::milliseconds(3);
    if (rows < fewest || took.count() <= 0)
        return;
    const double fitting = double(rows) * double(wanted.count()) / double(took.count());
    // What once took long may have waited for a processor: it goes down and up by parts.
    const double next = std::clamp(fitting, m_rowsOfSlice * 0.5, m_rowsOfSlice * 1.1);
    m_rowsOfSlice = static_cast<int>(std::clamp(next, double(fewest), double(most)));
}

void RollUpRunner::retry()
{
    m_again = true;
    end();
}

void RollUpRunner::prune()
{
    const qint64 now = m_clock.wallMilliseconds();
    if (now - m_prunedAt < storage::minuteLength && now >= m_prunedAt)
        return end();
    m_storage.write([now](Database &database) { return storage::pruneRollUps(database, now); })
        .then(this, [this, now](const Result<qint64> &removed) {
            if (!removed)
                return fail(removed.error());
            if (*removed > 0)
                return prune();
            m_prunedAt = now;
            end();
        });
}

void RollUpRunner::end()
{
    m_failing = false;
    m_running = false;
    emit finished(m_changed);
    if (m_again)
        run();
}

void RollUpRunner::fail(const base::Error &error)
{
    if (!std::exchange(m_failing, true))
        qCWarning(base::lcAdmin).noquote()
            << "The statistics are not being made:" << error.message.english() << error.detail;
    m_running = false;
    emit finished(m_changed);
}

} // namespace gatehouse::admin
