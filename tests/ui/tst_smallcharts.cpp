#include "charts/budgetbar.h"
#include "charts/gauge.h"
#include "charts/heatstrip.h"
#include "charts/rankedbars.h"
#include "charts/sparkline.h"
#include "theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>
#include <QtMath>

#include <cmath>

using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

namespace {

HeatStrip strip(const QList<double> &successes)
{
    HeatStrip result;
    for (const double success : successes)
        result.cells.append(HeatCell{.success = success});
    return result;
}

template<typename Paint>
QImage painted(QSize size, Paint paint)
{
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Theme::current().base);
    QPainter painter(&image);
    paint(&painter, QRect(QPoint(), size));
    return image;
}

int pixelsOf(const QImage &image, const QColor &color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
    }
    return count;
}

} // namespace

// Heat strip, sparkline, ranked bars, budget bar, gauge.
class TestSmallCharts : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void heatSteps_data();
    void heatSteps();
    void joiningKeepsTheWorst();
    void heatStripUsesWholePixels();
    void worseCellsStandTaller();
    void openBreakerIsHatched();
    void narrowStripJoinsCells();
    void cellUnderTheMouse();
    void cellUnderTheMouseIsThePaintedOne_data();
    void cellUnderTheMouseIsThePaintedOne();
    void heatWords();
    void heatDelegatePaints();
    void sparklineRanges();
    void sparklineWithoutValuesPaintsNothing();
    void rankedBarsAreClickable();
    void rankedBarsChangeInPlace();
    void rankedBarsSpeak();
    void budgetTones();
    void budgetBarPaints();
    void budgetBarsStandOutFromSelectedRows();
    void budgetsFitIntoTheUsualWidth();
    void budgetsAreShortenedNotCut();
    void budgetsFollowTheLookOfTheirTable();
    void gaugeSpeaks();
};

void TestSmallCharts::init()
{
    QLocale::setDefault(QLocale::C);
    Theme::apply(Scheme::Light);
}

void TestSmallCharts::heatSteps_data()
{
    QTest::addColumn<double>("success");
    QTest::addColumn<int>("step");
    QTest::newRow("all") << 1.0 << 0;
    QTest::newRow("just good") << 0.995 << 0;
    QTest::newRow("fair") << 0.97 << 1;
    QTest::newRow("poor") << 0.9 << 2;
    QTest::newRow("bad") << 0.6 << 3;
    QTest::newRow("worse") << 0.59 << 4;
}

void TestSmallCharts::heatSteps()
{
    QFETCH(double, success);
    QFETCH(int, step);

    QCOMPARE(heatStep(success), step);
}

void TestSmallCharts::joiningKeepsTheWorst()
{
    HeatStrip given = strip({1, 0.5, -1, 0.9, -1, -1, 1});
    given.cells[3].open = true;

    const HeatStrip result = joined(given, 2);

    QCOMPARE(result.cells.size(), 4);
    QCOMPARE(result.cells.at(0).success, 1.0);
    QCOMPARE(result.cells.at(1).success, 0.5);
    QVERIFY(result.cells.at(2).open);
    QCOMPARE(result.cells.at(3).success, 1.0);
}

void TestSmallCharts::heatStripUsesWholePixels()
{
    const QImage image = painted({240, 14}, [](QPainter *painter, const QRect &rect) {
        paintHeatStrip(painter, rect, strip(QList<double>(60, 1.0)));
    });

    QSet<QRgb> colors;
    for (int x = 0; x < heatStripWidth(60); ++x)
        colors.insert(image.pixel(x, 13));
    QCOMPARE(colors, QSet<QRgb>({lightPalette().heat.at(0).rgb(), lightPalette().base.rgb()}));
}

