#pragma once

#include "base/clock.h"
#include "domain/capturesink.h"
#include "storage/captures/capturefile.h"

#include <QFuture>
#include <QPromise>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace gatehouse::storage {

struct CaptureFigures
{
    qint64 requests = 0;
    qint64 bytes = 0;   // on the disk
    qint64 dropped = 0; // since the start
};

// Stores what was captured, in a thread of its own with a bounded queue, so that no request ever
// waits: what does not fit is dropped and counted. Secrets are masked before anything is written. The
// file is made when it is first needed. Every function may be called from any thread.
class CaptureStore final : public domain::CaptureSink
{
public:
    // All that captures may hold in memory, those that are being made and those that wait.
    static constexpr qint64 memoryLimit = 128LL * 1024 * 1024;
    static constexpr size_t queueLimit = 2'000;

    CaptureStore(QString path, const base::Clock &clock);
    // Stores what waits.
    ~CaptureStore() override;

    // Until this is called nothing is removed.
    void setLimits(CaptureLimits limits);
    // Whether something is kept of the request; false until the file has been read after a start.
    bool has(const QByteArray &requestId) const;
    CaptureFigures figures() const;

    bool takeMemory(qint64 bytes) override;
    void giveMemoryBack(qint64 bytes) override { m_memory += bytes; }
    void submit(domain::Capture capture, std::vector<base::Secret> secrets, qint64 memory) override;

    // Each body up to `bodyBytes`.
    QFuture<base::Result<domain::Capture>> find(const QByteArray &requestId, qint64 bodyBytes);
    QFuture<base::Result<QByteArray>>
    body(const QByteArray &requestId, domain::CapturePart part, qint64 offset, qint64 bytes);
    // Which requests stay whatever the limits are; the file remembers it. setAllKept() names all of them.
    QFuture<base::Result<>> setKept(const QByteArrayList &requestIds, bool kept);
    QFuture<base::Result<>> setAllKept(const QByteArrayList &requestIds);
    // Each gives the number of requests of which something was removed, also of those.
    QFuture<base::Result<qint64>> remove(const QByteArray &requestId);
    QFuture<base::Result<qint64>> removeOf(domain::TokenId token);
    QFuture<base::Result<qint64>> removeAll();

private:
    using Removal = std::function<base::Result<QByteArrayList>(CaptureFile &)>;

    struct Waiting
    {
        domain::Capture capture{};
        std::vector<base::Secret> secrets{};
        qint64 memory = 0;
    };

    template<typename Function>
    auto ask(Function function);
    QFuture<base::Result<>> askIfThere(std::function<base::Result<>(CaptureFile &)> function);
    QFuture<base::Result<qint64>> removeBy(Removal removal);
    void enqueue(std::function<void()> job);
    void run();
    base::Result<CaptureFile *> file();
    void storeWaiting();
    bool removeBeyondLimits();
    void forget(const QByteArrayList &requestIds);

    const QString m_path;
    const base::Clock &m_clock;
    std::atomic<qint64> m_memory{memoryLimit};
    std::atomic<qint64> m_dropped{0};
    std::atomic<qint64> m_bytes{0};

    mutable std::mutex m_mutex; // guards the six below; never held over a statement
    std::condition_variable m_ready;
    std::deque<std::function<void()>> m_jobs;
    std::vector<Waiting> m_waiting;
    QSet<QByteArray> m_ids;
    std::optional<CaptureLimits> m_limits{};
    bool m_stopping = false;

    std::unique_ptr<CaptureFile> m_file; // of the thread alone
    std::thread m_thread;                // begun with the first job
};

} // namespace gatehouse::storage
