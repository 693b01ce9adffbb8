#include "charts/chartlegend.h"
#include "charts/chartplot.h"
#include "charts/charttooltip.h"
#include "charts/timeserieschart.h"
#include "theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <cmath>

using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 quarter = 15 * 60 * 1000;

// A day in quarters of an hour: 100 requests each, and errors in the tenth.
TimeSeries day()
{
    TimeSeries series;
    const qint64 from = QDateTime(QDate(2025, 11, 21), QTime(14, 0)).toMSecsSinceEpoch();
    ChartSeries ok{.name = u"ok"_s};
    ChartSeries failed{.name = u"5xx"_s, .slot = ChartSlot::Vermilion};
    for (int i = 0; i < 96; ++i) {
        series.starts.append(from + i * quarter);
        ok.values.append(100);
        failed.values.append(i == 10 ? 40 : 0);
    }
    series.end = from + 96 * quarter;
    series.series = {ok, failed};
    return series;
}

} // namespace

// The chart under the hands of a person: mouse, wheel, keys, legend, clipboard.
class TestTimeSeriesChart : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void showsAllOfTheData();
    void valuesReachRoundNumbers();
    void countsHaveWholeLines();
    void arrowsMoveTheCrosshair();
    void crosshairTellsAllSeries();
    void draggingZoomsAndDoubleClickShowsAll();
    void wheelZoomsAtTheMouse();
    void wheelOverTheChartScrollsThePage();
    void newDataKeepTheZoom();
    void enterReportsTheStep();
    void clickReportsTheStep();
    void clickReportsThePartOfAStack();
    void menuReportsTheStep();
    void nothingIsReportedOfTheFuture();
    void tableReportsTheStep();
    void legendHidesASeries();
    void legendSurvivesNewValues();
    void logarithmicValues();
    void tableShowsTheNumbers();
    void tableKeepsWhatIsSelected();
    void copies();
    void describesItself();
    void paintsErrorsAboveWhatWentWell();
    void paintsALonelyValueAsADot();
    void drawsOnceForAResize();
    void followsTheScheme();
    void emptyChartSaysSo();

private:
    ChartPlot *plot() const { return m_chart->findChild<ChartPlot *>(); }
    QPoint at(double share) const
    {
        const QRect area = plot()->axisRect()->rect();
        return {area.left() + qRound(area.width() * share), area.center().y()};
    }

    std::unique_ptr<TimeSeriesChart> m_chart{};
};

void TestTimeSeriesChart::initTestCase()
{
    QLocale::setDefault(QLocale::C);
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
}

void TestTimeSeriesChart::init()
{
    Theme::apply(Scheme::Light);
    m_chart = std::make_unique<TimeSeriesChart>();
    m_chart->resize(1000, 180);
    m_chart->setData(day());
    m_chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_chart.get()));
}

void TestTimeSeriesChart::showsAllOfTheData()
{
    const TimeSeries data = day();

    QCOMPARE(m_chart->visiblePeriod(), (ChartPeriod{data.starts.first(), data.end}));
    QCOMPARE(m_chart->currentStep(), -1);
}

void TestTimeSeriesChart::valuesReachRoundNumbers()
{
    QCOMPARE(plot()->yAxis->range().lower, 0.0);
    QCOMPARE(plot()->yAxis->range().upper, 150.0);

    m_chart->setSeriesShown(1, false);

    QCOMPARE(plot()->yAxis->range().upper, 100.0);
}

void TestTimeSeriesChart::countsHaveWholeLines()
{
    TimeSeries data = day();
    data.series.removeLast();
    data.series.first().values.fill(1);
    data.format = [](double value) { return QString::number(std::llround(value)); };
    data.isCount = true;
    m_chart->setData(data);
    plot()->replot();

    QCOMPARE(plot()->yAxis->tickVectorLabels(), (QVector<QString>{u"0"_s, u"1"_s}));
}

