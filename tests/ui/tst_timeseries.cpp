#include "charts/charttickers.h"
#include "charts/timeseriesmodel.h"
#include "theme/clockformat.h"

#include <QAbstractItemModel>
#include <QAbstractItemModelTester>
#include <QTest>
#include <QTimeZone>

#include <cmath>

using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minute = 60 * 1000;
constexpr qint64 hour = 60 * minute;
const double nothing = std::nan("");

qint64 local(const char *text)
{
    return QDateTime::fromString(QString::fromLatin1(text), Qt::ISODate).toMSecsSinceEpoch();
}

TimeSeries steps(qsizetype count, qint64 length = minute)
{
    TimeSeries series;
    const qint64 from = local("2025-11-22T12:00:00");
    for (qsizetype i = 0; i < count; ++i)
        series.starts.append(from + i * length);
    series.end = from + count * length;
    return series;
}

} // namespace

// The numbers of a chart without the chart.
class TestTimeSeries : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void findsTheStepOfATime();
    void thinningKeepsSums();
    void thinningKeepsExtremesOfLines();
    void fewStepsAreLeftAlone();
    void csvHasUnitsOfItsOwn();
    void tableHasOneRowAStep();
    void descriptionTellsExtremes();
    void ticksOfADay();
    void ticksOfAQuarterOfAnHour();
    void ticksWhenClocksChange();
    void ticksOfAYear();
    void labelsOfTicks();
    void namesOfPeriods();
    void valueDistances_data();
    void valueDistances();
    void pensDiffer();
};

void TestTimeSeries::initTestCase()
{
    qputenv("TZ", "Europe/Berlin");
    QLocale::setDefault(QLocale::C);
}

void TestTimeSeries::findsTheStepOfATime()
{
    const TimeSeries series = steps(3);
    const qint64 from = series.starts.first();

    QCOMPARE(series.stepAt(from), 0);
    QCOMPARE(series.stepAt(from + minute - 1), 0);
    QCOMPARE(series.stepAt(from + 2 * minute), 2);
    QCOMPARE(series.stepAt(from - 1), -1);
    QCOMPARE(series.stepAt(series.end), -1);
    QCOMPARE(series.endOf(2), series.end);
}

void TestTimeSeries::thinningKeepsSums()
{
    TimeSeries series = steps(5);
    series.series = {{.name = u"ok"_s, .values = {1, 2, nothing, nothing, 5}}};

    const TimeSeries thin = thinned(series, 3);

    QCOMPARE(thin.starts.size(), 3);
    QCOMPARE(thin.series.first().values.at(0), 3.0);
    QVERIFY(std::isnan(thin.series.first().values.at(1)));
    QCOMPARE(thin.series.first().values.at(2), 5.0);
    QCOMPARE(thin.end, series.end);
}

void TestTimeSeries::thinningKeepsExtremesOfLines()
{
    TimeSeries series = steps(4);
    series.series = {
        {.name = u"p50"_s,
         .kind = SeriesKind::Band,
         .values = {1, 4, 2, 3},
         .upper = {9, 5, 6, 8},
         .upperName = u"p95"_s},
        {.name = u"total"_s, .kind = SeriesKind::Total, .values = {1, 2, 3, 7}},
        {.name = u"forecast"_s, .kind = SeriesKind::Forecast, .values = {nothing, 2, 5, 4}}};

    const TimeSeries thin = thinned(series, 2);

    QCOMPARE(thin.series.at(0).values, QList<double>({4, 3}));
    QCOMPARE(thin.series.at(0).upper, QList<double>({9, 8}));
    QCOMPARE(thin.series.at(1).values, QList<double>({2, 7}));
    QCOMPARE(thin.series.at(2).values, QList<double>({2, 4}));
}

void TestTimeSeries::fewStepsAreLeftAlone()
{
    const TimeSeries series = steps(2000);

    QCOMPARE(thinned(series).starts, series.starts);
    QCOMPARE(thinned(steps(2001)).starts.size(), 1001);
}

void TestTimeSeries::csvHasUnitsOfItsOwn()
{
    TimeSeries series = steps(2);
    series.format = [](double value) { return u"$%1"_s.arg(value); };
    series.series = {{.name = u"gpt, new"_s, .values = {1.5, nothing}},
                     {.name = u"say \"hi\""_s, .values = {2, 3}}};

    QCOMPARE(toCsv(series),
             u"time,\"gpt, new\",\"say \"\"hi\"\"\"\n"
             "2025-11-22T12:00:00+01:00,1.5,2\n"
             "2025-11-22T12:01:00+01:00,,3\n"_s);
}

void TestTimeSeries::tableHasOneRowAStep()
{
    TimeSeries series = steps(2);
    series.series = {{.name = u"p50"_s,
                      .kind = SeriesKind::Band,
                      .values = {1, nothing},
                      .upper = {3, nothing},
                      .upperName = u"p95"_s}};
    TimeSeriesModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);

    model.setSeries(series);

    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), u"p50"_s);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), u"p95"_s);
    QCOMPARE(model.index(0, 1).data().toString(), u"1"_s);
    QCOMPARE(model.index(0, 2).data().toString(), u"3"_s);
    QCOMPARE(model.index(1, 2).data().toString(), u"—"_s);
}