void TestSmallCharts::worseCellsStandTaller()
{
    const QImage image = painted({60, 14}, [](QPainter *painter, const QRect &rect) {
        paintHeatStrip(painter, rect, strip({1, 0.98, 0.95, 0.7, 0.1}));
    });

    int previous = 0;
    for (size_t step = 0; step < 5; ++step) {
        const int count = pixelsOf(image, lightPalette().heat.at(step));
        QVERIFY(count >= previous);
        previous = count;
    }
    QVERIFY(previous > pixelsOf(image, lightPalette().heat.at(0)));
}

void TestSmallCharts::openBreakerIsHatched()
{
    HeatStrip given = strip({-1, -1, -1, -1});
    for (HeatCell &cell : given.cells)
        cell.open = true;

    const QImage image = painted({60, 14}, [&](QPainter *painter, const QRect &rect) {
        paintHeatStrip(painter, rect, given);
    });

    // One area of tint and mark without the gaps of cells.
    const int area = heatStripWidth(4) * Theme::px(14);
    QCOMPARE(pixelsOf(image, lightPalette().base), 60 * 14 - area);
    QSet<QRgb> shades;
    for (int x = 0; x < heatStripWidth(4); ++x)
        shades.insert(image.pixel(x, 9));
    QVERIFY(shades.size() > 2);
}

void TestSmallCharts::narrowStripJoinsCells()
{
    const HeatStrip given = strip(QList<double>(60, 1.0));
    const int width = heatStripWidth(30);
    const QImage image = painted({width, 14}, [&](QPainter *painter, const QRect &rect) {
        paintHeatStrip(painter, rect, given);
    });

    QCOMPARE(image.pixelColor(width - 1, 13).rgb(), lightPalette().heat.at(0).rgb());
    QCOMPARE(heatCellAt({0, 0, width, 14}, given, width - 1), 59);
}

void TestSmallCharts::cellUnderTheMouse()
{
    const HeatStrip given = strip(QList<double>(60, 1.0));
    const QRect wide(0, 0, heatStripWidth(60), 14);

    QCOMPARE(heatCellAt(wide, given, 0), 0);
    QCOMPARE(heatCellAt(wide, given, wide.width() - 1), 59);
    QCOMPARE(heatCellAt(wide, given, wide.width() + 20), -1);
    QCOMPARE(heatCellAt(wide, given, -1), -1);
}

void TestSmallCharts::cellUnderTheMouseIsThePaintedOne_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<int>("width");
    for (const double scale : {1.0, 1.25, 1.5, 1.75, 2.0}) {
        QTest::addRow("all cells at %g", scale) << scale << heatStripWidth(60, scale);
        QTest::addRow("half of them at %g", scale) << scale << heatStripWidth(30, scale);
    }
}

