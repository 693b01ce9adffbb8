#include "storage/captures/capturestore.h"

#include "base/finish.h"
#include "base/logging.h"
#include "base/maskrules.h"
#include "base/redaction.h"

#include <QFileInfo>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::Capture;

namespace {

// How often what is beyond the limits is looked for without a new capture.
constexpr std::chrono::minutes pause{1};

} // namespace

CaptureStore::CaptureStore(QString path, const base::Clock &clock)
    : m_path(std::move(path))
    , m_clock(clock)
{
    if (QFileInfo::exists(m_path))
        enqueue([this] { (void)file(); });
}

CaptureStore::~CaptureStore()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_ready.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void CaptureStore::enqueue(std::function<void()> job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (job)
            m_jobs.push_back(std::move(job));
        if (!m_thread.joinable())
            m_thread = std::thread([this] { run(); });
    }
    m_ready.notify_all();
}

void CaptureStore::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_ready.wait_for(
            lock, pause, [this] { return m_stopping || !m_jobs.empty() || !m_waiting.empty(); });
        const bool ends = m_stopping;
        std::deque<std::function<void()>> jobs = std::exchange(m_jobs, {});
        lock.unlock();
        storeWaiting();
        for (const std::function<void()> &job : jobs)
            job();
        if (!ends && m_file && removeBeyondLimits())
            enqueue([] {}); // there is more of it
        lock.lock();
        if (m_stopping && m_jobs.empty() && m_waiting.empty())
            break;
    }
    lock.unlock();
    m_file.reset();
}

Result<CaptureFile *> CaptureStore::file()
{
    if (!m_file) {
        Result<std::unique_ptr<CaptureFile>> opened = CaptureFile::open(m_path);
        if (!opened)
            return base::fail(opened.error());
        Result<QSet<QByteArray>> ids = (*opened)->requestIds();
        if (!ids)
            return base::fail(ids.error());
        m_file = std::move(*opened);
        m_bytes = m_file->bytes();
        const std::lock_guard lock(m_mutex);
        m_ids.unite(*ids);
    }
    return m_file.get();
}

void CaptureStore::storeWaiting()
{
    std::vector<Waiting> waiting;
    {
        const std::lock_guard lock(m_mutex);
        waiting = std::exchange(m_waiting, {});
    }
    if (waiting.empty())
        return;
    const std::shared_ptr<const base::MaskRules> rules = base::maskRules();
    std::vector<Capture> captures;
    qint64 memory = 0;
    for (Waiting &one : waiting) {
        domain::maskSecrets(one.capture, one.secrets);
        if (rules)
            domain::maskByRules(one.capture, *rules);
        memory += one.memory;
        captures.push_back(std::move(one.capture));
    }
    const Result<CaptureFile *> opened = file();
    Result<> stored = opened ? (*opened)->insert(captures) : Result<>(base::fail(opened.error()));
    if (!stored) {
        m_dropped += std::ssize(captures);
        qCWarning(base::lcStorage).noquote()
            << "Bodies of requests could not be kept:" << stored.error().message.english();
    } else {
        m_bytes = m_file->bytes();
        const std::lock_guard lock(m_mutex);
        for (const Capture &capture : captures)
            m_ids.insert(capture.requestId);
    }
    giveMemoryBack(memory);
}

// True if there may be more to remove.
bool CaptureStore::removeBeyondLimits()
{
    std::optional<CaptureLimits> limits;
    {
        const std::lock_guard lock(m_mutex);
        limits = m_limits;
    }
    if (!limits)
        return false;
    const Result<QByteArrayList> removed =
        m_file->removeBeyond(*limits, m_clock.wallMilliseconds());
    if (!removed || removed->isEmpty())
        return false;
    forget(*removed);
    return true;
}

void CaptureStore::forget(const QByteArrayList &requestIds)
{
    m_bytes = m_file->bytes();
    const std::lock_guard lock(m_mutex);
    for (const QByteArray &id : requestIds)
        m_ids.remove(id);
}

void CaptureStore::setLimits(CaptureLimits limits)
{
    bool isOpen = false;
    {
        const std::lock_guard lock(m_mutex);
        m_limits = limits;
        isOpen = m_thread.joinable();
    }
    if (isOpen)
        enqueue([] {});
}

