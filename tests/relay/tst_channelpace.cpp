#include "relay/routing/channelpace.h"

#include "support/manualclock.h"

#include <QTest>

#include <map>

using namespace std::chrono_literals;

namespace gatehouse::relay {

class ChannelPaceTest : public QObject
{
    Q_OBJECT

private slots:
    void laterMeasuresCountMore();
    void placesAreMeasuredApart();
    void measuresGrowOld();
    void oneRequestMeasures();
    void turnsGoRound();
    void noTurnIsPassedOver();
    void turnsOfOthersAreTheirOwn();

private:
    support::ManualClock m_clock;
    ChannelPace m_pace{m_clock};
};

void ChannelPaceTest::laterMeasuresCountMore()
{
    const PacePlace place{.channel = {1}, .model = "later"};
    QVERIFY(!m_pace.latency(place));

    m_pace.note(place, 100ms);
    QCOMPARE(*m_pace.latency(place), 100ms);
    m_pace.note(place, 200ms);
    QVERIFY(*m_pace.latency(place) > 100ms);
    QVERIFY(*m_pace.latency(place) < 150ms);
    for (int i = 0; i < 20; ++i)
        m_pace.note(place, 200ms);
    QVERIFY(*m_pace.latency(place) > 199ms);
}

void ChannelPaceTest::placesAreMeasuredApart()
{
    m_pace.note({.channel = {1}, .model = "apart"}, 100ms);

    QVERIFY(!m_pace.latency({.channel = {2}, .model = "apart"}));
    QVERIFY(!m_pace.latency({.channel = {1}, .model = "other"}));
    QVERIFY(!m_pace.latency({.channel = {1}, .model = "apart", .stream = true}));
}

void ChannelPaceTest::measuresGrowOld()
{
    const PacePlace place{.channel = {1}, .model = "old"};
    m_pace.note(place, 100ms);

    m_clock.advance(10min);
    QVERIFY(m_pace.latency(place));
    m_clock.advance(1ms);
    QVERIFY(!m_pace.latency(place));
    m_pace.note(place, 300ms);
    QCOMPARE(*m_pace.latency(place), 300ms);
}

void ChannelPaceTest::oneRequestMeasures()
{
    const PacePlace place{.channel = {1}, .model = "measured"};
    QVERIFY(!m_pace.isBeingMeasured(place));

    m_pace.beginMeasure(place);
    QVERIFY(m_pace.isBeingMeasured(place));
    QVERIFY(!m_pace.latency(place));
    m_clock.advance(10s);
    QVERIFY(!m_pace.isBeingMeasured(place));

    m_pace.beginMeasure(place);
    m_pace.note(place, 100ms);
    QVERIFY(!m_pace.isBeingMeasured(place));
}

void ChannelPaceTest::turnsGoRound()
{
    const std::vector<domain::ChannelId> channels{{7}, {3}, {5}};
    const auto next = [&](const std::vector<domain::ChannelId> &among) {
        return among[m_pace.nextTurn("default", "round", among)].value;
    };

    QCOMPARE(next(channels), 3);
    QCOMPARE(next(channels), 5);
    QCOMPARE(next(channels), 7);
    QCOMPARE(next(channels), 3);
    QCOMPARE(next({{3}, {7}}), 7); // 5 rests
    QCOMPARE(next({{3}, {7}}), 3);
    QCOMPARE(next(channels), 5); // and was waited for the longest
    QCOMPARE(next(channels), 7);
    QCOMPARE(next(channels), 3);
}

// Some requests can be served by all, and those between them not.
void ChannelPaceTest::noTurnIsPassedOver()
{
    const std::vector<domain::ChannelId> all{{1}, {2}, {3}};
    const std::vector<domain::ChannelId> some{{2}, {3}};
    std::map<qint64, int> turns;

    for (int i = 0; i < 30; ++i) {
        ++turns[all[m_pace.nextTurn("default", "round", all)].value];
        ++turns[some[m_pace.nextTurn("default", "round", some)].value];
    }

    QCOMPARE(turns[1], 15); // of 30
}

void ChannelPaceTest::turnsOfOthersAreTheirOwn()
{
    const std::vector<domain::ChannelId> channels{{1}, {2}};

    QCOMPARE(m_pace.nextTurn("a", "own", channels), 0u);
    QCOMPARE(m_pace.nextTurn("b", "own", channels), 0u);
    QCOMPARE(m_pace.nextTurn("a", "other", channels), 0u);
    QCOMPARE(m_pace.nextTurn("a", "own", channels), 1u);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ChannelPaceTest)
#include "tst_channelpace.moc"
