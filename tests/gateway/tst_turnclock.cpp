#include "gateway/turnclock.h"

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
};

void TurnClockTest::standsStillWithinATurn()
{
    support::ManualClock clock;
    TurnClock turnClock(clock);
    const base::SteadyTime before = turnClock.steadyNow();

    clock.advance(3s);
    QCOMPARE((turnClock.steadyNow() - before).count(), 0);
    QVERIFY(!turnClock.hasPaused());
    turnClock.turn();

    QVERIFY(turnClock.steadyNow() - before == 3s);
}

void TurnClockTest::noticesAPause()
{
    support::ManualClock clock;
    TurnClock turnClock(clock);
    turnClock.turn();

    clock.advance(TurnClock::longestPause + 1ms);
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

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::TurnClockTest)
#include "tst_turnclock.moc"