void TestTimeSeriesChart::arrowsMoveTheCrosshair()
{
    QTest::keyClick(plot(), Qt::Key_Left);
    QCOMPARE(m_chart->currentStep(), 95);
    QTest::keyClick(plot(), Qt::Key_Left);
    QCOMPARE(m_chart->currentStep(), 94);
    QTest::keyClick(plot(), Qt::Key_Home);
    QTest::keyClick(plot(), Qt::Key_Right);
    QCOMPARE(m_chart->currentStep(), 1);
    QTest::keyClick(plot(), Qt::Key_Escape);
    QCOMPARE(m_chart->currentStep(), -1);
}

void TestTimeSeriesChart::crosshairTellsAllSeries()
{
    m_chart->setCurrentStep(10);

    const auto *tip = m_chart->findChild<ChartToolTip *>();
    QVERIFY(tip->isVisible());
    QCOMPARE(tip->spoken(), u"21 Nov 16:30 – 16:45, ok 100, 5xx 40"_s);
    QCOMPARE(plot()->accessibleDescription(), tip->spoken());
    QVERIFY(plot()->rect().contains(tip->geometry().topLeft()));
}

void TestTimeSeriesChart::draggingZoomsAndDoubleClickShowsAll()
{
    const ChartPeriod whole = m_chart->visiblePeriod();
    QSignalSpy changes(m_chart.get(), &TimeSeriesChart::visiblePeriodChanged);

    QTest::mousePress(plot(), Qt::LeftButton, {}, at(0.25));
    QTest::mouseMove(plot(), at(0.4));
    QTest::mouseRelease(plot(), Qt::LeftButton, {}, at(0.5));

    QCOMPARE(changes.size(), 1);
    const ChartPeriod seen = m_chart->visiblePeriod();
    const qint64 length = whole.to - whole.from;
    QVERIFY(std::abs(seen.from - (whole.from + length / 4)) < length / 100);
    QVERIFY(std::abs(seen.to - (whole.from + length / 2)) < length / 100);

    QTest::mouseDClick(plot(), Qt::LeftButton, {}, at(0.5));
    QCOMPARE(m_chart->visiblePeriod(), whole);
}

void TestTimeSeriesChart::wheelZoomsAtTheMouse()
{
    const ChartPeriod whole = m_chart->visiblePeriod();
    const QPointF place = at(0.5);
    const auto turn = [&](int angle) {
        QWheelEvent event(place,
                          plot()->mapToGlobal(place),
                          {},
                          {0, angle},
                          Qt::NoButton,
                          Qt::NoModifier,
                          Qt::NoScrollPhase,
                          false);
        QApplication::sendEvent(plot(), &event);
        return event.isAccepted();
    };

    QVERIFY(!turn(-120)); // there is nothing more to see: the page scrolls
    QVERIFY(turn(120));
    const ChartPeriod seen = m_chart->visiblePeriod();
    QVERIFY(seen.to - seen.from < whole.to - whole.from);
    QVERIFY(std::abs((seen.from + seen.to) / 2 - (whole.from + whole.to) / 2) < quarter);
}

void TestTimeSeriesChart::wheelOverTheChartScrollsThePage()
{
    QScrollArea page;
    auto *chart = new TimeSeriesChart;
    chart->setData(day());
    chart->setFixedSize(380, 900);
    page.setWidget(chart);
    page.resize(400, 300);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    auto *inner = chart->findChild<ChartPlot *>();
    const QPointF place(100, 100);
    QWheelEvent event(place,
                      inner->mapToGlobal(place),
                      {},
                      {0, -120},
                      Qt::NoButton,
                      Qt::NoModifier,
                      Qt::NoScrollPhase,
                      false);
    QSpontaneKeyEvent::setSpontaneous(&event);

    // As from the system: only such events go on to the widgets around.
    qApp->notify(inner, &event);

    QVERIFY(page.verticalScrollBar()->value() > 0);
}

void TestTimeSeriesChart::newDataKeepTheZoom()
{
    const TimeSeries data = day();
    const ChartPeriod seen{data.starts.at(20), data.starts.at(40)};
    m_chart->setVisiblePeriod(seen);

    m_chart->setData(data);
    QCOMPARE(m_chart->visiblePeriod(), seen);

    m_chart->resetZoom();
    QCOMPARE(m_chart->visiblePeriod().to, data.end);
}