// One bad cell: where it is painted, and nowhere else, the mouse finds it.
void TestSmallCharts::cellUnderTheMouseIsThePaintedOne()
{
    QFETCH(double, scale);
    QFETCH(int, width);
    QList<double> successes(60, 1.0);
    successes[59 - 12] = 0.1; // the newest of its group, if they are joined in pairs: 12 is even
    const HeatStrip given = strip(successes);
    QImage image(QSizeF(width * scale, 14 * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(Qt::white);
    QPainter painter(&image);
    const QRect rect(0, 0, width, 14);
    paintHeatStrip(&painter, rect, given);
    painter.end();

    int found = 0;
    for (int x = 0; x < image.width(); ++x) {
        // A cell that is bad is as high as the strip.
        const bool isBad =
            image.pixelColor(x, image.height() / 4).rgb() == lightPalette().heat.at(4).rgb();
        if (!isBad)
            continue;
        ++found;
        const int place = qCeil(x / scale);
        if (qFloor(place * scale) == x)
            QCOMPARE(heatCellAt(rect, given, place, scale), 59 - 12);
    }
    QVERIFY(found > 0);
    QCOMPARE(heatCellAt(rect, given, 0, scale), width == heatStripWidth(60, scale) ? 0 : 1);
}

void TestSmallCharts::heatWords()
{
    HeatStrip given = strip({1, 0.75, -1});
    given.cells.append(HeatCell{.open = true});

    QCOMPARE(HeatText::cell({.success = 0.987}), u"98.7 % success"_s);
    QCOMPARE(HeatText::cell({}), u"No requests"_s);
    const QDateTime time(QDate(2026, 3, 14), QTime(14, 29));
    QCOMPARE(HeatText::cell({.success = 0.5, .start = time.toMSecsSinceEpoch(), .attempts = 4}),
             u"14:29\n50.0 % success\n4 attempts"_s);
    QVERIFY(HeatText::summary(given).startsWith(u"The worst stretch had 75.0 % success."_s));
    QCOMPARE(HeatText::summary(strip({-1, -1})), u"There were no requests."_s);
}

void TestSmallCharts::heatDelegatePaints()
{
    QStandardItemModel model(1, 1);
    model.setData(model.index(0, 0), QVariant::fromValue(strip({0.1, 0.1})), Qt::UserRole);
    QTableView view;
    view.setModel(&model);
    HeatStripDelegate delegate(Qt::UserRole);
    view.setItemDelegate(&delegate);
    view.resize(200, 100);

    const QImage image = view.viewport()->grab().toImage();

    QVERIFY(pixelsOf(image, lightPalette().heat.at(4)) > 20);

    // Upon the ground of the other cells of its row.
    const QColor ground(1, 2, 3);
    HeatStripDelegate grounded(
        Qt::UserRole,
        nullptr,
        [ground](QPainter *painter, const QStyleOptionViewItem &option, int row) {
            painter->fillRect(option.rect, row == 0 ? ground : QColor(Qt::black));
        });
    view.setItemDelegate(&grounded);
    const QImage upon = view.viewport()->grab().toImage();
    QVERIFY(pixelsOf(upon, ground) > 20);
    QVERIFY(pixelsOf(upon, lightPalette().heat.at(4)) > 20);
}

void TestSmallCharts::sparklineRanges()
{
    const auto lowest = [](const Sparkline &line) {
        const QImage image = painted({44, 18}, [&](QPainter *painter, const QRect &rect) {
            paintSparkline(painter, rect, line);
        });
        for (int y = image.height() - 1; y >= 0; --y) {
            if (image.pixelColor(3, y).rgb() != lightPalette().base.rgb())
                return y;
        }
        return -1;
    };

    // 90 to 100: near the top of a range from zero, at the bottom of its own.
    QVERIFY(lowest({.values = {90, 90, 100}, .fromZero = true}) < 8);
    QVERIFY(lowest({.values = {90, 90, 100}, .fromZero = false}) > 12);
}

void TestSmallCharts::sparklineWithoutValuesPaintsNothing()
{
    const QImage image = painted({44, 18}, [](QPainter *painter, const QRect &rect) {
        paintSparkline(painter, rect, {.values = {std::nan(""), std::nan("")}});
        paintSparkline(painter, rect, {});
    });

    QCOMPARE(pixelsOf(image, lightPalette().base), 44 * 18);
}

void TestSmallCharts::rankedBarsAreClickable()
{
    RankedBars bars;
    bars.setBars(
        {{.name = u"claude"_s, .value = u"$9"_s, .amount = 9, .key = u"model:claude"_s},
         {.name = u"Other (3)"_s, .value = u"$1"_s, .amount = 1, .slot = ChartSlot::Grey}});
    bars.resize(300, bars.sizeHint().height());
    bars.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bars));
    QSignalSpy activated(&bars, &RankedBars::barActivated);
    const auto click = [&](int row) {
        QTest::mouseClick(bars.viewport(),
                          Qt::LeftButton,
                          {},
                          bars.visualRect(bars.model()->index(row, 0)).center());
    };

    click(1);
    QCOMPARE(activated.size(), 0);
    click(0);
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().toString(), u"model:claude"_s);
}

