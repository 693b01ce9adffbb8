#include "relay/routing/channelhealth.h"

#include "support/manualclock.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace std::chrono_literals;

namespace gatehouse::relay {

class ChannelHealthTest : public QObject
{
    Q_OBJECT

private slots:
    void opensAfterFailuresInARow();
    void aSuccessBeginsTheRowAnew();
    void afterItsRestOneRequestTriesIt();
    void aFailedTryOpensItAgain();
    void aTryThatIsNeverReportedEnds();
    void aTryThatIsGivenUp();
    void whyItRests();
    void retryAfterIsHeeded_data();
    void retryAfterIsHeeded();
    void refusalsWithoutATimeRestLongerEachTime();
    void aRefusedKeyRestsAtOnce();
    void aRefusalIsForgottenAlone();
    void keysAndChannelsHaveTheirOwn();
    void aChangeByAPersonEndsTheRest();
    void ofManyThreadsOneTries();
    void changesOfStateAreCounted();

private:
    void fail(int times, qint64 key = 1)
    {
        for (int i = 0; i < times; ++i)
            m_health.report({1}, key, HealthEvent::Failure, m_settings);
    }
    HealthState state() const
    {
        const auto all = m_health.snapshot();
        return all.empty() ? HealthState::Closed : all.front().state;
    }

