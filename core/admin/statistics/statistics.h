#pragma once

#include "domain/channel.h"
#include "domain/channelfindings.h"
#include "domain/health.h"
#include "domain/token.h"
#include "domain/trafficsums.h"

#include <chrono>

// The values that admin::StatisticsService answers with.
namespace gatehouse::admin {

// Moments are milliseconds since 1970, UTC. Beginnings that are more than two days ago are taken
// back to a whole hour, since minutes are kept for so long only.
struct TimeRange
{
    qint64 since = 0; // inclusive
    qint64 until = 0; // exclusive

    qint64 length() const { return until - since; }
    // The equal period just before.
    TimeRange before() const { return {since - length(), since}; }
    bool operator==(const TimeRange &) const = default;
};

// Which requests are meant; what is absent restricts nothing. With one member or none, answers come
// from the roll-ups; with more, from the ledger itself, which takes longer and reaches back only as
// far as the ledger does.
struct StatisticsFilter
{
    std::optional<domain::ChannelId> channel{};
    QString model{}; // as requested; empty: all
    std::optional<domain::TokenId> token{};
    std::optional<domain::UserId> user{};

    bool operator==(const StatisticsFilter &) const = default;
};

// Milliseconds; absent where nothing was measured.
struct Percentiles
{
    std::optional<qint64> p50{};
    std::optional<qint64> p95{};
    std::optional<qint64> p99{};

    static Percentiles of(const domain::LatencyHistogram &histogram);
    bool operator==(const Percentiles &) const = default;
};

// A part of a time series.
struct SeriesBucket
{
    qint64 start = 0;
    bool running = true; // false: the gateway did not run in any of it, which is not "no requests"
    domain::TrafficSums sums{};
    Percentiles elapsed{};
    Percentiles firstByte{};
    std::optional<double> tokensPerSecond{}; // the median over requests, of output
};

// What one model came to in the buckets of a series.
struct ModelSeries
{
    struct Bucket
    {
        qint64 tokens = 0;
        std::optional<double> tokensPerSecond{}; // as in SeriesBucket
    };

    QString model{};               // as requested; empty: all the others together
    std::vector<Bucket> buckets{}; // as many as the series has
};

struct Series
{
    TimeRange range{}; // of the buckets as a whole
    std::chrono::milliseconds bucket{0};
    std::vector<SeriesBucket> buckets{}; // without gaps, by rising start
    // False: the ledger is longer than what was summed up so far, as after an update.
    bool complete = true;
    // Where they were asked for: the models with the most output, that with the most first, and the others.
    std::vector<ModelSeries> models{};
};

// Figures of one period.
struct PeriodFigures
{
    domain::TrafficSums sums{};
    Percentiles elapsed{};
    Percentiles firstByte{};
};

// What the tiles of the dashboard show.
struct Figures
{
    TimeRange range{};
    PeriodFigures now{};
    PeriodFigures before{}; // of range.before()
    Series sparkline{};     // of the range, at most 60 buckets
    bool complete = true;   // as in Series
};

enum class RankingKind { Model, Channel, User, Token };

// One bar. `filter` is what leads to its requests.
struct RankingEntry
{
    StatisticsFilter filter{};
    // Of the model, the channel, the user or the token as it is called now; empty: it is gone for
    // good and has but its number.
    QString name{};
    domain::TrafficSums sums{};
};

struct Ranking
{
    RankingKind kind = RankingKind::Model;
    std::vector<RankingEntry> entries{}; // by falling cost, then by falling requests
    domain::TrafficSums other{};         // of all the others
    int others = 0;                      // their number
    domain::TrafficSums total{};
};

// A stretch of time of a channel.
struct HeatCell
{
    qint64 start = 0;
    qint64 length = 60'000; // milliseconds
    int attempts = 0;       // without those that were cancelled
    int ok = 0; // in which the channel did its part, also by refusing a client's mistake
    bool breakerOpen = false; // for half of it or longer; of a minute, at some time in it
    bool running = true;      // as in SeriesBucket

    qint64 end() const { return start + length; }
};

// Why a channel is in its state; what is said of it in words is for the window.
struct HealthReason
{
    enum class Kind {
        None,
        FailureShare,   // `failed` of `requests` attempts within the last ten minutes
        FailuresInARow, // `failed` attempts in a row, the breaker is closed still
        RateLimited,    // the provider asked for a rest
        Breaker,        // `failed` attempts in a row have opened it
        Probe,          // the rest is over, one attempt is let through
        TestRunning,
        KeysRefused, // `failed` of `requests` keys
        OutOfCredit, // `failed` of `requests` keys
        NoUsableKey, // a person disabled them all
        DisabledByHand,
        DisabledByMachine, // `text` says why
    };

