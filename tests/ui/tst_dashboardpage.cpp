#include "admin/administration.h"
#include "charts/chartlegend.h"
#include "charts/timeserieschart.h"
#include "dashboard/attentionpanel.h"
#include "dashboard/chartpanel.h"
#include "dashboard/dashboardpage.h"
#include "dashboard/healthpanel.h"
#include "dashboard/rankingpanel.h"
#include "dashboard/tilestrip.h"
#include "domain/filterquery.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/rangedialog.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDateTimeEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTabBar>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

domain::FilterQuery queryFrom(const QString &text)
{
    return domain::filterQueryFrom(text, admin::TrafficService::filterKeys());
}

const QString markup = u"Echo <b>bold</b>, \u05e9\u05dc\u05d5\u05dd"_s;

QPushButton *buttonNamed(QWidget &root, const QString &text)
{
    const auto buttons = root.findChildren<QPushButton *>();
    const auto found = std::find_if(buttons.begin(), buttons.end(), [&text](const auto *button) {
        return button->text() == text;
    });
    return found == buttons.end() ? nullptr : *found;
}

} // namespace

// The dashboard over a gateway that serves real requests by the Echo provider.
class DashboardPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void rangesAreRememberedAsTheyWere();
    void rangesLeadToTheirRequests();
    void tilesTellChanges();
    void tilesKnowZeroAndHugeNumbers();
    void chartsTellOffFromNothing();
    void chartsShowTimesBelowAMillisecond();
    void chartsTellFewFailuresFromMany();
    void costIsHeldAgainstItsBudget();
    void costGoesOnDotted();
    void rankingsLeadToExactNames();
    void healthModelIsSound();
    void healthShowsTheTroubledOfMany();
    void attentionSaysWhatCanBeDone();
    void attentionKeepsItsRows();
    void beginsWithTheChecklist();
    void becomesTheDashboardWithTheFirstRequest();
    void tilesLeadToTraffic();
    void channelsLeadToTraffic();
    void barsLeadToTraffic();
    void rankingKindIsChosen();
    void chartsAreChosenByTabs();
    void latencyIsThatOfTheFirstTokenOrOfAll();
    void hiddenSeriesBelongToTheirChart();
    void chartMenuIsThePages();
    void chartIsShownAsTable();
    void comparisonCanBeSwitchedOff();
    void rangeIsChosen();
    void ownRangeIsChosen();
    void ownRangeMustHaveALength();
    void refreshesByItself();
    void failureStaysUntilAllIsAnswered();
    void languageKeepsTheState();
    void isAccessible();

private:
    QStackedWidget *stack() const { return m_page->findChild<QStackedWidget *>(); }
    TileStrip *tiles() const { return m_page->findChild<TileStrip *>(); }
    QAction *action(const QString &name) const { return m_page->findChild<QAction *>(name); }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<DashboardPage> m_page;
};

void DashboardPageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void DashboardPageTest::init()
{
    m_page = std::make_unique<DashboardPage>(m_fixture->services());
    m_page->resize(1032, 690);
    m_page->show();
    m_page->setActive(true);
}

void DashboardPageTest::cleanup()
{
    m_page.reset();
}

void DashboardPageTest::rangesAreRememberedAsTheyWere()
{
    UiState state(m_fixture->directory() + u"/ranges.ini"_s);
    QCOMPARE(TimeSpan::restored(state).id(), u"24h"_s);

    TimeSpan::last(u"7d"_s)->remember(state);
    QCOMPARE(TimeSpan::restored(state).id(), u"7d"_s);

    const auto own = TimeSpan::fixed({.since = 1'700'000'000'000, .until = 1'700'100'000'000});
    own->remember(state);
    QCOMPARE(TimeSpan::restored(state), *own);
    QVERIFY(!TimeSpan::last(u"8d"_s));
    QVERIFY(!TimeSpan::fixed({.since = 5, .until = 5}));
}

