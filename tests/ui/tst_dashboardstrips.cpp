#include "admin/traffic/trafficservice.h"
#include "charts/charttable.h"
#include "charts/charttooltip.h"
#include "charts/rankedbars.h"
#include "charts/timeserieschart.h"
#include "dashboard/chartpanel.h"
#include "dashboard/healthpanel.h"
#include "dashboard/rankingpanel.h"
#include "domain/filterquery.h"
#include "ui/accessibilitywalk.h"
#include "widgets/uistate.h"

#include <QDateTime>
#include <QLabel>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

constexpr qint64 begin = 1'760'000'040'000;

ChannelHealthRow rowOf(qint64 cellLength)
{
    ChannelHealthRow row{.name = u"one"_s};
    row.overview.channel = {7};
    for (int i = 0; i < 60; ++i) {
        row.overview.strip.push_back(
            {.start = begin + i * cellLength, .length = cellLength, .attempts = 2, .ok = 1});
    }
    return row;
}

} // namespace

// The heat strips of the dashboard and what is said of them.
class DashboardStripsTest : public QObject
{
    Q_OBJECT

private slots:
    void theTimeIsNamed_data();
    void theTimeIsNamed();
    void cellsTellTheirLength();
    void whoLacksModelsIsNotHealthy();
    void whatRunsIsHeldAgainstTheLimit();
    void stripsAreShownAsATable();
    void barsAreShownAsATable();
    void othersAreADoor();
    void errorRatesNameTheirCodes();
};

void DashboardStripsTest::theTimeIsNamed_data()
{
    QTest::addColumn<QString>("span");
    QTest::addColumn<qint64>("cell");
    QTest::addColumn<QString>("time");
    QTest::addColumn<QString>("scale");

    QTest::newRow("minutes") << u"15m"_s << qint64(60'000) << u"last 60 minutes"_s
                             << u"1 cell = 1 min"_s;
    QTest::newRow("an hour") << u"1h"_s << qint64(60'000) << u"last 60 minutes"_s
                             << u"1 cell = 1 min"_s;
    QTest::newRow("a day") << u"24h"_s << qint64(1'440'000) << u"last 24 hours"_s
                           << u"1 cell = 24 min"_s;
    QTest::newRow("a week") << u"7d"_s << qint64(10'800'000) << u"last 7 days"_s
                            << u"1 cell = 3 h"_s;
}

void DashboardStripsTest::theTimeIsNamed()
{
    QFETCH(QString, span);
    QFETCH(qint64, cell);
    QFETCH(QString, time);
    QFETCH(QString, scale);
    HealthPanel panel;
    panel.resize(1200, 200);
    panel.show();

    panel.setTime(*TimeSpan::last(span));
    panel.setRows({rowOf(cell)});

    QCOMPARE(panel.grid().accessibleName(), QString(u"Channel health, "_s % time));
    QStringList texts;
    for (const QLabel *label : panel.findChildren<QLabel *>())
        texts.append(label->text());
    QVERIFY2(texts.contains(scale), qPrintable(texts.join(u'|')));
    // In a narrow window several are painted as one.
    panel.resize(520, 200);
    QTRY_VERIFY(panel.grid().scale() != scale);
    const QModelIndex index = panel.model().index(0);
    const QString tip = index.data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QString(u"of 120 attempts in the "_s % time)), qPrintable(tip));
    QVERIFY(index.data(Qt::AccessibleTextRole).toString().contains(time));
}

