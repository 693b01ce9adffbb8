#include "gateway/turnclock.h"

#include "base/timingwheel.h"
#include "support/manualclock.h"

#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse::gateway {

class TurnClockTest : public QObject
{
    Q_OBJECT

private slots:
    void standsStillWithinATurn();
    void noticesAPause();
    void runningOnIsNoPause();
    void alwaysLateIsNoPause_data();
    void alwaysLateIsNoPause();
    void deadlinesRestInAPause();
    void deadlinesOfASlowThreadComeDue();
};

void TurnClockTest::standsStillWithinATurn()
{
    support::ManualClock clock;
    TurnClock turnClock(clock);
    const base::SteadyTime before = turnClock.steadyNow();

    clock.advance(3s);
    QCOMPARE((turnClock.steadyNow() - before).count(), 0);
    QVERIFY(turnClock.exactSteadyNow() - before == 3s);
    QVERIFY(!turnClock.hasPaused());
    turnClock.turn();

    QVERIFY(turnClock.steadyNow() - before == 3s);
}

void TurnClockTest::noticesAPause()
{
    support::ManualClock clock;
    TurnClock turnClock(clock);
    turnClock.turn();

    clock.advance(TurnClock::longestTurn + 1ms);
    QVERIFY(turnClock.hasPaused());
    // It counts until it is said to be over, however many turns that takes.
    turnClock.turn();
    clock.advance(100ms);
    QVERIFY(turnClock.hasPaused());
    turnClock.caughtUp();
    QVERIFY(!turnClock.hasPaused());
    turnClock.turn();
    clock.advance(100ms);

    QVERIFY(!turnClock.hasPaused());
    for (int turn = 0; turn < 10; ++turn) {
        turnClock.turn();
        clock.advance(100ms);
        QVERIFY(!turnClock.hasPaused());
    }
    turnClock.turn();
    clock.advance(1h);
    QVERIFY(turnClock.hasPaused());
}

void TurnClockTest::runningOnIsNoPause()
{
    support::ManualClock clock;
    TurnClock turnClock(clock);

    for (int turn = 0; turn < 100; ++turn) {
        turnClock.turn();
        clock.advance(100ms);
        QVERIFY(!turnClock.hasPaused());
    }
}

void TurnClockTest::alwaysLateIsNoPause_data()
{
    QTest::addColumn<std::chrono::milliseconds>("between"); // a turn that is short enough

    QTest::newRow("each turn") << 0ms;
    QTest::newRow("each turn with much to do") << 20ms;
}

void TurnClockTest::alwaysLateIsNoPause()
{
    QFETCH(std::chrono::milliseconds, between);
    support::ManualClock clock;
    TurnClock turnClock(clock);
    clock.advance(2s);
    QVERIFY(turnClock.hasPaused());
    turnClock.caughtUp();

    for (int turn = 0; turn < 20; ++turn) {
        turnClock.turn();
        clock.advance(between);
        QVERIFY(!turnClock.hasPaused());
        turnClock.turn();
        clock.advance(1200ms);
        QVERIFY(!turnClock.hasPaused());
    }
}

void TurnClockTest::deadlinesRestInAPause()
{
    support::ManualClock clock;
    TurnClock turnClock(clock);
    base::TimingWheel wheel(turnClock.running());
    int expired = 0;
    base::Deadline before(wheel, [&expired] { ++expired; });
    base::Deadline behind(wheel, [&expired] { expired += 10; });
    const auto run = [&](int ticks) {
        for (int tick = 0; tick < ticks; ++tick) {
            turnClock.turn();
            clock.advance(base::TimingWheel::tick);
            wheel.advance();
        }
    };
    before.start(5s);
    run(20);

    turnClock.turn();
    clock.advance(3h);
    // Started before the thread has looked at its deadlines.
    behind.start(4s);
    wheel.advance();
    run(29);
    QCOMPARE(expired, 0);
    run(1);

    QCOMPARE(expired, 1);
    run(9);
    QCOMPARE(expired, 1);
    run(1);
    QCOMPARE(expired, 11);
    QCOMPARE(turnClock.steadyNow() - wheel.now(), base::SteadyTime::duration(3h));
}

void TurnClockTest::deadlinesOfASlowThreadComeDue()
{
    support::ManualClock clock;
    TurnClock turnClock(clock);
    base::TimingWheel wheel(turnClock.running());
    int expired = 0;
    base::Deadline deadline(wheel, [&expired] { ++expired; });
    deadline.start(5s);

    // Of which the first may have been a pause.
    for (int turn = 0; turn < 4; ++turn) {
        turnClock.turn();
        clock.advance(2s);
        wheel.advance();
    }

    QCOMPARE(expired, 1);
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::TurnClockTest)
#include "tst_turnclock.moc"
