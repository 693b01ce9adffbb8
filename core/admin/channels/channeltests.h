#pragma once

#include "admin/channels/testplan.h"
#include "domain/accountbalance.h"

#include <chrono>
#include <optional>
#include <vector>

namespace gatehouse::admin {

// A run over many channels, as it stands.
struct ChannelTestRun
{
    qint64 id = 0;
    TestScope scope = TestScope::All;
    TestSubject subject = TestSubject::OneModel;
    qint64 startedAt = 0;  // seconds since 1970, UTC
    qint64 finishedAt = 0; // 0: it still runs
    int total = 0;
    bool cancelled = false;
    std::vector<ChannelTestOutcome> outcomes{}; // in the order in which they came
    std::vector<TestStep> steps{};              // all tests, in their order

    bool isRunning() const { return finishedAt == 0; }
    int done() const { return static_cast<int>(outcomes.size()); }
};

// The answer to the wish for a run: there is one at a time.
struct ChannelTestStart
{
    bool started = false; // false: `run` is one that was under way already
    ChannelTestRun run{};
};

// What one channel can be asked on its own: by ChannelTester::test(), queryModels() and queryBalance().
enum class ChannelQuestion { Test, Models, Balance };

// Tests channels without touching any quota. It lives in the main thread and is called there.
class ChannelTests
{
public:
    ChannelTests() = default;
    ChannelTests(const ChannelTests &) = delete;
    ChannelTests &operator=(const ChannelTests &) = delete;
    virtual ~ChannelTests() = default;

    // Tests one channel with `model`; empty: the channel's own choice. An Error means that no test
    // took place (NotFound: no such channel); whatever the provider did is a value.
    virtual Answer<ChannelTestOutcome> test(domain::ChannelId channel, const QString &model) = 0;
    // What the provider says is left on the channel's account; it is also stored.
    virtual Answer<domain::AccountBalance> queryBalance(domain::ChannelId channel) = 0;
    virtual Answer<ChannelTestStart> startRun(TestScope scope) = 0;
    // The run that is under way, else the last one; nothing: there was none since the start.
    virtual std::optional<ChannelTestRun> latestRun() const = 0;
    // False: no such run is under way.
    virtual bool cancelRun(qint64 id) = 0;
};

} // namespace gatehouse::admin
