#pragma once

#include "admin/flow.h"
#include "domain/catalog.h"

#include <QHash>
#include <QSet>

#include <chrono>
#include <optional>
#include <vector>

namespace gatehouse::admin {

enum class TestScope { All, Enabled, Disabled };

// What a test tries.
enum class TestSubject {
    Listing,   // that the provider lists its models to the key, which costs nothing
    OneModel,  // that one model answers
    AllModels, // that each model of the channel does
};

// What a run is to try.
struct TestPlan
{
    TestScope scope = TestScope::All;
    TestSubject subject = TestSubject::OneModel;
    bool eachKey = false; // each enabled key of a channel, else the first of them alone
    std::vector<domain::ChannelId> channels{}; // empty: all of the scope; else these, on or off
};

// What the outcome of a test means, in one word.
enum class TestVerdict {
    Answered,
    Slow, // a sound answer, but later than the setting tests.slow_seconds
    KeyRefused,
    NoCredit,
    RateLimited,
    UnknownModel,
    Refused, // for another reason
    ProviderFault,
    TimedOut,
    NotReached,    // no connection came about, or it broke before the answer was whole
    NotUnderstood, // an answer that is none
    NotTested,
};

// How the test of one channel ended.
struct ChannelTestOutcome
{
    enum class State {
        Answered,  // the provider gave a sound answer
        Refused,   // the provider answered with an error of its own
        Failed,    // the call did not come about, or its answer was none
        NotTested, // there is nothing to test it with, or the run was cancelled before it
    };

    domain::ChannelId channel{};
    QString channelName{};
    QString model{};
    State state = State::NotTested;
    // What the provider answered, or a sentence that says why there is no answer. Never a key.
    base::Message text{};
    int httpStatus = 0;     // that the provider itself answered with; 0: it did not
    QByteArray errorType{}; // of State::Refused: the provider's words
    QByteArray errorCode{}; // of State::Refused
    QString stage{};        // of State::Failed: where, such as "connect"
    std::chrono::milliseconds elapsed{0};
    bool slow = false; // sound, but slower than the setting tests.slow_seconds
    TestVerdict verdict = TestVerdict::NotTested;

    bool succeeded() const { return state == State::Answered; }
    // Something is wrong with it. What was not tested has not failed.
    bool hasFailed() const { return state == State::Refused || state == State::Failed; }
};

// One test of a run: waiting, under way or done.
struct TestStep
{
    enum class State { Waiting, Running, Done };

    int number = 0; // in the run, from 0
    domain::ChannelId channel{};
    QString channelName{};
    int channelType = 0;
    qint64 key = 0;      // 0: the channel has none
    QString keyEnding{}; // empty: the channel has none, or it is short
    QString model{};     // empty with TestSubject::Listing
    State state = State::Waiting;
    qint64 beganAt = 0;           // milliseconds since 1970, UTC
    ChannelTestOutcome outcome{}; // of State::Done; else the former one, if it is being retried

    bool hasOutcome() const
    {
        return state == State::Done || outcome.state != ChannelTestOutcome::State::NotTested;
    }
};

// What a run would be like.
struct TestForecast
{
    int tests = 0;
    int channels = 0;
    int keys = 0;        // of them, that are tried
    domain::Cost cost{}; // at most, of those that have a price
    int unpriced = 0;    // tests of models without a price
};

// The tests of a run, in the order of the channels' priority, then of keys and models.
std::vector<TestStep> stepsOf(const domain::Catalog &catalog, const TestPlan &plan);
// `now`, in milliseconds since 1970, tells the prices.
TestForecast forecastOf(const domain::Catalog &catalog, const TestPlan &plan, qint64 now);

// The keys that are of no use by these tests, of each channel that has any; 0: the channel has none.
// They were refused themselves, or something failed and nothing succeeded: that one of several models
// failed is no fault of a key.
QHash<domain::ChannelId, QSet<qint64>> failedKeys(const std::vector<TestStep> &steps);

} // namespace gatehouse::admin