void TestTimeSeriesChart::enterReportsTheStep()
{
    const TimeSeries data = day();
    QSignalSpy activated(m_chart.get(), &TimeSeriesChart::stepActivated);
    m_chart->setCurrentStep(3);

    QTest::keyClick(plot(), Qt::Key_Return);

    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().value<ChartPeriod>(),
             (ChartPeriod{data.starts.at(3), data.starts.at(4)}));
}

void TestTimeSeriesChart::clickReportsTheStep()
{
    const TimeSeries data = day();
    const ChartPeriod whole = m_chart->visiblePeriod();
    QSignalSpy activated(m_chart.get(), &TimeSeriesChart::stepActivated);

    QTest::mouseClick(plot(), Qt::LeftButton, {}, at(0.505));
    QTRY_COMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().value<ChartPeriod>(),
             (ChartPeriod{data.starts.at(48), data.starts.at(49)}));
    QCOMPARE(m_chart->visiblePeriod(), whole);

    // Of a zoomed chart two clicks show all; one alone leads to its step.
    QTest::mousePress(plot(), Qt::LeftButton, {}, at(0.25));
    QTest::mouseRelease(plot(), Qt::LeftButton, {}, at(0.5));
    QVERIFY(m_chart->visiblePeriod() != whole);
    QTest::mouseDClick(plot(), Qt::LeftButton, {}, at(0.5));
    QCOMPARE(m_chart->visiblePeriod(), whole);
    QTest::qWait(QApplication::doubleClickInterval() + 50);
    QCOMPARE(activated.size(), 1);
    QTest::mousePress(plot(), Qt::LeftButton, {}, at(0.25));
    QTest::mouseRelease(plot(), Qt::LeftButton, {}, at(0.5));
    QTest::mouseClick(plot(), Qt::LeftButton, {}, at(0.5));
    QTRY_COMPARE(activated.size(), 2);
}

void TestTimeSeriesChart::clickReportsThePartOfAStack()
{
    QSignalSpy activated(m_chart.get(), &TimeSeriesChart::stepActivated);
    // In the tenth quarter 40 stand upon 100.
    const auto click = [this](double value) {
        const int x = at(10.5 / 96).x();
        const int y = qRound(plot()->yAxis->coordToPixel(value));
        QTest::mouseClick(plot(), Qt::LeftButton, {}, QPoint(x, y));
    };
    const auto reported = [&activated](qsizetype place) {
        return activated.at(place).at(1).value<qsizetype>();
    };

    click(50);
    QTRY_COMPARE(activated.size(), 1);
    click(120);
    QTRY_COMPARE(activated.size(), 2);
    click(145); // above of all
    QTRY_COMPARE(activated.size(), 3);
    m_chart->setSeriesShown(0, false);
    plot()->replot();
    click(20);
    QTRY_COMPARE(activated.size(), 4);

    QCOMPARE(reported(0), 0);
    QCOMPARE(reported(1), 1);
    QCOMPARE(reported(2), -1);
    QCOMPARE(reported(3), 1);
}

void TestTimeSeriesChart::menuReportsTheStep()
{
    const TimeSeries data = day();
    QSignalSpy activated(m_chart.get(), &TimeSeriesChart::stepActivated);
    m_chart->setCurrentStep(3);
    // To the plot, which is what lies under the mouse.
    const QPoint place = at(0.5);
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, plot()->mapToGlobal(place));

    QApplication::sendEvent(plot(), &event);
    auto *menu = m_chart->findChild<QMenu *>();
    QVERIFY(menu);
    m_chart->setCurrentStep(-1); // as when the pointer leaves
    menu->actions().constFirst()->trigger();
    menu->close();

    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().value<ChartPeriod>(),
             (ChartPeriod{data.starts.at(3), data.starts.at(4)}));
}

