#pragma once

#include "storage/database.h"

#include <QByteArrayList>

namespace gatehouse::storage {

// The requests that stay in the ledger for as long as a person wants, by their ids.
class BookmarkRepository
{
public:
    explicit BookmarkRepository(Database &database)
        : m_database(database)
    {}

    base::Result<QByteArrayList> all() const;
    // Those of the requests that have none.
    base::Result<QByteArrayList> unmarked(const QByteArrayList &requestIds) const;
    // Each gives those of the requests that it changed. Only what the ledger holds can be marked. `now` is
    // in milliseconds since 1970, UTC.
    base::Result<QByteArrayList> add(const QByteArrayList &requestIds, qint64 now);
    base::Result<QByteArrayList> remove(const QByteArrayList &requestIds);

private:
    template<typename Change>
    base::Result<QByteArrayList> forEach(const QByteArrayList &requestIds, Change change);

    Database &m_database;
};

} // namespace gatehouse::storage
