#include "admin/traffic/bookmarkservice.h"

#include "base/logging.h"
#include "storage/captures/capturestore.h"
#include "storage/traffic/bookmarkrepository.h"

namespace gatehouse::admin {

using base::Result;
using storage::BookmarkRepository;
using storage::Database;

namespace {

void tellFailure(const base::Error &error)
{
    qCWarning(base::lcAdmin).noquote()
        << "The captures do not know which requests are bookmarked:" << error.message.english();
}

} // namespace

BookmarkService::BookmarkService(const Foundation &foundation,
                                 storage::CaptureStore &captures,
                                 QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_captures(captures)
{}

// Ledger and captures are told one after the other; what another job does between the two would leave them
// apart. So each job begins when the one before it has ended.
template<typename T>
Answer<T> BookmarkService::inTurn(std::function<Answer<T>()> job)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    Answer<T> answer = promise->future();
    m_waiting.push_back([this, promise, job = std::move(job)] {
        whenDone(job(), this, [this, promise](Result<T> outcome) {
            promise->addResult(std::move(outcome));
            promise->finish();
            m_isBusy = false;
            next();
        });
    });
    next();
    return answer;
}

void BookmarkService::next()
{
    if (m_isBusy || m_waiting.empty())
        return;
    m_isBusy = true;
    const std::function<void()> job = std::move(m_waiting.front());
    m_waiting.pop_front();
    job();
}

void BookmarkService::start()
{
    inTurn<void>([this] {
        const auto read = m_base.storage.read(
            [](Database &database) { return BookmarkRepository(database).all(); });
        return onSuccess(
            read, this, [this](const QByteArrayList &ids) { return m_captures.setAllKept(ids); });
    }).then(this, [](const Result<> &outcome) {
        if (!outcome)
            tellFailure(outcome.error());
    });
}

// The captures are told before the ledger of what is to be kept, and after it of what is not: whatever
// fails, nothing is lost that has a bookmark.
Answer<QByteArrayList> BookmarkService::add(const QByteArrayList &requestIds)
{
    return inTurn<QByteArrayList>([this, requestIds] {
        return onSuccess(m_captures.setKept(requestIds, true), this, [this, requestIds] {
            return mark(requestIds);
        });
    });
}

Answer<QByteArrayList> BookmarkService::remove(const QByteArrayList &requestIds)
{
    return inTurn<QByteArrayList>([this, requestIds] { return unmark(requestIds); });
}

// What the ledger does not hold has got no bookmark, and so is not kept either.
Answer<QByteArrayList> BookmarkService::mark(const QByteArrayList &requestIds)
{
    struct Marked
    {
        QByteArrayList added{};
        QByteArrayList without{};
    };
    const auto marked = m_base.storage.write(
        [requestIds, now = m_base.clock.wallMilliseconds()](Database &database) -> Result<Marked> {
            BookmarkRepository bookmarks(database);
            const Result<QByteArrayList> added = bookmarks.add(requestIds, now);
            if (!added)
                return base::fail(added.error());
            return bookmarks.unmarked(requestIds).map([&added](const QByteArrayList &without) {
                return Marked{.added = *added, .without = without};
            });
        });
    return onSuccess(marked, this, [this](const Marked &outcome) {
        if (!outcome.added.isEmpty())
            emit changed(outcome.added, true);
        const auto settled = outcome.without.isEmpty() ? answered(Result<>())
                                                       : m_captures.setKept(outcome.without, false);
        return onSuccess(
            settled, this, [added = outcome.added] { return Result<QByteArrayList>(added); });
    });
}

Answer<QByteArrayList> BookmarkService::unmark(const QByteArrayList &requestIds)
{
    const auto removed = m_base.storage.write([requestIds](Database &database) {
        return BookmarkRepository(database).remove(requestIds);
    });
    return onSuccess(removed, this, [this](const QByteArrayList &changedIds) {
        if (!changedIds.isEmpty())
            emit changed(changedIds, false);
        return onSuccess(m_captures.setKept(changedIds, false), this, [changedIds] {
            return Result<QByteArrayList>(changedIds);
        });
    });
}

} // namespace gatehouse::admin