void TestTimeSeriesChart::nothingIsReportedOfTheFuture()
{
    TimeSeries data = day();
    const qint64 shift = QDateTime::currentMSecsSinceEpoch() - data.starts.at(10);
    for (qint64 &start : data.starts)
        start += shift;
    data.end += shift;
    m_chart->setData(data);
    QSignalSpy activated(m_chart.get(), &TimeSeriesChart::stepActivated);

    m_chart->setCurrentStep(12);
    QTest::keyClick(plot(), Qt::Key_Return);
    const QPoint place = m_chart->rect().center();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, place, m_chart->mapToGlobal(place));
    QApplication::sendEvent(m_chart.get(), &event);
    auto *menu = m_chart->findChild<QMenu *>();
    QVERIFY(menu);
    QCOMPARE(menu->actions().constFirst()->text(), u"Copy &image"_s);
    menu->close();
    QCOMPARE(activated.size(), 0);

    m_chart->setCurrentStep(10); // that of now
    QTest::keyClick(plot(), Qt::Key_Return);
    QCOMPARE(activated.size(), 1);
}

void TestTimeSeriesChart::tableReportsTheStep()
{
    const TimeSeries data = day();
    QSignalSpy activated(m_chart.get(), &TimeSeriesChart::stepActivated);
    m_chart->setTableShown(true);
    auto *table = m_chart->findChild<QTableView *>();
    table->setCurrentIndex(table->model()->index(2, 0));

    QTest::keyClick(table, Qt::Key_Return);

    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().value<ChartPeriod>(),
             (ChartPeriod{data.starts.at(2), data.starts.at(3)}));
    QCOMPARE(activated.first().at(1).value<qsizetype>(), -1);
    table->setCurrentIndex(table->model()->index(2, 2));
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(activated.value(1).value(1).value<qsizetype>(), 1);
}

void TestTimeSeriesChart::legendHidesASeries()
{
    ChartLegend legend(m_chart.get());
    const auto buttons = legend.findChildren<QAbstractButton *>();
    QCOMPARE(buttons.size(), 2);
    QCOMPARE(buttons.at(1)->text(), u"5xx"_s);

    QTest::mouseClick(buttons.at(1), Qt::LeftButton);
    QVERIFY(!m_chart->isSeriesShown(1));

    m_chart->setSeriesShown(1, true);
    QVERIFY(buttons.at(1)->isChecked());
}

void TestTimeSeriesChart::legendSurvivesNewValues()
{
    ChartLegend legend(m_chart.get());
    const auto before = legend.findChildren<QAbstractButton *>();
    TimeSeries data = day();
    data.series[0].values[5] = 7;

    m_chart->setData(data);
    QCOMPARE(legend.findChildren<QAbstractButton *>(), before);

    data.series.append({.name = u"cancelled"_s, .slot = ChartSlot::Grey, .values = {1}});
    m_chart->setData(data);
    QCOMPARE(legend.findChildren<QAbstractButton *>().size(), 3);
}

void TestTimeSeriesChart::logarithmicValues()
{
    m_chart->setLogarithmic(true);

    QCOMPARE(plot()->yAxis->scaleType(), QCPAxis::stLogarithmic);
    QCOMPARE(plot()->yAxis->range().lower, 10.0);

    m_chart->setLogarithmic(false);
    QCOMPARE(plot()->yAxis->range().lower, 0.0);
}

void TestTimeSeriesChart::tableShowsTheNumbers()
{
    m_chart->setTableShown(true);

    const auto *table = m_chart->findChild<QTableView *>();
    QVERIFY(table->isVisible());
    QCOMPARE(table->model()->rowCount(), 96);
    QCOMPARE(table->model()->index(10, 2).data().toString(), u"40"_s);

    m_chart->setTableShown(false);
    QVERIFY(plot()->isVisible());
}

