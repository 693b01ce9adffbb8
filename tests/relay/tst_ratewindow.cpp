#include "relay/admission/ratewindow.h"

#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse::relay {

class RateWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void countsTheLastMinute();
    void forgetsAfterALongTime();
    void saysWhenThereIsRoomAgain_data();
    void saysWhenThereIsRoomAgain();
    void roomComesWhenItWasSaid();
};

static base::SteadyTime at(std::chrono::seconds second)
{
    return base::SteadyTime(1'000'000s + second);
}

void RateWindowTest::countsTheLastMinute()
{
    RateWindow window;

    window.add(at(0s), 3);
    window.add(at(0s), 1);
    window.add(at(59s), 2);

    QCOMPARE(window.sum(at(59s)), 6);
    QCOMPARE(window.sum(at(60s)), 2);
    QCOMPARE(window.sum(at(118s)), 2);
    QCOMPARE(window.sum(at(119s)), 0);
}

void RateWindowTest::forgetsAfterALongTime()
{
    RateWindow window;
    window.add(at(5s), 7);

    QCOMPARE(window.sum(at(24h)), 0);
    window.add(at(24h), 1);
    QCOMPARE(window.sum(at(24h)), 1);
}

void RateWindowTest::saysWhenThereIsRoomAgain_data()
{
    QTest::addColumn<int>("now");
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<int>("seconds");

    // One each at 0, 10 and 20 seconds.
    QTest::newRow("there is room") << 20 << qint64(4) << 1;
    QTest::newRow("when the first is a minute old") << 20 << qint64(3) << 40;
    QTest::newRow("when the second is") << 20 << qint64(2) << 50;
    QTest::newRow("when all are") << 20 << qint64(1) << 60;
    QTest::newRow("the first ends with the next second") << 59 << qint64(3) << 1;
}

void RateWindowTest::saysWhenThereIsRoomAgain()
{
    QFETCH(int, now);
    QFETCH(qint64, limit);
    RateWindow window;
    for (const auto second : {0s, 10s, 20s})
        window.add(at(second), 1);

    QTEST(int(window.untilBelow(at(std::chrono::seconds(now)), limit).count()), "seconds");
}

void RateWindowTest::roomComesWhenItWasSaid()
{
    RateWindow window;
    for (int second = 0; second < 30; ++second)
        window.add(at(std::chrono::seconds(second)), second % 7);

    for (const qint64 limit : {1, 5, 20, 60}) {
        RateWindow same = window;
        const auto wait = same.untilBelow(at(29s), limit);
        QVERIFY(same.sum(at(29s + wait)) < limit);
        if (wait > 1s) {
            RateWindow before = window;
            QVERIFY(before.sum(at(29s + wait - 1s)) >= limit);
        }
    }
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::RateWindowTest)
#include "tst_ratewindow.moc"