void DashboardStripsTest::cellsTellTheirLength()
{
    const HeatStrip strip = HealthModel::stripOf(rowOf(1'440'000).overview);
    const QString text = HeatText::cell(strip.cells.at(1));

    const QDateTime start = QDateTime::fromMSecsSinceEpoch(begin + 1'440'000);
    QVERIFY2(text.contains(start.toString(u"HH:mm"_s)), qPrintable(text));
    QVERIFY2(text.contains(start.addMSecs(1'440'000).toString(u"HH:mm"_s)), qPrintable(text));
    QVERIFY2(text.contains(QString::number(start.date().day())), qPrintable(text));
    // A single minute is told by its beginning alone.
    const HeatStrip minutes = HealthModel::stripOf(rowOf(60'000).overview);
    QVERIFY(!HeatText::cell(minutes.cells.at(1)).contains(u'–'));
}

// Of many it stands among those that need something.
void DashboardStripsTest::whoLacksModelsIsNotHealthy()
{
    std::vector<ChannelHealthRow> rows;
    for (int i = 1; i <= 20; ++i) {
        rows.push_back(rowOf(60'000));
        rows.back().overview.channel = {i};
    }
    rows.back().hasModels = false;
    HealthPanel panel;
    panel.setRows(rows);
    const QModelIndex last = panel.model().index(panel.model().rowCount() - 1);

    QCOMPARE(panel.model().rowCount(), 12);
    QCOMPARE(last.data(HealthModel::WordRole).toString(), u"No models"_s);
    QVERIFY(!last.data(Qt::AccessibleTextRole).toString().contains(u"Healthy"_s));
    QVERIFY(!panel.grab().isNull());
    // One that is switched off is said to be so.
    admin::ChannelOverview off = rows.back().overview;
    off.health = domain::Health::Disabled;
    panel.model().setState(off);
    QCOMPARE(last.data(HealthModel::WordRole).toString(), u"Disabled"_s);
}

void DashboardStripsTest::whatRunsIsHeldAgainstTheLimit()
{
    ChannelHealthRow limited = rowOf(60'000);
    limited.mostAtOnce = 4;
    limited.overview.running = 2;
    ChannelHealthRow free = rowOf(60'000);
    free.overview.channel = {8};
    HealthModel model;
    model.setRows({free});
    HealthGrid grid(&model);
    grid.resize(1200, 100);
    QCOMPARE(grid.widths().load, 0); // where nobody has a limit it takes no room

    model.setRows({limited, free});

    QVERIFY(grid.widths().load > 0);
    QCOMPARE(model.index(0).data(HealthModel::LoadRole).toString(), u"2/4"_s);
    QCOMPARE(model.index(0).data(HealthModel::FullnessRole).toDouble(), 0.5);
    QVERIFY(model.index(0).data(Qt::ToolTipRole).toString().contains(u"Running now: 2 of 4."_s));
    QVERIFY(model.index(0).data(Qt::AccessibleTextRole).toString().endsWith(u"2 of 4."_s));
    QCOMPARE(model.index(1).data(HealthModel::LoadRole).toString(), QString());
    admin::ChannelOverview now = limited.overview;
    now.running = 4;
    model.setState(now);
    QCOMPARE(model.index(0).data(HealthModel::LoadRole).toString(), u"4/4"_s);
    QVERIFY(!grid.grab().isNull());
}

void DashboardStripsTest::stripsAreShownAsATable()
{
    ChannelHealthRow row = rowOf(60'000);
    row.name = u"=a,b"_s;
    row.overview.strip.resize(3);
    row.overview.strip[1] = {.start = begin + 60'000};
    row.overview.strip[2].breakerOpen = true;
    HealthModel model;
    model.setRows({row});
    QWidget window;
    auto *grid = new HealthGrid(&model, &window);
    grid->setAccessibleName(u"Channel health"_s);
    window.show();

    grid->openTable();

    auto *table = window.findChild<ChartTable *>();
    QVERIFY(table);
    QCOMPARE(table->windowTitle(), u"Channel health"_s);
    const QAbstractItemModel *cells = table->table().model();
    QCOMPARE(cells->rowCount(), 2); // in the other one nothing happened
    QCOMPARE(cells->index(0, 2).data().toString(), u"2"_s);
    QCOMPARE(cells->index(0, 3).data().toString(), u"50.0 %"_s);
    QCOMPARE(cells->index(1, 4).data().toString(), u"open"_s);
    QVERIFY(table->csv().startsWith(u"Channel,Time,Attempts,Success,Breaker\n\"'=a,b\","_s));
    QCOMPARE(tests::accessibilityProblems(table), QStringList());
}

void DashboardStripsTest::barsAreShownAsATable()
{
    QWidget window;
    auto *bars = new RankedBars(&window);
    bars->setBars({{.name = u"gpt-5"_s, .value = u"$9.18"_s, .amount = 9}});
    window.show();

    bars->openTable();

    auto *table = window.findChild<ChartTable *>();
    QVERIFY(table);
    QCOMPARE(table->csv(), u"Name,Value\ngpt-5,$9.18\n"_s);
}

void DashboardStripsTest::othersAreADoor()
{
    using Kind = admin::RankingKind;
    const admin::Ranking models{
        .kind = Kind::Model,
        .entries = {{.filter = {.model = u"gpt-5"_s}}, {.filter = {.model = u"a b"_s}}},
        .others = 3};
    const admin::Ranking channels{.kind = Kind::Channel,
                                  .entries = {{.filter = {.channel = domain::ChannelId{7}}}},
                                  .others = 1};

    const domain::FilterQuery query =
        domain::filterQueryFrom(othersTermsOf(models), admin::TrafficService::filterKeys());

    QCOMPARE(query.terms.size(), 2);
    QVERIFY(query.terms.at(0).excluded && query.terms.at(1).excluded);
    QCOMPARE(query.terms.at(0).key, u"model"_s);
    QCOMPARE(query.terms.at(1).value, u"a b"_s);
    QCOMPARE(othersTermsOf(channels), u"-channel:#7"_s);
}

void DashboardStripsTest::errorRatesNameTheirCodes()
{
    QTemporaryDir directory;
    UiState state(directory.filePath(u"state.ini"_s));
    ChartPanel panel(state);
    panel.resize(800, 300);
    admin::Series source{.bucket = std::chrono::minutes(1)};
    source.buckets = {{.start = begin, .sums = {.ok = 9}},
                      {.start = begin + 60'000, .sums = {.ok = 6, .clientErrors = 4}}};
    panel.setKind(ChartKind::Errors);
    panel.setSource(source);
    panel.show();
    QSignalSpy wanted(&panel, &ChartPanel::codesWanted);

    panel.chart().setCurrentStep(0); // nothing failed there
    panel.chart().setCurrentStep(1);

    QCOMPARE(wanted.size(), 1);
    const auto range = wanted.front().front().value<admin::TimeRange>();
    QCOMPARE(range, (admin::TimeRange{begin + 60'000, begin + 120'000}));
    panel.setCodes(range,
                   {{.httpStatus = 429, .errorCode = "rate_limited", .count = 3},
                    {.httpStatus = 503, .errorCode = "overloaded", .count = 1}});
    const QList<ToolTipRow> notes = panel.chart().notes();
    QCOMPARE(notes.size(), 2);
    QCOMPARE(notes.at(0).name, u"429 rate_limited"_s);
    QCOMPARE(notes.at(0).value, u"3×"_s);
    QVERIFY(notes.at(0).slot == ChartSlot::Orange && notes.at(1).slot == ChartSlot::Vermilion);
    auto *tip = panel.findChild<ChartToolTip *>();
    QVERIFY2(tip->spoken().contains(u"429 rate_limited 3×"_s), qPrintable(tip->spoken()));
    panel.chart().setCurrentStep(0);
    QVERIFY(!tip->spoken().contains(u"rate_limited"_s));
    // They are those of the error rate alone.
    panel.setKind(ChartKind::Requests);
    QVERIFY(panel.chart().notes().isEmpty());
}

QTEST_MAIN(DashboardStripsTest)
#include "tst_dashboardstrips.moc"
