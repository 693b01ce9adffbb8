#pragma once

#include "domain/trafficsums.h"

#include <QString>

namespace gatehouse::domain {

// By what requests are put together in a list.
enum class TrafficGrouping { Session, Token, Model, Channel };

// One group of requests, or a part of one, and what its requests come to.
struct TrafficGroup
{
    QString key{};  // the session or the model as it stands; the number of the token or channel
    QString name{}; // of the token or channel, else the key; empty: it has none
    // Of a session: of whoever has it. Should it be several, one of them.
    QString client{};
    QString tokenName{};
    qint64 newest = 0; // of the ledger
    qint64 oldest = 0;
    qint64 begunAt = 0; // milliseconds since 1970, UTC: of the first request
    qint64 endedAt = 0; // of the last one
    qint64 requests = 0;
    qint64 errors = 0;
    qint64 input = 0; // tokens, cached ones included
    qint64 cached = 0;
    qint64 output = 0;
    Cost cost{};

    // Counts one request of the group.
    void add(qint64 id, const UsageRecord &record);
    // Takes in another part of the same group.
    void merge(const TrafficGroup &other);
    bool operator==(const TrafficGroup &) const = default;
};

// The key of the group to which a request belongs.
QString trafficGroupKey(TrafficGrouping grouping, const UsageRecord &record);

} // namespace gatehouse::domain