bool CaptureStore::has(const QByteArray &requestId) const
{
    const std::lock_guard lock(m_mutex);
    return m_ids.contains(requestId);
}

CaptureFigures CaptureStore::figures() const
{
    const std::lock_guard lock(m_mutex);
    return {.requests = m_ids.size(), .bytes = m_bytes, .dropped = m_dropped};
}

bool CaptureStore::takeMemory(qint64 bytes)
{
    if (m_memory.fetch_sub(bytes) >= bytes)
        return true;
    m_memory += bytes;
    return false;
}

void CaptureStore::submit(Capture capture, std::vector<base::Secret> secrets, qint64 memory)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_waiting.size() < queueLimit && !m_stopping) {
            m_waiting.push_back({std::move(capture), std::move(secrets), memory});
            memory = -1;
        }
    }
    if (memory >= 0) {
        giveMemoryBack(memory);
        ++m_dropped;
        return;
    }
    enqueue({});
}

// Runs `function`, which takes the file and gives a Result<T>, in the thread.
template<typename Function>
auto CaptureStore::ask(Function function)
{
    using Outcome = std::invoke_result_t<Function &, CaptureFile &>;
    const auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    enqueue([this, promise, function = std::move(function)]() mutable {
        const Result<CaptureFile *> opened = file();
        promise->addResult(opened ? function(**opened) : Outcome(base::fail(opened.error())));
        base::finishInMainThread(promise);
    });
    return promise->future();
}

QFuture<Result<Capture>> CaptureStore::find(const QByteArray &requestId, qint64 bodyBytes)
{
    return ask([requestId, bodyBytes](CaptureFile &of) { return of.find(requestId, bodyBytes); });
}

QFuture<Result<QByteArray>> CaptureStore::body(const QByteArray &requestId,
                                               domain::CapturePart part,
                                               qint64 offset,
                                               qint64 bytes)
{
    return ask([requestId, part, offset, bytes](CaptureFile &of) {
        return of.body(requestId, part, offset, bytes);
    });
}

// The same, but neither a file nor a thread is made for it. What waited when it was asked is stored by
// then.
QFuture<Result<>> CaptureStore::askIfThere(std::function<Result<>(CaptureFile &)> function)
{
    const auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    bool isIdle = false;
    {
        const std::lock_guard lock(m_mutex);
        isIdle = !m_thread.joinable();
    }
    if (isIdle && !QFileInfo::exists(m_path)) {
        promise->addResult(Result<>());
        base::finishInMainThread(promise);
        return promise->future();
    }
    enqueue([this, promise, function = std::move(function)] {
        const bool isThere = m_file || QFileInfo::exists(m_path);
        const Result<CaptureFile *> opened = isThere ? file() : Result<CaptureFile *>(nullptr);
        if (!opened)
            promise->addResult(Result<>(base::fail(opened.error())));
        else
            promise->addResult(*opened ? function(**opened) : Result<>());
        base::finishInMainThread(promise);
    });
    return promise->future();
}

QFuture<Result<>> CaptureStore::setKept(const QByteArrayList &requestIds, bool kept)
{
    return askIfThere([requestIds, kept](CaptureFile &of) { return of.setKept(requestIds, kept); });
}

QFuture<Result<>> CaptureStore::setAllKept(const QByteArrayList &requestIds)
{
    return askIfThere([requestIds](CaptureFile &of) { return of.setAllKept(requestIds); });
}

QFuture<Result<qint64>> CaptureStore::removeBy(Removal removal)
{
    return ask([this, removal = std::move(removal)](CaptureFile &of) {
        return removal(of).map([this](const QByteArrayList &removed) {
            forget(removed);
            return qint64(removed.size());
        });
    });
}

QFuture<Result<qint64>> CaptureStore::remove(const QByteArray &requestId)
{
    return removeBy([requestId](CaptureFile &of) { return of.remove(requestId); });
}

QFuture<Result<qint64>> CaptureStore::removeOf(domain::TokenId token)
{
    return removeBy([token](CaptureFile &of) { return of.removeOf(token); });
}

QFuture<Result<qint64>> CaptureStore::removeAll()
{
    return removeBy([](CaptureFile &of) { return of.removeAll(); });
}

} // namespace gatehouse::storage