void DashboardPageTest::rangesLeadToTheirRequests()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const QString &id : TimeSpan::ids()) {
        const TimeSpan span = *TimeSpan::last(id);
        QCOMPARE(span.trafficTerms(), QString(u"since:" % id));
        QCOMPARE(span.range(now).until, now);
        QCOMPARE(span.refreshInterval().count(),
                 span.range(now).length() <= 3'600'000 ? qint64(1) : qint64(30));
    }
    const auto own = TimeSpan::fixed({.since = 1'700'000'000'000, .until = 1'700'100'000'000});
    const auto answered =
        m_fixture->wait(m_fixture->administration().traffic.count(queryFrom(own->trafficTerms())));
    QCOMPARE(answered.requests, 0);
}

void DashboardPageTest::tilesTellChanges()
{
    admin::Figures figures;
    figures.now.sums.ok = 90;
    figures.now.sums.serverErrors = 10;
    figures.before.sums.ok = 50;
    figures.now.firstByte.p50 = 684;
    figures.now.firstByte.p95 = 2'900;
    figures.before.firstByte.p50 = 610;

    const TileContent requests = TileText::content(Tile::Requests, figures, true);
    QCOMPARE(requests.number, u"100"_s);
    QCOMPARE(requests.delta, u"100 %"_s);
    QVERIFY(requests.direction == TileContent::Direction::Up);
    QVERIFY(!requests.deltaTone);

    const TileContent success = TileText::content(Tile::Success, figures, true);
    QCOMPARE(success.number, u"90.0"_s);
    QCOMPARE(success.unit, u"%"_s);
    QCOMPARE(success.delta, u"10.0 points"_s);
    QCOMPARE(success.deltaTone, std::optional(Tone::Failure));
    QVERIFY(success.accessible.contains(u"down by 10.0 points"_s));

    const TileContent first = TileText::content(Tile::FirstToken, figures, true);
    QCOMPARE(first.number, u"684"_s);
    QCOMPARE(first.unit, u"ms"_s);
    QCOMPARE(first.deltaTone, std::optional(Tone::Caution));
    QVERIFY(first.note.contains(u"2.90 s"_s));

    const TileContent alone = TileText::content(Tile::Success, figures, false);
    QVERIFY(alone.delta.isEmpty());
    QVERIFY(!alone.deltaTone);
}

void DashboardPageTest::tilesKnowZeroAndHugeNumbers()
{
    const admin::Figures none;
    QCOMPARE(TileText::content(Tile::Requests, none, true).number, u"0"_s);
    QCOMPARE(TileText::content(Tile::Success, none, true).number, Format::absent());
    QCOMPARE(TileText::content(Tile::Cost, none, true).number, u"$0.00"_s);
    QCOMPARE(TileText::content(Tile::CacheHits, none, true).number, Format::absent());

    admin::Figures huge;
    huge.now.sums.ok = std::numeric_limits<qint64>::max() / 2;
    huge.now.sums.inputTokens = std::numeric_limits<qint64>::max() / 2;
    huge.now.sums.cost.nanoDollars = std::numeric_limits<qint64>::max();
    huge.before.sums.ok = 1;
    QCOMPARE(TileText::content(Tile::Requests, huge, true).delta, u">9999 %"_s);
    QCOMPARE(TileText::content(Tile::Tokens, huge, true).unit, u"G"_s);
    TileStrip strip;
    strip.setFigures(huge);
    strip.resize(660, 77);
    QVERIFY(!strip.grab().isNull());
}

