#include "relay/routing/channelload.h"

#include "support/manualclock.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::Channel;
using Kind = LimitReached::Kind;

class ChannelLoadTest : public QObject
{
    Q_OBJECT

private slots:
    void withoutLimitsNothingIsCounted();
    void requestsAtATime();
    void requestsAMinute();
    void whatIsTakenBackWasNotSent();
    void tokensAMinute();
    void channelsAreCountedApart();
    void aLimitThatIsSetLater();
    void threadsNeverExceedIt();

private:
    static Channel limited(const domain::ChannelLimits &limits, qint64 id = 1)
    {
        return {.id = {id}, .limits = limits};
    }

    support::ManualClock m_clock;
};

void ChannelLoadTest::withoutLimitsNothingIsCounted()
{
    ChannelLoad load(m_clock);

    for (int i = 0; i < 1'000; ++i) {
        const LoadPermit permit = load.tryBegin(limited({}));
        QVERIFY(permit.granted);
        QVERIFY(!permit.isCounted);
    }

    QVERIFY(load.limitReached(limited({})).kind == Kind::None);
}

void ChannelLoadTest::requestsAtATime()
{
    ChannelLoad load(m_clock);
    const Channel channel = limited({.concurrentRequests = 2});
    QVERIFY(load.tryBegin(channel).isCounted);
    QVERIFY(load.limitReached(channel).kind == Kind::None);
    QVERIFY(load.tryBegin(channel));

    QVERIFY(!load.tryBegin(channel));
    QVERIFY(load.limitReached(channel).kind == Kind::ConcurrentRequests);
    QCOMPARE(load.limitReached(channel).wait, 1s);

    load.end({1}, 0);
    QVERIFY(load.limitReached(channel).kind == Kind::None);
    QVERIFY(load.tryBegin(channel));
}

void ChannelLoadTest::requestsAMinute()
{
    ChannelLoad load(m_clock);
    const Channel channel = limited({.requestsPerMinute = 2});
    QVERIFY(load.tryBegin(channel));
    load.end({1}, 0);
    m_clock.advance(20s);
    QVERIFY(load.tryBegin(channel));
    load.end({1}, 0);

    QVERIFY(!load.tryBegin(channel));
    QVERIFY(load.limitReached(channel).kind == Kind::RequestsPerMinute);
    const std::chrono::seconds wait = load.limitReached(channel).wait;
    QVERIFY(wait > 35s && wait <= 41s);

    m_clock.advance(wait);
    QVERIFY(load.tryBegin(channel));
}

void ChannelLoadTest::whatIsTakenBackWasNotSent()
{
    ChannelLoad load(m_clock);
    const Channel channel = limited({.concurrentRequests = 1, .requestsPerMinute = 1});
    for (int i = 0; i < 10; ++i) {
        QVERIFY(load.tryBegin(channel));
        load.takeBack({1});
    }

    QVERIFY(load.limitReached(channel).kind == Kind::None);
    QVERIFY(load.tryBegin(channel));
    QVERIFY(!load.tryBegin(channel));
}

void ChannelLoadTest::tokensAMinute()
{
    ChannelLoad load(m_clock);
    const Channel channel = limited({.tokensPerMinute = 1'000});
    QVERIFY(load.tryBegin(channel));
    load.end({1}, 999);
    QVERIFY(load.tryBegin(channel));
    load.end({1}, 1);

    QVERIFY(!load.tryBegin(channel));
    QVERIFY(load.limitReached(channel).kind == Kind::TokensPerMinute);
    m_clock.advance(load.limitReached(channel).wait);
    QVERIFY(load.tryBegin(channel));
}

void ChannelLoadTest::channelsAreCountedApart()
{
    ChannelLoad load(m_clock);
    const Channel one = limited({.concurrentRequests = 1});
    const Channel other = limited({.concurrentRequests = 1}, 2);

    QVERIFY(load.tryBegin(one));

    QVERIFY(!load.tryBegin(one));
    QVERIFY(load.tryBegin(other));
}

void ChannelLoadTest::aLimitThatIsSetLater()
{
    ChannelLoad load(m_clock);
    QVERIFY(!load.tryBegin(limited({})).isCounted);
    const Channel channel = limited({.concurrentRequests = 1});

    QVERIFY(load.limitReached(channel).kind == Kind::None);
    QVERIFY(load.tryBegin(channel));
    QVERIFY(!load.tryBegin(channel));
    // And one that is raised counts for what runs.
    QVERIFY(load.tryBegin(limited({.concurrentRequests = 2})));
}

void ChannelLoadTest::threadsNeverExceedIt()
{
    ChannelLoad load(m_clock);
    const Channel channel = limited({.concurrentRequests = 3});
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    const auto work = [&] {
        for (int i = 0; i < 5'000; ++i) {
            if (!load.tryBegin(channel))
                continue;
            const int now = ++running;
            int seen = most.load();
            while (now > seen && !most.compare_exchange_weak(seen, now)) {
            }
            --running;
            load.end({1}, 1);
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back(work);
    for (std::thread &thread : threads)
        thread.join();

    QVERIFY(most.load() >= 1);
    QVERIFY(most.load() <= 3);
    QVERIFY(load.limitReached(channel).kind == Kind::None);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ChannelLoadTest)
#include "tst_channelload.moc"