void TestSmallCharts::rankedBarsChangeInPlace()
{
    RankedBars bars;
    const auto show = [&bars](const QString &value, int count) {
        QList<RankedBar> all;
        for (int i = 0; i < count; ++i)
            all.append(
                {.name = u"claude"_s, .value = value, .amount = 9, .key = u"model:claude"_s});
        bars.setBars(all);
    };
    show(u"$9"_s, 2);
    bars.resize(300, bars.sizeHint().height());
    bars.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bars));
    QSignalSpy activated(&bars, &RankedBars::barActivated);
    bars.setCurrentIndex(bars.model()->index(1, 0));
    const QPoint place = bars.visualRect(bars.model()->index(1, 0)).center();

    QTest::mousePress(bars.viewport(), Qt::LeftButton, {}, place);
    show(u"$10"_s, 3);
    QTest::mouseRelease(bars.viewport(), Qt::LeftButton, {}, place);

    QCOMPARE(activated.size(), 1);
    QCOMPARE(bars.currentIndex().row(), 1);
    QCOMPARE(bars.model()->rowCount(), 3);
    QCOMPARE(bars.model()->index(1, 0).data(Qt::AccessibleTextRole).toString(), u"claude, $10"_s);
    show(u"$10"_s, 1);
    QCOMPARE(bars.model()->rowCount(), 1);
    show({}, 0);
    QCOMPARE(bars.model()->rowCount(), 0);
}

void TestSmallCharts::rankedBarsSpeak()
{
    RankedBars bars;
    bars.setBars({{.name = u"claude"_s, .value = u"$9"_s, .amount = 9}});

    QCOMPARE(bars.model()->index(0, 0).data(Qt::AccessibleTextRole).toString(), u"claude, $9"_s);
}

void TestSmallCharts::budgetTones()
{
    QCOMPARE(budgetTone({.share = 0.5}), Tone::Neutral);
    QCOMPARE(budgetTone({.share = 0.8}), Tone::Caution);
    QCOMPARE(budgetTone({.share = 1.0}), Tone::Action);
    QCOMPARE(budgetTone({.share = 1.0, .limited = false}), Tone::Neutral);
}

void TestSmallCharts::budgetBarPaints()
{
    QStandardItemModel model(1, 1);
    const Budget budget{.share = 0.86, .amounts = u"$5.16 / $6"_s, .period = u"a day"_s};
    model.setData(model.index(0, 0), QVariant::fromValue(budget), Qt::UserRole);
    QTableView view;
    view.setModel(&model);
    BudgetBarDelegate delegate(Qt::UserRole);
    view.setItemDelegate(&delegate);
    view.setColumnWidth(0, 260);
    view.resize(300, 100);

    const QImage image = view.viewport()->grab().toImage();

    QVERIFY(pixelsOf(image, lightPalette().caution.mark) > 60);
    QVERIFY(pixelsOf(image, lightPalette().line) > 5);
}

// The ground of a row that is selected elsewhere is the colour of the bar's own.
void TestSmallCharts::budgetBarsStandOutFromSelectedRows()
{
    const QColor ground = lightPalette().selectedInactive;
    const auto bar = [ground](bool outlined) {
        return painted({120, 30}, [&](QPainter *painter, const QRect &rect) {
            painter->fillRect(rect, ground);
            paintBar(painter, QRectF(10, 10, 100, 8), 0, lightPalette().mark, outlined);
        });
    };

    const QImage outlined = bar(true);

    QCOMPARE(pixelsOf(bar(false), lightPalette().control), 0);
    QVERIFY(pixelsOf(outlined, lightPalette().control) > 100);
    QVERIFY(pixelsOf(outlined, lightPalette().base) > 100);
}

