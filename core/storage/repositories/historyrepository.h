#pragma once

#include "domain/filterquery.h"
#include "domain/history.h"
#include "storage/database.h"

#include <QTimeZone>

#include <optional>
#include <vector>

namespace gatehouse::storage {

// Which entries of the history are wanted, and which part of them.
struct HistoryFilter
{
    std::optional<domain::HistoryObject> object{};
    qint64 objectId = 0;                          // of `object`; 0: of any
    std::vector<domain::HistoryObject> without{}; // nothing of these is told
    // See historyKeys(); free text may occur in any name and value.
    domain::FilterQuery query{};
    qint64 before = 0; // only those of a lower id; 0: from the newest
    qint64 limit = 0;  // 0: all
};

// "object", "action", "by", "name", "since" and "until".
QStringList historyKeys();

// The history of changes.
class HistoryRepository
{
public:
    explicit HistoryRepository(Database &database)
        : m_database(database)
    {}

    // All but the id, which the database gives out.
    base::Result<> insert(const domain::HistoryEntry &entry);
    // The newest first. `now` is in milliseconds since 1970, UTC; days are those of `zone`. Fails with
    // InvalidInput on what `filter.query` cannot mean. Of a later version's kinds nothing is told.
    base::Result<std::vector<domain::HistoryEntry>>
    list(const HistoryFilter &filter, qint64 now, const QTimeZone &zone) const;
    // Removes at most `most` of those before that moment. Gives their number.
    base::Result<qint64> removeOlder(qint64 before, qint64 most);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
