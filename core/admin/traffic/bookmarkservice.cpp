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

void BookmarkService::start()
{
    const auto read =
        m_base.storage.read([](Database &database) { return BookmarkRepository(database).all(); });
    onSuccess(read, this, [this](const QByteArrayList &ids) {
        return m_captures.setAllKept(ids);
    }).then(this, [](const Result<> &outcome) {
        if (!outcome)
            tellFailure(outcome.error());
    });
}

// The captures are told before the ledger of what is to be kept, and after it of what is not: whatever
// fails, nothing is lost that has a bookmark.
Answer<QByteArrayList> BookmarkService::set(const QByteArrayList &requestIds, bool bookmarked)
{
    const auto change =
        [requestIds, bookmarked, now = m_base.clock.wallMilliseconds()](Database &database) {
            BookmarkRepository bookmarks(database);
            return bookmarked ? bookmarks.add(requestIds, now) : bookmarks.remove(requestIds);
        };
    return onSuccess(
        m_base.storage.write(change), this, [this, bookmarked](const QByteArrayList &changedIds) {
            if (!changedIds.isEmpty())
                emit changed(changedIds, bookmarked);
            return Result<QByteArrayList>(changedIds);
        });
}

Answer<QByteArrayList> BookmarkService::add(const QByteArrayList &requestIds)
{
    return onSuccess(m_captures.setKept(requestIds, true), this, [this, requestIds] {
        return set(requestIds, true);
    });
}

Answer<QByteArrayList> BookmarkService::remove(const QByteArrayList &requestIds)
{
    return onSuccess(set(requestIds, false), this, [this](const QByteArrayList &changedIds) {
        return onSuccess(m_captures.setKept(changedIds, false), this, [changedIds] {
            return Result<QByteArrayList>(changedIds);
        });
    });
}

} // namespace gatehouse::admin
