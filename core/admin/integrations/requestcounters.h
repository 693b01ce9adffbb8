#pragma once

#include "domain/trafficsums.h"
#include "storage/ledger/ledgerbatch.h"

#include <array>
#include <map>
#include <mutex>
#include <span>
#include <vector>

namespace gatehouse::admin {

// How long something took, in buckets.
struct DurationCounts
{
    // In seconds; what took longer than the last counts behind it.
    static constexpr std::array<double, 12> bounds{
        0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320};

    std::array<quint64, bounds.size() + 1> counts{}; // of each bucket alone
    quint64 milliseconds = 0;                        // of all

    // A negative time is none.
    void add(qint64 milliseconds);
};

// What the requests for one model through one channel have come to.
struct RequestTotal
{
    static constexpr size_t outcomes = 4; // domain::Outcome
    // Each token counts as one kind: plain input, read from a cache, written to one, output, reasoning.
    static constexpr size_t tokenKinds = 5;

    domain::ChannelId channel{}; // null: of all that have no place of their own
    QByteArray model{};
    std::array<quint64, outcomes> requests{};
    std::array<quint64, tokenKinds> tokens{};
    quint64 costNanoDollars = 0;
    DurationCounts elapsed{};   // until the end, of successes
    DurationCounts firstByte{}; // until the first token, of successes
};

// How often attempts through a channel failed for one reason, also where another one served in the end.
struct FailedAttempts
{
    domain::ChannelId channel{};
    QByteArray reason{}; // the provider's status, or a stable code where it did not answer
    quint64 count = 0;
};

struct RequestTotals
{
    std::vector<RequestTotal> requests{};
    std::vector<FailedAttempts> failures{};
};

// Counts what the ledger stores since the start of the program, for programs that watch this one. The
// figures only grow. count() is called in the writing thread, once for a batch; the rest from any thread.
// One mutex, held for the additions or for a copy.
class RequestCounters
{
public:
    // Beyond them models are counted together, so that memory is bounded whatever is asked for.
    static constexpr size_t mostPlaces = 1'000;
    // Among these places, those of requests that no channel was found for. Their models are whatever
    // clients make up, and must not take the places of what is served.
    static constexpr size_t mostUnserved = 100;
    static constexpr size_t mostReasons = 500;

    void count(std::span<const storage::LedgerEntry> stored);
    // By channel and model.
    RequestTotals totals() const;

private:
    using Place = std::pair<qint64, QByteArray>;

    RequestTotal &totalOf(const domain::UsageRecord &record);
    void countFailures(const domain::UsageRecord &record);

    mutable std::mutex m_mutex;
    std::map<Place, RequestTotal> m_requests{};
    std::map<Place, quint64> m_failures{};
};

} // namespace gatehouse::admin
