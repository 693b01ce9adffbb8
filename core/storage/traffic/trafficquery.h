#pragma once

#include "domain/trafficsums.h"
#include "storage/database.h"

#include <functional>
#include <optional>
#include <vector>

namespace gatehouse::storage {

// Which requests of the ledger are meant; what is absent restricts nothing.
struct TrafficFilter
{
    qint64 since = 0; // milliseconds since 1970, UTC
    qint64 until = 0;
    std::optional<domain::ChannelId> channel{};
    std::optional<QByteArray> model{};
    std::optional<domain::TokenId> token{};
    std::optional<domain::UserId> user{};
};

// Failures of a channel that look alike.
struct FailureCount
{
    qint64 latest = 0; // milliseconds since 1970, UTC
    int httpStatus = 0;
    QByteArray errorCode{};
    qint64 key = 0;
    qint64 count = 0;
};

// Requests that a channel had an attempt of, and that ended at another one.
struct PassedOnCount
{
    qint64 latest = 0; // milliseconds since 1970, UTC; 0: there were none
    qint64 count = 0;
};

// Called for each request, with the figures that statistics need; in the storage thread.
using EachRequest = std::function<void(qint64 id, const domain::UsageRecord &)>;
// The same, by rising id. False: no further ones.
using NextRequest = std::function<base::Result<bool>(qint64 id, const domain::UsageRecord &)>;

// Reads requests (consumption and failures) for statistics. Only the members that these need are
// set in the records.
class TrafficQuery
{
public:
    explicit TrafficQuery(Database &database)
        : m_database(database)
    {}

    // By rising id, from the one after `after`. Gives the id of the last line of the ledger that was
    // looked at, of whatever kind; `after` if there was none. `next` may ask the same database.
    base::Result<qint64> forEachAfter(qint64 after, int lines, const NextRequest &next) const;
    // In no order.
    base::Result<> forEachWithin(const TrafficFilter &filter, const EachRequest &each) const;
    // The latest first.
    base::Result<std::vector<FailureCount>>
    failures(domain::ChannelId channel, qint64 since, int limit) const;
    // Of all channels within [since, until), by falling number; without keys.
    base::Result<std::vector<FailureCount>>
    failureCodes(qint64 since, qint64 until, int limit) const;
    base::Result<PassedOnCount> passedOn(domain::ChannelId channel, qint64 since) const;

private:
    base::Result<qint64>
    forEachAfterDirectly(qint64 after, int lines, const NextRequest &next) const;

    Database &m_database;
};

} // namespace gatehouse::storage
