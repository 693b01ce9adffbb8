#include "inspector/gaphistogram.h"
#include "inspector/timelinerows.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;

// The rows of the waterfall, and the classes of pauses.
class TimelineTest : public QObject
{
    Q_OBJECT

private slots:
    void phasesStandApart();
    void whatIsNotKnownIsNotParted();
    void aRefusalIsTheGatewaysTime();
    void pausesHaveClasses_data();
    void pausesHaveClasses();
    void barsAreSaid();

private:
    static std::vector<TimelineRow> rowsOf(const domain::AttemptNote &note);
};

std::vector<TimelineRow> TimelineTest::rowsOf(const domain::AttemptNote &note)
{
    admin::TrafficLine line;
    line.record.stream = true;
    line.record.elapsedMilliseconds = 20;
    line.record.attemptLog = domain::attemptLog(std::vector{note});
    return Timeline::rows(admin::requestReport(line, nullptr));
}

void TimelineTest::phasesStandApart()
{
    using Kind = TimelineRow::Kind;
    const std::vector<TimelineRow> rows = rowsOf({.startedAt = 100,
                                                  .connectedAt = 1'100,
                                                  .sentAt = 1'300,
                                                  .answeredAt = 4'000,
                                                  .begunAt = 9'000,
                                                  .endedAt = 20'000,
                                                  .status = 200});

    QCOMPARE(rows.size(), size_t(7));
    QVERIFY(rows[2].kind == Kind::Connect && rows[3].kind == Kind::Sending);
    QVERIFY(rows[4].kind == Kind::Waiting && rows[5].kind == Kind::Waiting);
    QCOMPARE(rows[4].text, u"waiting for the first byte"_s);
    QCOMPARE(rows[5].text, u"waiting for the first token"_s);
    QVERIFY(rows[6].kind == Kind::Streaming);
    // Without a gap and without an overlap.
    for (size_t i = 3; i < rows.size(); ++i)
        QCOMPARE(rows[i].begin, rows[i - 1].end);
    QCOMPARE(rows[2].begin, qint64(100));
    QCOMPARE(rows.back().end, qint64(20'000));
}

void TimelineTest::whatIsNotKnownIsNotParted()
{
    const std::vector<TimelineRow> rows = rowsOf({.startedAt = 100,
                                                  .connectedAt = 1'100,
                                                  .begunAt = 9'000,
                                                  .endedAt = 20'000,
                                                  .status = 200});

    QCOMPARE(rows.size(), size_t(5));
    QCOMPARE(rows[3].begin, qint64(1'100));
    QCOMPARE(rows[3].end, qint64(9'000));
}

void TimelineTest::aRefusalIsTheGatewaysTime()
{
    admin::TrafficLine line;
    line.record.requestId = "refused";
    line.record.httpStatus = 429;
    line.record.elapsedMilliseconds = 3;
    QCOMPARE(Timeline::overhead(admin::requestReport(line, nullptr)), qint64(3'000));

    // Of one that was tried twice: before the first attempt, and between the two.
    line.record.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{
        {.startedAt = 100, .endedAt = 500, .status = 503, .errorCode = "provider_overloaded"},
        {.startedAt = 700, .endedAt = 900, .status = 500, .errorCode = "provider_fault"}});
    QCOMPARE(Timeline::overhead(admin::requestReport(line, nullptr)), qint64(300));

    admin::TrafficLine running{.running = admin::RunningState{}};
    running.record.requestId = "runs";
    QCOMPARE(Timeline::overhead(admin::requestReport(running, nullptr)), qint64(-1));
}

void TimelineTest::pausesHaveClasses_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QString>("name");

    QTest::newRow("none") << qint64(0) << u"< 10 ms"_s;
    QTest::newRow("just below the next") << qint64(9'999) << u"< 10 ms"_s;
    QTest::newRow("at the edge") << qint64(10'000) << u"10–50 ms"_s;
    QTest::newRow("half a second") << qint64(500'000) << u"0.2–1 s"_s;
    QTest::newRow("a minute") << qint64(60'000'000) << u"≥ 5 s"_s;
}

void TimelineTest::pausesHaveClasses()
{
    QFETCH(qint64, microseconds);

    const size_t of = GapHistogram::classOf(microseconds);

    QVERIFY(of < GapHistogram::classCount);
    QTEST(GapHistogram::className(of), "name");
}

void TimelineTest::barsAreSaid()
{
    GapHistogram histogram;
    histogram.setCounts({7, 0, 1, 0, 0, 2});

    QVERIFY(!histogram.accessibleName().isEmpty());
    QVERIFY(histogram.accessibleDescription().contains(u"< 10 ms: 7"_s));
    QVERIFY(histogram.accessibleDescription().contains(u"≥ 5 s: 2"_s));
    QVERIFY(!histogram.grab().isNull());
}

QTEST_MAIN(TimelineTest)
#include "tst_timeline.moc"