void TestTimeSeries::descriptionTellsExtremes()
{
    TimeSeries series = steps(3);
    series.series = {{.name = u"ok"_s, .values = {4, nothing, 2}},
                     {.name = u"none"_s, .values = {nothing, nothing, nothing}}};

    QCOMPARE(describe(series),
             u"From 22 Nov 12:00 to 22 Nov 12:03. ok: least 2, most 4, last 2."_s);
    QCOMPARE(describe({}), u"There is nothing to show."_s);
    series.limitName = u"Budget"_s;
    series.limit = 16;
    QVERIFY(describe(series).contains(u"Budget"_s));
    series.limit = 17; // not drawn: it would flatten the rest
    QVERIFY(!describe(series).contains(u"Budget"_s));
}

void TestTimeSeries::ticksOfADay()
{
    qint64 distance = 0;
    const QList<qint64> ticks =
        niceMoments(local("2025-11-21T14:30:00"), local("2025-11-22T14:30:00"), 10, distance);

    QCOMPARE(distance, 3 * hour);
    QCOMPARE(ticks.size(), 8);
    QCOMPARE(ticks.first(), local("2025-11-21T15:00:00"));
}

void TestTimeSeries::ticksOfAQuarterOfAnHour()
{
    qint64 distance = 0;
    const qint64 from = local("2025-11-21T23:52:30");
    const QList<qint64> ticks = niceMoments(from, from + hour / 4, 8, distance);

    QCOMPARE(distance, 2 * 60 * qint64(1000));
    QCOMPARE(ticks.size(), 7);
    QCOMPARE(ticks.first(), local("2025-11-21T23:54:00"));
    QCOMPARE(ticks.at(3), local("2025-11-22T00:00:00"));
    QCOMPARE(ticks.last(), local("2025-11-22T00:06:00"));
}

void TestTimeSeries::ticksWhenClocksChange()
{
    qint64 distance = 0;
    const QList<qint64> ticks =
        niceMoments(local("2025-10-25T12:00:00"), local("2025-10-27T00:00:00"), 7, distance);

    for (const qint64 tick : ticks)
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(tick).time().hour() % 6, 0);
    QVERIFY(std::is_sorted(ticks.cbegin(), ticks.cend()));
}

void TestTimeSeries::ticksOfAYear()
{
    qint64 distance = 0;
    const QList<qint64> ticks =
        niceMoments(local("2025-01-10T00:00:00"), local("2026-01-10T00:00:00"), 6, distance);

    for (const qint64 tick : ticks)
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(tick).date().day(), 1);
    QVERIFY(ticks.size() >= 4 && ticks.size() <= 6);
}

void TestTimeSeries::labelsOfTicks()
{
    QCOMPARE(tickText(local("2025-11-22T15:00:00"), 3 * hour), u"15:00"_s);
    QCOMPARE(tickText(local("2025-11-22T00:00:00"), 3 * hour), u"22 Nov"_s);
    QCOMPARE(tickText(local("2025-11-22T00:00:00"), 48 * hour), u"22 Nov"_s);
    QCOMPARE(tickText(local("2025-11-01T00:00:00"), 30 * 24 * hour), u"Nov 2025"_s);
    setClockFormat(ClockFormat::Hours12);
    const QString byTwelve = tickText(local("2025-11-22T15:00:00"), 3 * hour);
    setClockFormat(ClockFormat::Hours24);
    QCOMPARE(byTwelve, u"3:00 PM"_s);
}

void TestTimeSeries::namesOfPeriods()
{
    const qint64 now = local("2025-11-22T14:00:00");
    const auto name = [now](const char *from, const char *to) {
        return periodText({local(from), local(to)}, now);
    };

    QCOMPARE(name("2025-11-22T12:30:00", "2025-11-22T12:45:00"), u"Today 12:30 – 12:45"_s);
    QCOMPARE(name("2025-11-22T12:30:15", "2025-11-22T12:30:30"), u"Today 12:30:15 – 12:30:30"_s);
    QCOMPARE(name("2025-11-21T23:00:00", "2025-11-22T00:00:00"), u"21 Nov 23:00 – 00:00"_s);
    QCOMPARE(name("2025-11-20T00:00:00", "2025-11-21T00:00:00"), u"20 Nov"_s);
    QCOMPARE(name("2025-11-10T00:00:00", "2025-11-17T00:00:00"), u"10 Nov – 16 Nov"_s);
}

void TestTimeSeries::valueDistances_data()
{
    QTest::addColumn<double>("greatest");
    QTest::addColumn<bool>("whole");
    QTest::addColumn<double>("distance");

    QTest::newRow("a hundred and some") << 118.0 << true << 50.0;
    QTest::newRow("exactly four lines") << 100.0 << true << 25.0;
    QTest::newRow("one request") << 1.0 << true << 1.0;
    QTest::newRow("ten") << 10.0 << true << 5.0;
    QTest::newRow("cents") << 0.037 << false << 0.01;
    QTest::newRow("nothing") << 0.0 << true << 1.0;
}

void TestTimeSeries::valueDistances()
{
    QFETCH(double, greatest);
    QFETCH(bool, whole);
    QFETCH(double, distance);

    QVERIFY(std::abs(valueDistance(greatest, whole) - distance) < 1e-9);
}

void TestTimeSeries::pensDiffer()
{
    QSet<QList<double>> patterns;
    for (const ChartSlot slot : {ChartSlot::Blue,
                                 ChartSlot::Orange,
                                 ChartSlot::Vermilion,
                                 ChartSlot::Green,
                                 ChartSlot::Purple})
        patterns.insert(seriesPen(slot, 1.5).dashPattern());

    QCOMPARE(patterns.size(), 5);
}

QTEST_MAIN(TestTimeSeries)
#include "tst_timeseries.moc"
