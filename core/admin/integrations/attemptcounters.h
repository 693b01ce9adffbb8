#pragma once

#include "domain/trafficsums.h"
#include "storage/ledger/ledgerbatch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <span>
#include <tuple>
#include <vector>

namespace gatehouse::admin {

// How long something took, in seconds, in buckets of the given bounds. What took longer than the last one
// counts behind it.
template<const auto &Bounds>
struct TimeCounts
{
    std::array<quint64, std::tuple_size_v<std::decay_t<decltype(Bounds)>> + 1> counts{};
    double seconds = 0; // of all

    void add(double time)
    {
        const auto bound = std::lower_bound(Bounds.begin(), Bounds.end(), time);
        ++counts[static_cast<size_t>(bound - Bounds.begin())];
        seconds += time;
    }
};

inline constexpr std::array answerBounds{
    0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0};
inline constexpr std::array tokenTimeBounds{
    0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0};
inline constexpr std::array overheadBounds{
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05};

// How requests were answered to their clients.
struct AnswerTotal
{
    QByteArray protocol{}; // "openai", "anthropic", "gemini"
    QByteArray route{};    // the name of the operation
    std::map<int, quint64> codes{};
    TimeCounts<answerBounds> elapsed{}; // of all, whatever they were answered
};

// What providers of one channel said to attempts for one model.
struct AttemptTotal
{
    domain::ChannelId channel{}; // null: of all that have no place of their own
    QByteArray model{};
    std::map<QByteArray, quint64> codes{};  // statuses, or stable codes where none came
    TimeCounts<answerBounds> elapsed{};     // of those that served
    TimeCounts<tokenTimeBounds> perToken{}; // of streams that succeeded, after their first token
};

struct RetryTotal
{
    domain::ChannelId channel{}; // that was left
    QByteArray reason{};
    quint64 count = 0;
};

struct AttemptTotals
{
    std::vector<AnswerTotal> answers{};
    std::vector<AttemptTotal> attempts{};
    std::vector<RetryTotal> retries{};
    std::map<QByteArray, quint64> rejected{};    // by stable code, of what no provider was asked
    std::map<QByteArray, quint64> rateLimited{}; // by whose limit it was
    std::array<quint64, 3> affinity{};           // misses, hits, spills
    TimeCounts<overheadBounds> overhead{};       // from a request's beginning to its first attempt
};

// Counts what the attempts of requests tell, which costs more than their sums: only while someone is to
// read it. The figures only grow. count() is called in the writing thread, once for a batch; the rest
// from any thread. One mutex, held for the additions or for a copy.
class AttemptCounters
{
public:
    // Beyond them what is counted is counted together, so that memory is bounded whatever is asked for.
    static constexpr size_t mostPlaces = 1'000;
    static constexpr size_t mostReasons = 200;

    // What ends while it is off is not counted.
    void setOn(bool isOn) { m_isOn = isOn; }
    void count(std::span<const storage::LedgerEntry> stored);
    AttemptTotals totals() const;

private:
    using Place = std::pair<qint64, QByteArray>;

    void countAnswer(const domain::UsageRecord &record);
    void countAttempts(const domain::UsageRecord &record);
    AttemptTotal &placeOf(domain::ChannelId channel, const QByteArray &model);

    std::atomic<bool> m_isOn = false;
    mutable std::mutex m_mutex;
    std::map<QByteArray, AnswerTotal> m_answers{}; // by route
    std::map<Place, AttemptTotal> m_attempts{};
    std::map<Place, quint64> m_retries{};
    AttemptTotals m_rest{}; // without those above
};

} // namespace gatehouse::admin
