#pragma once

#include "admin/flow.h"
#include "admin/foundation.h"

#include <QByteArrayList>
#include <QObject>

#include <deque>
#include <functional>

namespace gatehouse::storage {
class CaptureStore;
} // namespace gatehouse::storage

namespace gatehouse::admin {

// The requests that stay, with their heads and bodies, beyond what the settings keep: until the bookmark is
// removed, or a person forgets the bodies. Lives in the main thread.
class BookmarkService : public QObject
{
    Q_OBJECT

public:
    BookmarkService(const Foundation &foundation,
                    storage::CaptureStore &captures,
                    QObject *parent = nullptr);

    // Lets the captures know of all bookmarks, since a restored database may have others. To be called by
    // whoever lives long.
    void start();

    // Each gives those of the requests that were changed by it. Requests that are being served still
    // cannot be marked.
    Answer<QByteArrayList> add(const QByteArrayList &requestIds);
    Answer<QByteArrayList> remove(const QByteArrayList &requestIds);

signals:
    void changed(const QByteArrayList &requestIds, bool bookmarked);

private:
    template<typename T>
    Answer<T> inTurn(std::function<Answer<T>()> job);
    void next();
    Answer<QByteArrayList> mark(const QByteArrayList &requestIds);
    Answer<QByteArrayList> unmark(const QByteArrayList &requestIds);

    const Foundation m_base;
    storage::CaptureStore &m_captures;
    std::deque<std::function<void()>> m_waiting{};
    bool m_isBusy = false; // with one of them
};

} // namespace gatehouse::admin