void DashboardPageTest::chartsTellOffFromNothing()
{
    admin::Series source{.bucket = std::chrono::minutes(15)};
    for (int i = 0; i < 8; ++i) {
        admin::SeriesBucket bucket{.start = i * 900'000LL, .running = i != 3 && i != 4};
        bucket.sums.ok = i == 1 ? 5 : 0;
        source.buckets.push_back(bucket);
    }

    const TimeSeries requests = ChartText::series(ChartKind::Requests, source);
    QCOMPARE(requests.off, QList<ChartPeriod>({{.from = 2'700'000, .to = 4'500'000}}));
    QCOMPARE(requests.series.front().values.at(1), 5.0);
    QCOMPARE(requests.series.front().values.at(2), 0.0);
    QVERIFY(std::isnan(requests.series.front().values.at(3)));
    QCOMPARE(requests.end, 7'200'000);
    QCOMPARE(ChartText::bucket(source.bucket), u"per 15 min"_s);
    // Nobody was served with success, so there is nothing to draw.
    QVERIFY(ChartText::series(ChartKind::Latency, source).isEmpty());
}

// A provider on the same machine answers within a millisecond.
void DashboardPageTest::chartsShowTimesBelowAMillisecond()
{
    admin::Series source{.bucket = std::chrono::minutes(15)};
    admin::SeriesBucket bucket{.start = 0};
    bucket.sums.ok = 1;
    bucket.elapsed = {.p50 = 0, .p95 = 0, .p99 = 0};
    source.buckets = {bucket, {.start = 900'000}};

    const TimeSeries latency = ChartText::series(ChartKind::Latency, source);

    QCOMPARE(latency.series.size(), 3);
    QCOMPARE(latency.series.front().values.front(), 0.0);
    QVERIFY(std::isnan(latency.series.front().values.back()));
    TimeSeriesChart chart;
    chart.resize(400, 200);
    chart.setLogarithmic(true);
    chart.setData(latency);
    QVERIFY(!chart.grab().isNull());
}

void DashboardPageTest::chartsTellFewFailuresFromMany()
{
    admin::Series source{.bucket = std::chrono::minutes(1)};
    source.buckets.push_back(
        {.start = 0, .sums = {.ok = 6, .clientErrors = 1, .serverErrors = 1, .cancelled = 92}});
    source.buckets.push_back({.start = 60'000, .sums = {.serverErrors = 1}});
    source.buckets.push_back({.start = 120'000, .running = false});
    source.buckets.push_back({.start = 180'000});

    const TimeSeries errors = ChartText::series(ChartKind::Errors, source);

    QCOMPARE(errors.series.size(), 3);
    QCOMPARE(errors.series[0].values.first(2), QList<double>({12.5, 0}));
    QCOMPARE(errors.series[1].values.first(2), QList<double>({12.5, 0}));
    QCOMPARE(errors.series[2].values.first(2), QList<double>({0, 100}));
    QVERIFY(std::isnan(errors.series[0].values[2]));
    QCOMPARE(errors.series[2].values[3], 0.0);
    QCOMPARE(errors.text(12.5), Format::percent(0.125));
    source.buckets.resize(1);
    source.buckets.front().sums = {.ok = 9};
    QVERIFY(ChartText::series(ChartKind::Errors, source).isEmpty());
}

// The total begins anew with the period, so that it says what is used of the budget.
void DashboardPageTest::costIsHeldAgainstItsBudget()
{
    admin::Series source{.bucket = std::chrono::hours(1)};
    for (int i = 0; i < 4; ++i)
        source.buckets.push_back(
            {.start = i * 3'600'000LL, .sums = {.cost = {(i + 1) * 1'000'000'000LL}}});
    const admin::CostBudget budget{.period = domain::BudgetPeriod::Day,
                                   .limit = {5 * domain::Quota::perDollar},
                                   .budgets = 1,
                                   .beginnings = {7'200'000}};

    const TimeSeries plain = ChartText::cost(source, {});
    const TimeSeries held = ChartText::cost(source, {.budget = budget});

    QCOMPARE(plain.series.at(1).values, QList<double>({1, 3, 6, 10}));
    QVERIFY(!plain.limit);
    QCOMPARE(plain.series.at(1).name, u"in total"_s);
    QCOMPARE(held.series.at(0).values, QList<double>({1, 2, 3, 4}));
    QCOMPARE(held.series.at(1).values, QList<double>({1, 3, 3, 7}));
    QCOMPARE(held.series.at(1).name, u"of the day"_s);
    QCOMPARE(held.limit, std::optional(5.0));
    QVERIFY2(held.limitName.contains(u"$5.00"_s), qPrintable(held.limitName));
    QCOMPARE(held.text(7), u"$7.00"_s);
    QVERIFY(describe(held).contains(held.limitName));
    TimeSeriesChart chart;
    chart.resize(400, 200);
    chart.setData(held);
    QVERIFY(!chart.grab().isNull());
}

void DashboardPageTest::costGoesOnDotted()
{
    admin::Series source{.bucket = std::chrono::hours(1)};
    for (int i = 0; i < 3; ++i)
        source.buckets.push_back({.start = i * 3'600'000LL, .sums = {.cost = {2'000'000'000}}});
    const admin::CostForecast forecast{.since = 10'800'000,
                                       .until = 16'200'000, // an hour and a half ahead
                                       .nanoDollarsPerMillisecond = 2'000'000'000.0 / 3'600'000};

    const TimeSeries cost = ChartText::cost(source, {.forecast = forecast});

    QCOMPARE(cost.starts, QList<qint64>({0, 3'600'000, 7'200'000, 10'800'000, 14'400'000}));
    QCOMPARE(cost.end, 16'200'000);
    QCOMPARE(cost.series.size(), 3);
    const ChartSeries &ahead = cost.series.last();
    QCOMPARE(ahead.kind, SeriesKind::Forecast);
    QVERIFY(std::isnan(ahead.values.at(1)));
    QCOMPARE(ahead.values.at(2), 6.0);
    QCOMPARE(ahead.values.at(3), 8.0);
    QCOMPARE(ahead.values.at(4), 9.0);
    QCOMPARE(TimeSeries::lastOf(cost.series.at(1).values), 6.0);
    QVERIFY(std::isnan(cost.series.at(0).values.last()));
    TimeSeriesChart chart;
    chart.resize(400, 200);
    chart.setData(cost);
    QCOMPARE(chart.visiblePeriod(), (ChartPeriod{0, 16'200'000}));
    QVERIFY(!chart.grab().isNull());
    // Nothing was spent, so that nothing goes on.
    for (admin::SeriesBucket &bucket : source.buckets)
        bucket.sums = {};
    QVERIFY(ChartText::cost(source, {.forecast = forecast}).isEmpty());
}

void DashboardPageTest::rankingsLeadToExactNames()
{
    using Kind = admin::RankingKind;
    const admin::RankingEntry user{.filter = {.user = domain::UserId{7}}, .name = u"al ice"_s};
    // Who is renamed has requests of both names.
    QCOMPARE(trafficTermsOf(Kind::User, user), u"user:#7"_s);
    // Two may have one name.
    const admin::RankingEntry channel{.filter = {.channel = domain::ChannelId{7}},
                                      .name = u"Qwen"_s};
    QCOMPARE(trafficTermsOf(Kind::Channel, channel), u"channel:#7"_s);
    const admin::RankingEntry gone{.filter = {.user = domain::UserId{9}}};
    QCOMPARE(trafficTermsOf(Kind::User, gone), u"user:#9"_s);
}

void DashboardPageTest::healthModelIsSound()
{
    HealthModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ChannelHealthRow open{.name = QString(10'000, u'x')};
    open.overview.channel = {1};
    open.overview.health = domain::Health::Open;
    open.overview.until = QDateTime::currentMSecsSinceEpoch() + 161'000;
    open.overview.minutes = {{.requests = 4, .ok = 1}, {.breakerOpen = true}};
    ChannelHealthRow fine{.name = markup};
    fine.overview.channel = {2};
    fine.overview.minutes = {{.requests = 4, .ok = 4}, {}};
    model.setRows({open, fine});

    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.index(0).data(HealthModel::WordRole).toString().startsWith(u"Open 2:"_s));
    QCOMPARE(model.index(1).data(HealthModel::WordRole).toString(), u"100 %"_s);
    QVERIFY(model.index(1).data(Qt::AccessibleTextRole).toString().startsWith(markup));
    QVERIFY(!model.index(1).data(Qt::ToolTipRole).toString().contains(u"<b>"_s));

    admin::ChannelOverview refused = fine.overview;
    refused.health = domain::Health::AuthenticationFailed;
    refused.minutes.clear();
    model.setState(refused);
    QCOMPARE(model.index(1).data(HealthModel::WordRole).toString(), u"Auth failed"_s);
    QCOMPARE(model.index(1).data(HealthModel::StripRole).value<HeatStrip>().cells.size(), 2);
    HealthGrid grid(&model);
    grid.resize(600, grid.sizeHint().height());
    QVERIFY(!grid.grab().isNull());
    // Two columns, side by side.
    QCOMPARE(grid.visualRect(model.index(0)).top(), grid.visualRect(model.index(1)).top());
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
}

void DashboardPageTest::healthShowsTheTroubledOfMany()
{
    HealthPanel panel;
    std::vector<ChannelHealthRow> rows;
    for (int i = 1; i <= 30; ++i) {
        ChannelHealthRow row{.name = u"Channel %1"_s.arg(i)};
        row.overview.channel = {i};
        row.overview.health = i == 30 ? domain::Health::Open : domain::Health::Healthy;
        rows.push_back(row);
    }
    panel.setRows(rows);
    panel.show();

    QCOMPARE(panel.model().rowCount(), 12);
    QCOMPARE(panel.model().index(11).data().toString(), u"Channel 30"_s);
    QTest::mouseClick(buttonNamed(panel, u"Show all 30"_s), Qt::LeftButton);
    QCOMPARE(panel.model().rowCount(), 30);
}

void DashboardPageTest::attentionSaysWhatCanBeDone()
{
    using Kind = admin::AttentionItem::Kind;
    AttentionPanel panel;
    panel.show();
    QVERIFY(!buttonNamed(panel, u"Errors"_s));
    admin::AttentionItem open{
        .kind = Kind::BreakerOpen, .channel = {3}, .name = QString(10'000, u'<')};
    panel.setItems({open, {.kind = Kind::TokenExpires, .token = {4}, .name = markup}});
    QSignalSpy asked(&panel, &AttentionPanel::itemActivated);

    QTest::mouseClick(buttonNamed(panel, u"Errors"_s), Qt::LeftButton);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().value<admin::AttentionItem>(), open);
    QVERIFY(buttonNamed(panel, u"Extend…"_s));
    QCOMPARE(tests::accessibilityProblems(&panel), QStringList());
    for (const Kind kind : {Kind::KeysRefused,
                            Kind::OutOfCredit,
                            Kind::BreakerOpen,
                            Kind::BudgetLow,
                            Kind::TokenExpires,
                            Kind::UnpricedModel}) {
        const admin::AttentionItem item{.kind = kind, .name = u"qwen3-max"_s};
        QVERIFY(AttentionPanel::text(item).startsWith(u"qwen3-max"_s));
        QVERIFY(!AttentionPanel::actionText(item).isEmpty());
    }
}

void DashboardPageTest::attentionKeepsItsRows()
{
    using Kind = admin::AttentionItem::Kind;
    AttentionPanel panel;
    panel.show();
    admin::AttentionItem budget{
        .kind = Kind::BudgetLow, .token = {4}, .name = u"alice"_s, .share = 0.9};
    panel.setItems({budget});
    QPushButton *button = buttonNamed(panel, u"Budget…"_s);
    QVERIFY(button);
    QSignalSpy asked(&panel, &AttentionPanel::itemActivated);

    QTest::mousePress(button, Qt::LeftButton);
    budget.share = 0.91;
    panel.setItems({{.kind = Kind::BreakerOpen, .channel = {3}, .name = u"Qwen"_s}, budget});
    QTest::mouseRelease(button, Qt::LeftButton);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().value<admin::AttentionItem>(), budget);
    QCOMPARE(buttonNamed(panel, u"Budget…"_s), button);
    QVERIFY(button->accessibleName().contains(Format::percent(0.91)));
    panel.setItems({});
    QTRY_VERIFY(!buttonNamed(panel, u"Budget…"_s));
}

void DashboardPageTest::beginsWithTheChecklist()
{
    auto *checklist = m_page->findChild<Checklist *>();
    QTRY_COMPARE(stack()->currentIndex(), 0);
    QVERIFY(!checklist->isDone(SetupStep::Channel));
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    QTest::mouseClick(buttonNamed(*checklist, u"Go to channels"_s), Qt::LeftButton);

    QCOMPARE(asked.first().first().value<PageId>(), PageId::Channels);
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());

    m_fixture->addEchoChannel(markup, {u"echo"_s});
    QTRY_VERIFY(checklist->isDone(SetupStep::Channel));
    QVERIFY(!checklist->isDone(SetupStep::Client));
    QTRY_COMPARE(stack()->currentIndex(), 0);
}

void DashboardPageTest::becomesTheDashboardWithTheFirstRequest()
{
    const domain::Token token = m_fixture->addToken(u"alice laptop"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(token, u"no-such-model"_s) / 100, 4);
    action(u"dashboard.refresh"_s)->trigger();

    // The ledger is summed up about a second later.
    QTRY_VERIFY_WITH_TIMEOUT((action(u"dashboard.refresh"_s)->trigger(),
                              QTest::qWait(100),
                              tiles()->tile(Tile::Requests).content().number == u"3"_s),
                             30'000);
    QCOMPARE(stack()->currentIndex(), 1);
    QVERIFY(m_fixture->services().state.value(u"dashboard/checklistDone"_s).toBool());
    QCOMPARE(tiles()->tile(Tile::Success).content().number, u"66.7"_s);
}

void DashboardPageTest::tilesLeadToTraffic()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    QTest::mouseClick(&tiles()->tile(Tile::Success), Qt::LeftButton);
    QTest::keyClick(&tiles()->tile(Tile::Requests), Qt::Key_Return);

    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked.at(0).at(0).value<PageId>(), PageId::Traffic);
    QCOMPARE(asked.at(0).at(1).toString(), u"status:error since:24h"_s);
    QCOMPARE(asked.at(1).at(1).toString(), u"since:24h"_s);
    // What the doors say is understood where they lead.
    for (const Tile tile : allTiles) {
        const QString terms = TileText::trafficTerms(tile) + u" since:24h"_s;
        const auto count =
            m_fixture->wait(m_fixture->administration().traffic.count(queryFrom(terms)));
        QVERIFY(count.requests <= 3);
    }
}

void DashboardPageTest::channelsLeadToTraffic()
{
    auto *grid = m_page->findChild<HealthGrid *>();
    QTRY_COMPARE(grid->model()->rowCount(), 1);
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    QTest::mouseClick(grid->viewport(),
                      Qt::LeftButton,
                      {},
                      grid->visualRect(grid->model()->index(0, 0)).center());

    QCOMPARE(asked.size(), 1);
    QVERIFY(asked.first().at(1).toString().startsWith(u"channel:#"_s));
}

void DashboardPageTest::barsLeadToTraffic()
{
    const auto rankings = m_page->findChildren<RankingPanel *>();
    QCOMPARE(rankings.size(), 2);
    RankedBars &bars = rankings.first()->bars();
    QTRY_VERIFY(bars.model()->rowCount() >= 1);
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    QTest::mouseClick(
        bars.viewport(), Qt::LeftButton, {}, bars.visualRect(bars.model()->index(0, 0)).center());

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().at(1).toString(), u"model:echo since:24h"_s);
}

void DashboardPageTest::rankingKindIsChosen()
{
    RankingPanel *panel = m_page->findChildren<RankingPanel *>().last();
    panel->setKind(admin::RankingKind::Channel);

    QTRY_COMPARE(panel->bars().model()->index(0, 0).data().toString(), markup);

    panel->setKind(admin::RankingKind::Token);
    QTRY_COMPARE(panel->bars().model()->index(0, 0).data().toString(), u"alice laptop"_s);
}

void DashboardPageTest::chartsAreChosenByTabs()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    QTRY_VERIFY(!panel->chart().data().isEmpty());
    QCOMPARE(panel->chart().data().series.size(), 4);

    panel->setKind(ChartKind::Latency);

    QCOMPARE(panel->kind(), ChartKind::Latency);
    QCOMPARE(panel->chart().data().series.size(), 3);
    DashboardPage another(m_fixture->services());
    QVERIFY(another.findChild<ChartPanel *>()->kind() == ChartKind::Latency);
    panel->setKind(ChartKind::Requests);
}

void DashboardPageTest::latencyIsThatOfTheFirstTokenOrOfAll()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    auto *times = panel->findChild<SegmentedControl *>();
    QTRY_VERIFY(!panel->chart().data().isEmpty());
    QVERIFY(!times->isVisible()); // only beside the chart that it bears on
    panel->setKind(ChartKind::Latency);
    QVERIFY(times->isVisible());
    QCOMPARE(panel->latency(), LatencyOf::Total);

    QTest::keyClick(times->findChildren<QAbstractButton *>().front(), Qt::Key_Right);

    QCOMPARE(panel->latency(), LatencyOf::FirstToken);
    QCOMPARE(panel->chart().data().series.size(), 2); // p50 to p95, p99
    DashboardPage another(m_fixture->services());
    QCOMPARE(another.findChild<ChartPanel *>()->latency(), LatencyOf::FirstToken);
    QTest::keyClick(times->findChildren<QAbstractButton *>().back(), Qt::Key_Left);
    QCOMPARE(panel->latency(), LatencyOf::Total);
    QCOMPARE(panel->chart().data().series.size(), 3);
    panel->setKind(ChartKind::Requests);
}

void DashboardPageTest::hiddenSeriesBelongToTheirChart()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    auto *legend = panel->findChild<ChartLegend *>();
    panel->setKind(ChartKind::Requests);
    QTRY_COMPARE(panel->chart().data().series.size(), 4);
    const auto first = [legend] { return legend->findChild<QAbstractButton *>(); };
    QTRY_VERIFY(first() && first()->isVisible());
    QTest::mouseClick(first(), Qt::LeftButton);
    QVERIFY(!panel->chart().isSeriesShown(0));

    panel->setKind(ChartKind::Latency);
    QVERIFY(panel->chart().isSeriesShown(0));
    QVERIFY(first()->isChecked());

    panel->setKind(ChartKind::Requests);
    QVERIFY(!panel->chart().isSeriesShown(0));
    QVERIFY(!first()->isChecked());
    QTest::mouseClick(first(), Qt::LeftButton);
    QVERIFY(panel->chart().isSeriesShown(0));
}

void DashboardPageTest::chartMenuIsThePages()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    panel->setKind(ChartKind::Latency);
    const auto menuOf = [panel] {
        QContextMenuEvent event(
            QContextMenuEvent::Mouse, {40, 40}, panel->chart().mapToGlobal(QPoint(40, 40)));
        QApplication::sendEvent(&panel->chart(), &event);
        return qobject_cast<QMenu *>(QApplication::activePopupWidget());
    };
    QMenu *menu = menuOf();
    QVERIFY(menu);
    QVERIFY(menu->actions().contains(action(u"dashboard.logarithmic"_s)));
    QVERIFY(menu->actions().contains(action(u"dashboard.table"_s)));
    menu->close();

    panel->setKind(ChartKind::Requests);
    menu = menuOf();
    QVERIFY(menu && !menu->actions().contains(action(u"dashboard.logarithmic"_s)));
    menu->setActiveAction(action(u"dashboard.table"_s));
    QTest::keyClick(menu, Qt::Key_Return);
    QVERIFY(panel->chart().isTableShown());
    QVERIFY(action(u"dashboard.table"_s)->isChecked());
    DashboardPage another(m_fixture->services());
    QVERIFY(another.findChild<ChartPanel *>()->chart().isTableShown());
    action(u"dashboard.table"_s)->trigger();
}

void DashboardPageTest::chartIsShownAsTable()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    QAction *table = action(u"dashboard.table"_s);

    table->trigger();
    QVERIFY(panel->chart().isTableShown());
    table->trigger();
    QVERIFY(!panel->chart().isTableShown());
}

void DashboardPageTest::comparisonCanBeSwitchedOff()
{
    QAction *compare = action(u"dashboard.compare"_s);
    QVERIFY(compare->isChecked());

    compare->trigger();

    QVERIFY(!m_fixture->services().state.value(u"dashboard/compare"_s).toBool());
    compare->trigger();
    QVERIFY(compare->isChecked());
}

void DashboardPageTest::rangeIsChosen()
{
    auto *ranges = m_page->findChild<SegmentedControl *>();
    QCOMPARE(ranges->current(), u"24h"_s);
    const auto buttons = ranges->findChildren<QAbstractButton *>();

    QTest::mouseClick(buttons.at(1), Qt::LeftButton);

    QCOMPARE(m_page->span().id(), u"1h"_s);
    QCOMPARE(TimeSpan::restored(m_fixture->services().state).id(), u"1h"_s);
    QTRY_COMPARE(tiles()->tile(Tile::Requests).content().number, u"3"_s);
    m_page->setSpan(TimeSpan());
}

void DashboardPageTest::ownRangeIsChosen()
{
    action(u"dashboard.range"_s)->trigger();
    auto *dialog = m_page->findChild<RangeDialog *>();
    QVERIFY(dialog);
    QCOMPARE(tests::accessibilityProblems(dialog), QStringList());
    const auto edits = dialog->findChildren<QDateTimeEdit *>();
    edits.at(0)->setDateTime(QDateTime::currentDateTime().addDays(-5));
    edits.at(1)->setDateTime(QDateTime::currentDateTime().addDays(-3));

    QTest::mouseClick(buttonNamed(*dialog, u"Show"_s), Qt::LeftButton);

    QVERIFY(m_page->span().isFixed());
    auto *ranges = m_page->findChild<SegmentedControl *>();
    QTRY_COMPARE(ranges->current(), QString::fromLatin1(TimeSpan::customId));
    QTRY_COMPARE(tiles()->tile(Tile::Requests).content().number, u"0"_s);
    m_page->setSpan(TimeSpan());
    QTRY_COMPARE(ranges->current(), u"24h"_s);
}

void DashboardPageTest::ownRangeMustHaveALength()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    RangeDialog dialog({.since = now - 86'400'000, .until = now});
    QVERIFY(buttonNamed(dialog, u"Show"_s)->isEnabled());

    dialog.findChildren<QDateTimeEdit *>().at(1)->setDateTime(
        QDateTime::currentDateTime().addDays(-2));

    QVERIFY(!buttonNamed(dialog, u"Show"_s)->isEnabled());
}

void DashboardPageTest::refreshesByItself()
{
    m_page->setSpan(*TimeSpan::last(u"1h"_s));
    QTRY_COMPARE(tiles()->tile(Tile::Requests).content().number, u"3"_s);
    const domain::Token token = m_fixture->addToken(u"another"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);

    QTRY_COMPARE_WITH_TIMEOUT(tiles()->tile(Tile::Requests).content().number, u"4"_s, 10'000);
    m_page->setSpan(TimeSpan());
}

// It would come and go with each refresh otherwise.
void DashboardPageTest::failureStaysUntilAllIsAnswered()
{
    auto *messages = m_page->findChild<MessageBar *>();
    messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = u"No."_s});

    m_page->setSpan(*TimeSpan::last(u"1h"_s)); // asks anew

    QVERIFY(messages->hasMessage(u"failure"_s));
    QTRY_VERIFY(!messages->hasMessage(u"failure"_s));
    m_page->setSpan(TimeSpan());
}

void DashboardPageTest::languageKeepsTheState()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    panel->setKind(ChartKind::Tokens);
    // The figures of a day are asked for each half minute.
    QTRY_COMPARE_WITH_TIMEOUT(tiles()->tile(Tile::Requests).content().number, u"4"_s, 60'000);

    QEvent change(QEvent::LanguageChange);
    QCoreApplication::sendEvent(m_page.get(), &change);
    QCoreApplication::sendEvent(panel, &change);
    QCoreApplication::sendEvent(tiles(), &change);

    QVERIFY(panel->kind() == ChartKind::Tokens);
    QCOMPARE(tiles()->tile(Tile::Requests).content().number, u"4"_s);
    QCOMPARE(m_page->findChild<SegmentedControl *>()->current(), u"24h"_s);
    panel->setKind(ChartKind::Requests);
}

void DashboardPageTest::isAccessible()
{
    QTRY_COMPARE(m_page->findChild<HealthGrid *>()->model()->rowCount(), 1);
    // What has just been filled is laid out a moment later.
    QTRY_COMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
    QVERIFY(m_page->panes().size() >= 5);
}

QTEST_MAIN(DashboardPageTest)
#include "tst_dashboardpage.moc"