void TestSmallCharts::budgetsFitIntoTheUsualWidth()
{
    const Budget budget{.share = 0.5, .amounts = u"$888.88 / $888.88"_s, .period = u"a month"_s};
    QStandardItemModel model(1, 1);
    model.setData(model.index(0, 0), QVariant::fromValue(budget), Qt::UserRole);
    QTableView view;
    view.setModel(&model);
    BudgetBarDelegate delegate(Qt::UserRole);
    view.setItemDelegate(&delegate);
    view.setShowGrid(false);
    view.resize(400, 100);
    const int usual = BudgetBarDelegate::usualWidth(view.fontMetrics());
    view.setColumnWidth(0, usual);
    const QImage whole = view.viewport()->grab().toImage();

    const int narrow = usual - Theme::px(30);
    view.setColumnWidth(0, narrow);
    const QImage image = view.viewport()->grab().toImage();

    // The bar is what gives way, and the words stand as they do where there is more room.
    QVERIFY(pixelsOf(image, lightPalette().mark) < pixelsOf(whole, lightPalette().mark));
    QVERIFY(pixelsOf(image, lightPalette().mark) > 10);
    const int words = usual - Theme::px(67 + 16);
    const auto right = [&](const QImage &picture, int width) {
        return picture.copy(width - words, 0, words, view.rowHeight(0));
    };
    QCOMPARE(right(image, narrow), right(whole, usual));
}

// What has no room is painted as though its short form were all there is.
void TestSmallCharts::budgetsAreShortenedNotCut()
{
    const auto cell = [](const QString &amounts, const QString &brief) {
        QStandardItemModel model(1, 1);
        const Budget budget{.share = 0.5, .amounts = amounts, .brief = brief};
        model.setData(model.index(0, 0), QVariant::fromValue(budget), Qt::UserRole);
        QTableView view;
        view.setModel(&model);
        BudgetBarDelegate delegate(Qt::UserRole);
        view.setItemDelegate(&delegate);
        view.resize(400, 100);
        view.setColumnWidth(0, BudgetBarDelegate::usualWidth(view.fontMetrics()));
        return view.viewport()->grab().toImage();
    };
    const QString whole = u"$1,000,000,000.00 / $1,000,000,000,000,000.00"_s;

    QCOMPARE(cell(whole, u"$1 / $2"_s), cell(u"$1 / $2"_s, {}));
    QCOMPARE(cell(whole, {}), cell(u"…"_s, {}));
}

void TestSmallCharts::budgetsFollowTheLookOfTheirTable()
{
    const Budget budget{.share = 0.9, .amounts = u"$9 / $10"_s, .period = u"a day"_s};
    QStandardItemModel model(1, 1);
    model.setData(model.index(0, 0), QVariant::fromValue(budget), Qt::UserRole);
    QTableView view;
    view.setModel(&model);
    const QColor ground(1, 2, 3);
    const auto fill = [ground](QPainter *painter, const QStyleOptionViewItem &option, int) {
        painter->fillRect(option.rect, ground);
    };
    BudgetBarDelegate delegate(Qt::UserRole, nullptr, {fill, [](const QModelIndex &, bool) {
                                                           return lightPalette().secondary;
                                                       }});
    view.setItemDelegate(&delegate);
    view.setColumnWidth(0, 260);
    view.resize(300, 100);

    const QImage image = view.viewport()->grab().toImage();

    QVERIFY(pixelsOf(image, ground) > 1000);
    QCOMPARE(pixelsOf(image, lightPalette().caution.mark), 0);
}

void TestSmallCharts::gaugeSpeaks()
{
    Gauge gauge;

    gauge.setValue(0.5, u"3 of 6 requests in flight"_s, Tone::Busy);

    QCOMPARE(gauge.accessibleDescription(), u"3 of 6 requests in flight"_s);
    gauge.resize(100, 16);
    const QImage image = gauge.grab().toImage();
    QCOMPARE(image.pixelColor(20, 8).rgb(), lightPalette().busy.mark.rgb());
    QCOMPARE(image.pixelColor(80, 8).rgb(), lightPalette().line.rgb());
}

QTEST_MAIN(TestSmallCharts)
#include "tst_smallcharts.moc"