    support::ManualClock m_clock;
    ChannelHealth m_health{m_clock};
    domain::Settings::Relay m_settings{};

private slots:
    void init() { m_health.forget({1}); }
};

void ChannelHealthTest::opensAfterFailuresInARow()
{
    fail(4);

    QCOMPARE(m_health.restOf({1}, 1).time, 0ms);
    QVERIFY(m_health.tryUse({1}, 1));
    QCOMPARE(state(), HealthState::Closed);
    fail(1);
    QCOMPARE(m_health.restOf({1}, 1).time, 30s);
    QVERIFY(!m_health.tryUse({1}, 1));
    QCOMPARE(state(), HealthState::Open);
    QCOMPARE(m_health.snapshot().front().failuresInARow, 5);
    QCOMPARE(m_health.snapshot().front().restsFor, 30s);
}

void ChannelHealthTest::aSuccessBeginsTheRowAnew()
{
    fail(4);
    m_health.report({1}, 1, HealthEvent::Success, m_settings);

    fail(4);

    QVERIFY(m_health.tryUse({1}, 1));
}

void ChannelHealthTest::afterItsRestOneRequestTriesIt()
{
    fail(5);

    m_clock.advance(29'999ms);
    QVERIFY(!m_health.tryUse({1}, 1));
    m_clock.advance(1ms);

    QCOMPARE(state(), HealthState::HalfOpen);
    QCOMPARE(m_health.restOf({1}, 1).time, 0ms);
    QVERIFY(m_health.tryUse({1}, 1));
    QVERIFY(!m_health.tryUse({1}, 1));
    QVERIFY(m_health.restOf({1}, 1).time > 0ms);
    m_health.report({1}, 1, HealthEvent::Success, m_settings);
    QVERIFY(m_health.tryUse({1}, 1));
    QVERIFY(m_health.tryUse({1}, 1));
    QVERIFY(m_health.snapshot().empty());
}

void ChannelHealthTest::aFailedTryOpensItAgain()
{
    fail(5);
    m_clock.advance(30s);
    QVERIFY(m_health.tryUse({1}, 1));

    fail(1);

    QCOMPARE(state(), HealthState::Open);
    QVERIFY(!m_health.tryUse({1}, 1));
    QCOMPARE(m_health.restOf({1}, 1).time, 30s);
}

void ChannelHealthTest::aTryThatIsNeverReportedEnds()
{
    fail(5);
    m_clock.advance(30s);
    QVERIFY(m_health.tryUse({1}, 1));

    m_clock.advance(60s);

    QVERIFY(m_health.tryUse({1}, 1));
    QVERIFY(!m_health.tryUse({1}, 1));
}

void ChannelHealthTest::aTryThatIsGivenUp()
{
    fail(5);
    m_clock.advance(30s);
    QVERIFY(m_health.tryUse({1}, 1).isTrial);
    QVERIFY(m_health.restOf({1}, 1).isBeingTried);

    m_health.giveUpTrial({1}, 1);

    QCOMPARE(state(), HealthState::HalfOpen);
    QCOMPARE(m_health.restOf({1}, 1).time, 0ms);
    QVERIFY(m_health.tryUse({1}, 1).isTrial);
    // The provider has not said a word in between: its next failure still opens it.
    fail(1);
    QCOMPARE(state(), HealthState::Open);
}

void ChannelHealthTest::whyItRests()
{
    QVERIFY(!m_health.tryUse({1}, 1).isTrial);
    m_health.report({1}, 1, HealthEvent::RateLimited, m_settings, 10s);
    QVERIFY(m_health.restOf({1}, 1).rateLimited);
    QVERIFY(!m_health.restOf({1}, 1).isBeingTried);

    m_clock.advance(10s);
    QVERIFY(m_health.tryUse({1}, 1).isTrial);
    QVERIFY(m_health.restOf({1}, 1).rateLimited);
    m_health.report({1}, 1, HealthEvent::Failure, m_settings);

    QCOMPARE(m_health.restOf({1}, 1).time, 30s);
    QVERIFY(!m_health.restOf({1}, 1).rateLimited);
}

void ChannelHealthTest::retryAfterIsHeeded_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<int>("rest");

    QTest::newRow("a second") << 1 << 1;
    QTest::newRow("as long as is allowed") << 60 << 60;
    QTest::newRow("an hour is too long") << 3600 << 60;
    QTest::newRow("at once: as without a time") << 0 << 1;
    QTest::newRow("in the past: as without a time") << -5 << 1;
}

void ChannelHealthTest::retryAfterIsHeeded()
{
    QFETCH(int, seconds);
    QFETCH(int, rest);

    m_health.report(
        {1}, 1, HealthEvent::RateLimited, m_settings, std::chrono::milliseconds(seconds * 1000));

    QCOMPARE(m_health.restOf({1}, 1).time, std::chrono::milliseconds(rest * 1000));
}

void ChannelHealthTest::refusalsWithoutATimeRestLongerEachTime()
{
    std::vector<qint64> rests;

    for (int i = 0; i < 9; ++i) {
        m_health.report({1}, 1, HealthEvent::RateLimited, m_settings);
        rests.push_back(m_health.restOf({1}, 1).time.count() / 1000);
    }

    QCOMPARE(rests, (std::vector<qint64>{1, 2, 4, 8, 16, 32, 60, 60, 60}));
}

void ChannelHealthTest::aRefusedKeyRestsAtOnce()
{
    m_health.report({1}, 1, HealthEvent::KeyRefused, m_settings);

    QCOMPARE(m_health.restOf({1}, 1).time, 30s);
}

void ChannelHealthTest::aRefusalIsForgottenAlone()
{
    m_health.report({1}, 1, HealthEvent::KeyRefused, {});
    m_health.report({1}, 2, HealthEvent::RateLimited, {}, 20s);

    m_health.forgetRefusal({1}, 1);
    m_health.forgetRefusal({1}, 2);
    m_health.forgetRefusal({1}, 3);

    QCOMPARE(m_health.restOf({1}, 1).time, 0ms);
    QCOMPARE(m_health.restOf({1}, 2).time, 20s);
    QCOMPARE(m_health.snapshot().size(), size_t(1));
}

void ChannelHealthTest::keysAndChannelsHaveTheirOwn()
{
    fail(5, 1);

    QVERIFY(!m_health.tryUse({1}, 1));
    QVERIFY(m_health.tryUse({1}, 2));
    QVERIFY(m_health.tryUse({2}, 1));
}

void ChannelHealthTest::aChangeByAPersonEndsTheRest()
{
    fail(5, 1);
    fail(5, 2);

    m_health.forget({1});

    QVERIFY(m_health.tryUse({1}, 1));
    QVERIFY(m_health.tryUse({1}, 2));
}

void ChannelHealthTest::ofManyThreadsOneTries()
{
    for (int round = 0; round < 50; ++round) {
        fail(5);
        m_clock.advance(30s);
        std::atomic<int> tries{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (qint64 key = 1; key < 4; ++key) {
                    if (m_health.tryUse({1}, key) && key == 1)
                        ++tries;
                    m_health.restOf({1}, key);
                    m_health.report({2}, key, HealthEvent::Failure, m_settings);
                    m_health.snapshot();
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(tries.load(), 1);
        m_health.forget({1});
    }
}

void ChannelHealthTest::changesOfStateAreCounted()
{
    ChannelHealth health(m_clock);
    const auto failInARow = [&](int times) {
        for (int i = 0; i < times; ++i)
            health.report({1}, 1, HealthEvent::Failure, m_settings);
    };
    QVERIFY(health.transitions().empty());
    health.report({1}, 1, HealthEvent::Success, m_settings);
    failInARow(4);
    QVERIFY(health.transitions().empty());

    failInARow(3); // of which the last two came late
    m_clock.advance(30s);
    QVERIFY(health.tryUse({1}, 1));
    QVERIFY(!health.tryUse({1}, 1));
    failInARow(1); // the trial
    m_clock.advance(30s);
    QVERIFY(health.tryUse({1}, 1));
    health.report({1}, 1, HealthEvent::Success, m_settings);
    health.report({2}, 7, HealthEvent::RateLimited, m_settings);
    health.forget({2}); // by a person

    const auto all = health.transitions();
    QCOMPARE(all.size(), size_t(2));
    QCOMPARE(all.front().channel.value, 1);
    QCOMPARE(all.front().opened, quint64(2));
    QCOMPARE(all.front().halfOpened, quint64(2));
    QCOMPARE(all.front().closed, quint64(1));
    QCOMPARE(all.back().channel.value, 2);
    QCOMPARE(all.back().opened, quint64(1));
    QCOMPARE(all.back().closed, quint64(0));
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ChannelHealthTest)
#include "tst_channelhealth.moc"
