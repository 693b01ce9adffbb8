#pragma once

#include "domain/attemptnote.h"
#include "domain/trafficgroup.h"
#include "domain/trafficsums.h"
#include "domain/usagerecord.h"

#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace gatehouse::admin {

// What is known of a request that is being served.
struct RunningState
{
    enum class Phase { Waiting, Streaming };

    Phase phase = Phase::Waiting;
    qint64 bytes = 0;               // of the answer so far
    bool tokensAreEstimated = true; // the output tokens: the provider tells them at the end
    // Its cancelling was asked for, and it has not ended yet.
    bool cancelling = false;

    bool operator==(const RunningState &) const = default;
};

// One request as the Traffic page shows it: a line of the ledger, or one that is being served.
struct TrafficLine
{
    qint64 id = 0; // of the ledger, the newest has the largest; 0: it is being served
    // Of one that is being served: as far as it is known, `elapsedMilliseconds` until now.
    domain::UsageRecord record{};
    QString channelName{};   // empty: no channel, or one that is no more
    QString keyEnding{};     // of the key that was used; empty: none, or it is no more
    bool hasCapture = false; // its heads and bodies are kept
    bool bookmarked = false; // it stays when the ledger is cleared
    std::optional<RunningState> running{};

    qint64 startedAt() const { return record.createdAt - record.elapsedMilliseconds; }
    domain::Outcome outcome() const { return domain::outcomeOf(record.httpStatus, record.end); }
    bool isRetried() const { return record.attempts > 1; }
    std::vector<domain::AttemptNote> attempts() const
    {
        return domain::attemptsFrom(record.attemptLog);
    }
    // "POST"; the path is the usual one of the operation, as the dialect's libraries write it.
    QString method() const;
    QString path() const;
    // Output tokens a second after the first one; absent where that says nothing.
    std::optional<double> tokensPerSecond() const;
};

// From where a list goes on: older lines than the last that was looked at.
struct TrafficCursor
{
    qint64 before = 0; // 0: from the newest
    qint64 floor = -1; // no line of this id or below is meant; -1: not known yet
};

// A part of a list, the newest first. A search that takes long answers with what it has found by
// then, which may be nothing: `next` tells where to go on, and is absent at the end of the ledger.
struct TrafficPage
{
    std::vector<TrafficLine> lines{};
    std::optional<TrafficCursor> next{};
};

// What is newer than a line, the newest first.
struct TrafficNews
{
    std::vector<TrafficLine> lines{};
    qint64 newest = 0;    // up to which line was looked: what to ask with next time
    bool hasMore = false; // there are more than were asked for; the list has a gap
};

// What a part of the ledger has of each group, that of the newest line first. The parts of one group
// are to be put together, until `next` is absent.
struct TrafficGroups
{
    std::vector<domain::TrafficGroup> groups{};
    std::optional<TrafficCursor> next{};
};

struct TrafficCount
{
    qint64 requests = 0;
    bool isWhole = true; // false: there are at least so many
};

// What requests come to.
struct TrafficTotals
{
    qint64 requests = 0;
    qint64 errors = 0;
    qint64 inputTokens = 0; // all, cached ones included
    qint64 cachedTokens = 0;
    qint64 outputTokens = 0;
    domain::Cost cost{};
    bool isWhole = true; // false: of the newest part of the ledger only

    void add(const domain::UsageRecord &record);
    void add(const TrafficTotals &part);
    bool operator==(const TrafficTotals &) const = default;
};

TrafficTotals totalsOf(const std::vector<TrafficLine> &lines);

} // namespace gatehouse::admin