void TestTimeSeriesChart::tableKeepsWhatIsSelected()
{
    m_chart->setTableShown(true);
    auto *table = m_chart->findChild<QTableView *>();
    const QAbstractItemModelTester tester(table->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    table->selectRow(10);
    QCOMPARE(table->model()->index(10, 2).data().toString(), u"40"_s);

    TimeSeries next = day();
    next.series[0].values[10] = 777;
    m_chart->setData(next);
    QVERIFY(table->selectionModel()->isRowSelected(10, {}));
    QCOMPARE(table->model()->index(10, 1).data().toString(), u"777"_s);

    // A quarter of an hour later.
    next.starts.removeFirst();
    next.starts.append(next.end);
    next.end += quarter;
    for (ChartSeries &each : next.series) {
        each.values.removeFirst();
        each.values.append(5);
    }
    m_chart->setData(next);
    QVERIFY(table->selectionModel()->isRowSelected(9, {}));
    QCOMPARE(table->model()->index(9, 1).data().toString(), u"777"_s);
    QCOMPARE(table->model()->rowCount(), 96);
    QCOMPARE(table->model()->index(95, 1).data().toString(), u"5"_s);

    next.series.removeFirst();
    m_chart->setData(next);
    QCOMPARE(table->model()->columnCount(), 2);
}

void TestTimeSeriesChart::copies()
{
    m_chart->copyCsv();
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"time,ok,5xx\n"_s));

    m_chart->copyImage();
    QCOMPARE(QGuiApplication::clipboard()->image().width(), plot()->width());
}

void TestTimeSeriesChart::describesItself()
{
    QVERIFY(m_chart->accessibleDescription().contains(u"5xx: least 0, most 40, last 0."_s));
}

void TestTimeSeriesChart::paintsErrorsAboveWhatWentWell()
{
    const QImage image = m_chart->image();
    const double x =
        plot()->xAxis->coordToPixel(static_cast<double>(day().starts.at(10) + quarter / 2));
    const auto colorAt = [&](double value) {
        return image.pixelColor(qRound(x), qRound(plot()->yAxis->coordToPixel(value))).rgb();
    };

    QCOMPARE(colorAt(120), lightPalette().slot(ChartSlot::Vermilion).rgb());
    QCOMPARE(colorAt(145), lightPalette().window.rgb());
    const QColor ok = QColor(colorAt(60));
    QVERIFY(ok.blue() > ok.red() + 60);
}

void TestTimeSeriesChart::paintsALonelyValueAsADot()
{
    TimeSeries data = day();
    data.series.removeLast();
    data.series.first().kind = SeriesKind::Line;
    data.series.first().values.fill(std::nan(""));
    data.series.first().values[10] = 100;
    data.series.first().values[60] = 50;
    m_chart->setData(data);
    plot()->replot();
    const QImage image = m_chart->image();

    const QPoint middle(
        qRound(plot()->xAxis->coordToPixel(double(data.starts.at(60) + quarter / 2))),
        qRound(plot()->yAxis->coordToPixel(50)));
    int painted = 0;
    for (int x = -4; x <= 4; ++x) {
        for (int y = -4; y <= 4; ++y) {
            const QRgb color = image.pixelColor(middle + QPoint(x, y)).rgb();
            painted += color == lightPalette().slot(ChartSlot::Blue).rgb() ? 1 : 0;
        }
    }
    QVERIFY2(painted >= 7, qPrintable(QString::number(painted)));
}

void TestTimeSeriesChart::drawsOnceForAResize()
{
    QTest::qWait(50); // what is due is drawn
    const QSignalSpy drawn(plot(), &QCustomPlot::afterReplot);

    m_chart->resize(700, 180);
    QTRY_COMPARE(plot()->width(), 700);
    QTest::qWait(50);

    QCOMPARE(drawn.size(), 1);
    QCOMPARE(plot()->viewport().width(), 700);
}

void TestTimeSeriesChart::followsTheScheme()
{
    Theme::apply(Scheme::Dark);

    QTRY_COMPARE(m_chart->image().pixelColor(1, 1).rgb(), darkPalette().window.rgb());
}

void TestTimeSeriesChart::emptyChartSaysSo()
{
    m_chart->setEmptyText(u"No requests yet"_s);
    m_chart->setData({});

    QTest::keyClick(plot(), Qt::Key_Right);
    QCOMPARE(m_chart->currentStep(), -1);
    const QImage empty = m_chart->image();
    m_chart->setEmptyText({});
    QVERIFY(m_chart->image() != empty);
}

QTEST_MAIN(TestTimeSeriesChart)
#include "tst_timeserieschart.moc"
