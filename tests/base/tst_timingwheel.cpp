#include "base/timingwheel.h"

#include "support/manualclock.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace std::chrono_literals;

namespace gatehouse::base {

class TimingWheelTest : public QObject
{
    Q_OBJECT

private slots:
    void expiresOnceItsTimeHasCome_data();
    void expiresOnceItsTimeHasCome();
    void startingAgainProlongs();
    void startingAgainShortens();
    void stoppingStops();
    void destroyingStops();
    void mayStartItselfAgain();
    void mayDestroyItself();
    void mayDestroyAnother();
    void mayStartAnotherOfTheSameTick();
    void afterALongSleepEachExpiresOnce();

private:
    // As the thread's timer does: about once a tick.
    void pass(std::chrono::milliseconds time)
    {
        for (std::chrono::milliseconds gone{}; gone < time; gone += TimingWheel::tick) {
            m_clock.advance(TimingWheel::tick);
            m_wheel.advance();
        }
    }

    support::ManualClock m_clock;
    TimingWheel m_wheel{m_clock};
};

void TimingWheelTest::expiresOnceItsTimeHasCome_data()
{
    QTest::addColumn<std::chrono::milliseconds>("timeout");

    QTest::newRow("nothing: with the next tick") << std::chrono::milliseconds(0);
    QTest::newRow("less than a tick") << std::chrono::milliseconds(1);
    QTest::newRow("one tick") << std::chrono::milliseconds(100);
    QTest::newRow("some seconds") << std::chrono::milliseconds(15'000);
    QTest::newRow("the last slot of a turn") << std::chrono::milliseconds(102'300);
    QTest::newRow("a whole turn") << std::chrono::milliseconds(102'400);
    QTest::newRow("several turns") << std::chrono::milliseconds(3'600'000);
}

void TimingWheelTest::expiresOnceItsTimeHasCome()
{
    QFETCH(std::chrono::milliseconds, timeout);
    int calls = 0;
    Deadline deadline(m_wheel, [&calls] { ++calls; });
    const auto ticks = std::max<std::chrono::milliseconds>(TimingWheel::tick, timeout);

    deadline.start(timeout);
    pass(ticks - TimingWheel::tick);
    QCOMPARE(calls, 0);
    QVERIFY(deadline.isRunning());
    pass(TimingWheel::tick);

    QCOMPARE(calls, 1);
    QVERIFY(!deadline.isRunning());
    pass(200s);
    QCOMPARE(calls, 1);
}

void TimingWheelTest::startingAgainProlongs()
{
    int calls = 0;
    Deadline deadline(m_wheel, [&calls] { ++calls; });

    for (int i = 0; i < 10; ++i) {
        deadline.start(1s);
        pass(900ms);
    }

    QCOMPARE(calls, 0);
    pass(100ms);
    QCOMPARE(calls, 1);
}

void TimingWheelTest::startingAgainShortens()
{
    int calls = 0;
    Deadline deadline(m_wheel, [&calls] { ++calls; });
    deadline.start(1h);
    pass(1s);

    deadline.start(500ms);
    pass(500ms);

    QCOMPARE(calls, 1);
    pass(2h);
    QCOMPARE(calls, 1);
}

void TimingWheelTest::stoppingStops()
{
    int calls = 0;
    Deadline deadline(m_wheel, [&calls] { ++calls; });
    deadline.start(1s);

    deadline.stop();
    pass(10s);

    QCOMPARE(calls, 0);
    deadline.start(1s);
    pass(1s);
    QCOMPARE(calls, 1);
}

void TimingWheelTest::destroyingStops()
{
    int calls = 0;
    auto first = std::make_unique<Deadline>(m_wheel, [&calls] { ++calls; });
    Deadline second(m_wheel, [&calls] { calls += 10; });
    auto third = std::make_unique<Deadline>(m_wheel, [&calls] { ++calls; });
    first->start(1s);
    second.start(1s);
    third->start(1s);

    first.reset();
    third.reset();
    pass(1s);

    QCOMPARE(calls, 10);
}

void TimingWheelTest::mayStartItselfAgain()
{
    int calls = 0;
    std::unique_ptr<Deadline> deadline;
    deadline = std::make_unique<Deadline>(m_wheel, [&] {
        ++calls;
        deadline->start(1s);
    });

    deadline->start(1s);
    pass(5s);

    QCOMPARE(calls, 5);
}

void TimingWheelTest::mayDestroyItself()
{
    int calls = 0;
    const auto counted = std::make_shared<int>(7);
    std::unique_ptr<Deadline> deadline;
    deadline = std::make_unique<Deadline>(m_wheel, [&calls, &deadline, counted] {
        deadline.reset();
        calls += *counted;
    });

    deadline->start(1s);
    pass(2s);

    QCOMPARE(calls, 7);
}

void TimingWheelTest::mayDestroyAnother()
{
    int calls = 0;
    std::vector<std::unique_ptr<Deadline>> deadlines;
    // Whichever of them is served first destroys all others.
    for (size_t i = 0; i < 5; ++i) {
        deadlines.push_back(std::make_unique<Deadline>(m_wheel, [&, i] {
            ++calls;
            for (size_t other = 0; other < deadlines.size(); ++other) {
                if (other != i)
                    deadlines[other].reset();
            }
        }));
        deadlines.back()->start(1s);
    }

    pass(2s);

    QCOMPARE(calls, 1);
}

void TimingWheelTest::mayStartAnotherOfTheSameTick()
{
    int first = 0;
    int second = 0;
    std::unique_ptr<Deadline> one;
    std::unique_ptr<Deadline> other;
    one = std::make_unique<Deadline>(m_wheel, [&] {
        ++first;
        other->start(1s);
    });
    other = std::make_unique<Deadline>(m_wheel, [&] {
        ++second;
        one->start(1s);
    });
    one->start(1s);
    other->start(1s);

    // Of the two the one that is served first puts the other one off, each second anew.
    pass(10s);

    QCOMPARE(first + second, 10);
}

void TimingWheelTest::afterALongSleepEachExpiresOnce()
{
    std::vector<int> calls(4, 0);
    std::vector<std::unique_ptr<Deadline>> deadlines;
    for (size_t i = 0; i < calls.size(); ++i)
        deadlines.push_back(std::make_unique<Deadline>(m_wheel, [&calls, i] { ++calls[i]; }));
    deadlines[0]->start(100ms);
    deadlines[1]->start(90s);
    deadlines[2]->start(30min);
    deadlines[3]->start(5h);

    m_clock.advance(3h);
    m_wheel.advance();

    QCOMPARE(calls, (std::vector<int>{1, 1, 1, 0}));
    pass(2h);
    QCOMPARE(calls, (std::vector<int>{1, 1, 1, 1}));
}

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::TimingWheelTest)
#include "tst_timingwheel.moc"