    Kind kind = Kind::None;
    int failed = 0;
    int requests = 0;
    QString text{}; // as it is stored, see shownReason(); never a secret

    bool operator==(const HealthReason &) const = default;
};

// How a channel is and was.
struct ChannelOverview
{
    domain::ChannelId channel{};
    domain::Health health = domain::Health::Healthy;
    HealthReason reason{};
    qint64 until = 0; // when it is tried again by itself; 0: unknown or not waiting
    qint64 since = 0; // when it came into this state, as far as was seen; 0: since before the start
    int keys = 0;
    int usableKeys = 0; // enabled, neither resting nor refused
    // Requests that run through it now; counted only where it has limits or routing goes by it.
    int running = 0;
    std::vector<HeatCell> strip{};           // of the time that was asked for, the latest last
    domain::TrafficSums day{};               // of the last 24 hours
    std::optional<qint64> firstByteMedian{}; // milliseconds, last 24 hours
    domain::Cost monthCost{};                // of the last 30 days
    // Younger than those of the catalog, which tests, balances and traffic do not change. Absent: the
    // channel is new or deleted.
    std::optional<domain::ChannelFindings> findings{};

    // Also those whose requests went on to another channel.
    qint64 attempts() const { return day.tries(); }
    std::optional<double> successShare() const { return day.channelShare(); }
};

// Nothing is wrong with the channel, and yet it is chosen for no request: it is not to be called healthy.
inline bool lacksModels(domain::Health health, bool hasModels)
{
    return health == domain::Health::Healthy && !hasModels;
}

// Failures of one kind.
struct FailureGroup
{
    qint64 latest = 0;
    int httpStatus = 0;
    QByteArray errorCode{};
    qint64 key = 0;
    QString keySuffix{}; // the last four characters; empty: unknown, or the key is too short
    int count = 0;
};

// How a single key of a channel is.
struct KeyOverview
{
    enum class State {
        Usable,
        Resting,  // until `until`
        Refused,  // the provider does not accept it
        NoCredit, // its account is empty
        Disabled, // by a person
    };

    qint64 key = 0;
    QString suffix{}; // as in FailureGroup
    State state = State::Usable;
    qint64 until = 0;
};

// What the detail pane of a channel shows beside its overview.
struct ChannelDetail
{
    std::vector<FailureGroup> failures{}; // of the last 24 hours, the latest first
    // Requests of the last 24 hours that it had an attempt of, and that ended at another channel.
    qint64 passedOn = 0;
    qint64 latestPassedOn = 0;       // 0: there were none
    std::vector<KeyOverview> keys{}; // in their order
};

// For the header of the window.
struct LiveFigures
{
    int requestsInLastMinute = 0;
    std::vector<int>
        sparkline{}; // 44 values, each the requests of 15 seconds; the present one last
    int inFlight = 0;
    domain::Cost costToday{};
    qint64 failuresInLastMinute = 0; // answered with 5xx
};

// Something that a person should look at.
struct AttentionItem
{
    enum class Kind {
        KeysRefused,   // of `channel`; `count` of `total` keys
        OutOfCredit,   // likewise
        BreakerOpen,   // of `channel`, until `time`
        BudgetLow,     // of `token`, or of `user` where that is null; `share` of it is used
        TokenExpires,  // `token`, at `time`
        UnpricedModel, // `name` was used `count` times within 24 hours without a price
        BackupFailed,  // one that was due, at `time`, for `reason`
        KeysLost,      // `count` channels have none since a restore without secrets
        SecretLost,    // likewise, of the setting `name`
        ExportFails,   // of the setting `name`, since `time`, for `reason`
    };

    Kind kind = Kind::BreakerOpen;
    domain::ChannelId channel{};
    domain::TokenId token{};
    domain::UserId user{};
    QString name{}; // of the channel, the token, the model or the setting
    base::Message reason{};
    qint64 time = 0;
    int count = 0;
    int total = 0;
    double share = 0;

    bool operator==(const AttentionItem &) const = default;
};

// How far the ledger is summed up; at the first start after an update this takes a while.
struct RollUpProgress
{
    qint64 done = 0; // lines
    qint64 total = 0;

    bool isComplete() const { return done >= total; }
};

} // namespace gatehouse::admin
