#include "charts/rankedbars.h"
#include "charts/timeserieschart.h"
#include "dashboard/attentionpanel.h"
#include "dashboard/chartseries.h"
#include "dashboard/healthpanel.h"
#include "dashboard/rankingpanel.h"
#include "dashboard/tilestrip.h"
#include "theme/theme.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "widgets/format.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

static const QString markup = u"Echo <b>bold</b>, \u05e9\u05dc\u05d5\u05dd"_s;

// What the dashboard is made of: its texts, models and panels.
class DashboardPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void tilesTellChanges();
    void tilesKnowZeroAndHugeNumbers();
    void chartsTellOffFromNothing();
    void chartsShowTimesBelowAMillisecond();
    void chartsTellFewFailuresFromMany();
    void modelsStandBesideEachOther();
    void coloursOfAChartAreToldApart();
    void costIsHeldAgainstItsBudget();
    void costGoesOnDotted();
    void rankingsLeadToExactNames();
    void healthModelIsSound();
    void aNarrowStripLeavesRoomForTheName();
    void namesOfRankingsTakeWhatTheyNeed();
    void rankingsAreCopied();
    void aCellOfAStripTellsItsTime();
    void stripsAreCopied();
    void healthShowsTheTroubledOfMany();
    void attentionSaysWhatCanBeDone();
    void attentionKeepsItsRows();
};

void DashboardPartsTest::tilesTellChanges()
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

    figures.now.sums.unpriced = 191;
    const TileContent cost = TileText::content(Tile::Cost, figures, true);
    QVERIFY(cost.note.isEmpty()); // a click leads to the others
    QVERIFY(cost.toolTip.contains(u"191"_s) && cost.toolTip.contains(u"priced:no"_s));

    const TileContent alone = TileText::content(Tile::Success, figures, false);
    QVERIFY(alone.delta.isEmpty());
    QVERIFY(!alone.deltaTone);
}

void DashboardPartsTest::tilesKnowZeroAndHugeNumbers()
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
    const TileContent tokens = TileText::content(Tile::Tokens, huge, true);
    QVERIFY(!tokens.shortNote.isEmpty());
    QVERIFY(tokens.shortNote.size() < tokens.note.size());
    TileStrip strip;
    strip.setFigures(huge);
    strip.resize(660, 77);
    QVERIFY(!strip.grab().isNull());
}

void DashboardPartsTest::chartsTellOffFromNothing()
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
void DashboardPartsTest::chartsShowTimesBelowAMillisecond()
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

void DashboardPartsTest::chartsTellFewFailuresFromMany()
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
void DashboardPartsTest::modelsStandBesideEachOther()
{
    admin::Series source{.bucket = std::chrono::minutes(1)};
    source.buckets = {{.start = 0}, {.start = 60'000, .running = false}};
    source.models = {
        {.model = u"gpt-5"_s, .buckets = {{.tokens = 70, .tokensPerSecond = 41.5}, {}}},
        {.model = u"=line\nbreak"_s, .buckets = {{.tokens = 30}, {}}},
        {.buckets = {{.tokens = 5, .tokensPerSecond = 9}, {}}}};

    const TimeSeries speed = ChartText::series(ChartKind::Speed, source);
    const TimeSeries tokens =
        ChartText::series(ChartKind::Tokens, source, LatencyOf::Total, TokensBy::Model);

    // Of one of them nothing was measured.
    QCOMPARE(speed.series.size(), 2);
    QCOMPARE(speed.series[0].name, u"gpt-5"_s);
    QVERIFY(speed.series[0].kind == SeriesKind::Line);
    QCOMPARE(speed.series[0].slot, slotFor(u"gpt-5"));
    QCOMPARE(speed.series[0].values[0], 41.5);
    QVERIFY(std::isnan(speed.series[0].values[1]));
    QCOMPARE(speed.series[1].name, u"Other"_s);
    QCOMPARE(speed.series[1].slot, ChartSlot::Grey);
    QCOMPARE(tokens.series.size(), 3);
    QVERIFY(tokens.series[1].slot != tokens.series[0].slot);
    QCOMPARE(tokens.series[1].id, u"=line\nbreak"_s);
    QVERIFY(tokens.isCount && tokens.series[0].kind == SeriesKind::Bar);
    QCOMPARE(tokens.series[1].values[0], 30.0);
    QCOMPARE(tokens.series[1].name, u"=line break"_s);
    QVERIFY(toCsv(tokens).startsWith(u"time,gpt-5,'=line break,Other\n"_s));
    // As many models as there are colours never share one.
    source.models.clear();
    for (int i = 0; i < 6; ++i)
        source.models.push_back({.model = u"model %1"_s.arg(i), .buckets = {{.tokens = 1}, {}}});
    QSet<int> colours;
    for (const ChartSeries &each :
         ChartText::series(ChartKind::Tokens, source, LatencyOf::Total, TokensBy::Model).series)
        colours.insert(static_cast<int>(each.slot));
    QCOMPARE(colours.size(), 6);
}

// The two blues stand in one chart only where no other colour is left.
void DashboardPartsTest::coloursOfAChartAreToldApart()
{
    const auto hasBothBlues = [](const TimeSeries &chart) {
        const auto has = [&chart](ChartSlot slot) {
            return std::any_of(chart.series.begin(), chart.series.end(), [slot](const auto &each) {
                return each.slot == slot;
            });
        };
        return has(ChartSlot::Blue) && has(ChartSlot::Sky);
    };
    admin::Series source{.bucket = std::chrono::minutes(1)};
    source.buckets = {{.start = 0, .sums = {.inputTokens = 3, .outputTokens = 4}}};

    const TimeSeries kinds = ChartText::series(ChartKind::Tokens, source);

    QCOMPARE(kinds.series.size(), 4);
    QVERIFY(!hasBothBlues(kinds));
    for (int first = 0; first < 40; ++first) {
        source.models.clear();
        for (int i = first; i < first + 5; ++i)
            source.models.push_back({.model = u"model %1"_s.arg(i), .buckets = {{.tokens = 1}}});
        QVERIFY(!hasBothBlues(
            ChartText::series(ChartKind::Tokens, source, LatencyOf::Total, TokensBy::Model)));
    }
}

void DashboardPartsTest::costIsHeldAgainstItsBudget()
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

void DashboardPartsTest::costGoesOnDotted()
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

void DashboardPartsTest::rankingsLeadToExactNames()
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

void DashboardPartsTest::healthModelIsSound()
{
    HealthModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ChannelHealthRow open{.name = QString(10'000, u'x')};
    open.overview.channel = {1};
    open.overview.health = domain::Health::Open;
    open.overview.until = QDateTime::currentMSecsSinceEpoch() + 161'000;
    open.overview.strip = {{.attempts = 4, .ok = 1}, {.breakerOpen = true}};
    ChannelHealthRow fine{.name = markup};
    fine.overview.channel = {2};
    fine.overview.strip = {{.attempts = 4, .ok = 4}, {}};
    model.setRows({open, fine});

    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.index(0).data(HealthModel::WordRole).toString().startsWith(u"Open 2:"_s));
    QCOMPARE(model.index(1).data(HealthModel::WordRole).toString(), u"100 %"_s);
    QVERIFY(model.index(1).data(Qt::AccessibleTextRole).toString().startsWith(markup));
    QVERIFY(!model.index(1).data(Qt::ToolTipRole).toString().contains(u"<b>"_s));

    admin::ChannelOverview refused = fine.overview;
    refused.health = domain::Health::AuthenticationFailed;
    refused.strip.clear();
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

void DashboardPartsTest::aNarrowStripLeavesRoomForTheName()
{
    ChannelHealthRow row{.name = u"openrouter-eu-west"_s};
    row.overview.channel = {7};
    for (int i = 0; i < 60; ++i)
        row.overview.strip.push_back({.start = i * 60'000, .attempts = 1, .ok = 1});
    HealthModel model;
    model.setRows({row});
    HealthGrid grid(&model);
    const int needed = grid.fontMetrics().horizontalAdvance(row.name);
    QVERIFY(grid.widths().name >= needed);
    // Nor is the share of successes cut.
    QVERIFY(grid.widths().word > grid.fontMetrics().horizontalAdvance(u"100 %"_s));
    grid.show();
    QSignalSpy channels(&grid, &HealthGrid::channelActivated);

    for (const int width : {640, 1200}) {
        grid.resize(width, grid.sizeHint().height());
        const QRect rect = grid.visualRect(model.index(0));
        const int end = rect.left() + Theme::px(20) + needed - 2;
        channels.clear();
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, {end, rect.center().y() - 2});
        QCOMPARE(channels.size(), 1); // the name, not a cell of the strip
    }
}

void DashboardPartsTest::namesOfRankingsTakeWhatTheyNeed()
{
    RankedBars bars;
    bars.setBars({{.name = u"claude-sonnet-4-5-20250929"_s, .value = u"$9.18"_s, .amount = 9}});

    const QFontMetrics metrics = bars.fontMetrics();
    QVERIFY(bars.wantedWidth() > metrics.horizontalAdvance(u"claude-sonnet-4-5-20250929"_s)
                                     + metrics.horizontalAdvance(u"$9.18"_s));
}

void DashboardPartsTest::rankingsAreCopied()
{
    RankedBars bars;
    bars.setBars({{.name = u"a,b"_s, .value = u"$9.18"_s, .amount = 9, .key = u"model:a?b"_s},
                  {.name = u"=1+1"_s, .value = u"$1.00"_s, .amount = 1}});
    bars.resize(bars.sizeHint());
    bars.show();
    QSignalSpy activated(&bars, &RankedBars::barActivated);
    const auto menuAt = [&bars](int row) {
        const QPoint position = bars.visualRect(bars.model()->index(row, 0)).center();
        QContextMenuEvent event(
            QContextMenuEvent::Mouse, position, bars.viewport()->mapToGlobal(position));
        QApplication::sendEvent(bars.viewport(), &event);
        return qobject_cast<QMenu *>(QApplication::activePopupWidget());
    };

    QMenu *menu = menuAt(1);
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 4); // it leads nowhere
    menu->actions().at(1)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"name,value\n\"a,b\",$9.18\n'=1+1,$1.00\n"_s);
    menu->actions().front()->trigger();
    QVERIFY(!QGuiApplication::clipboard()->image().isNull());
    menu->close();
    menu = menuAt(0);
    QVERIFY(menu);
    menu->actions().front()->trigger();
    menu->close();

    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.front().front().toString(), u"model:a?b"_s);
}

void DashboardPartsTest::aCellOfAStripTellsItsTime()
{
    constexpr qint64 minute = 60'000;
    constexpr qint64 begin = 1'760'000'040'000;
    ChannelHealthRow row{.name = u"one"_s};
    row.overview.channel = {7};
    for (int i = 0; i < 60; ++i)
        row.overview.strip.push_back({.start = begin + i * minute, .attempts = 1, .ok = 1});
    HealthModel model;
    model.setRows({row});
    HealthGrid grid(&model);
    grid.resize(1200, grid.sizeHint().height());
    grid.show();
    QSignalSpy channels(&grid, &HealthGrid::channelActivated);
    QSignalSpy times(&grid, &HealthGrid::timeActivated);
    const QRect rect = grid.visualRect(model.index(0));
    const auto click = [&](int x) {
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, {x, rect.center().y() - 2});
    };

    click(rect.left() + Theme::px(30));
    QCOMPARE(channels.size(), 1);
    QCOMPARE(times.size(), 0);
    // The strip ends where the row does, but for the gap between the columns.
    const int stripEnd = rect.right() - Theme::px(26) / 2;
    int x = stripEnd;
    while (times.isEmpty() && x > stripEnd - Theme::px(8))
        click(x--);
    QCOMPARE(times.size(), 1);
    QCOMPARE(times.first().at(0).value<domain::ChannelId>().value, 7);
    const auto last = times.first().at(1).value<admin::TimeRange>();
    QCOMPARE(last.until, begin + 60 * minute);
    QVERIFY(last.since >= begin + 58 * minute);
    // The words are of the same hour.
    const QString tip = model.index(0).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(u"of 60 attempts in the last 60 minutes"_s), qPrintable(tip));
}

void DashboardPartsTest::stripsAreCopied()
{
    ChannelHealthRow row{.name = u"a,b"_s};
    row.overview.channel = {7};
    row.overview.strip = {{.start = 1'760'000'040'000, .attempts = 4, .ok = 3}, {}};
    HealthModel model;
    model.setRows({row});
    HealthGrid grid(&model);
    grid.resize(600, grid.sizeHint().height());
    grid.show();
    QSignalSpy channels(&grid, &HealthGrid::channelActivated);
    const QPoint position = grid.visualRect(model.index(0)).center();
    QContextMenuEvent event(
        QContextMenuEvent::Mouse, position, grid.viewport()->mapToGlobal(position));

    QApplication::sendEvent(grid.viewport(), &event);

    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    menu->actions().at(3)->trigger();
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines.at(0), u"time,channel,attempts,ok"_s);
    QVERIFY(lines.at(1).endsWith(u",\"a,b\",4,3"_s));
    menu->actions().front()->trigger();
    QCOMPARE(channels.size(), 1);
    menu->close();
}

void DashboardPartsTest::healthShowsTheTroubledOfMany()
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
    QTest::mouseClick(tests::button<QPushButton>(&panel, u"Show all 30"_s), Qt::LeftButton);
    QCOMPARE(panel.model().rowCount(), 30);
}

void DashboardPartsTest::attentionSaysWhatCanBeDone()
{
    using Kind = admin::AttentionItem::Kind;
    AttentionPanel panel;
    panel.show();
    QVERIFY(!tests::button<QPushButton>(&panel, u"Errors"_s));
    admin::AttentionItem open{
        .kind = Kind::BreakerOpen, .channel = {3}, .name = QString(10'000, u'<')};
    panel.setItems({open, {.kind = Kind::TokenExpires, .token = {4}, .name = markup}});
    QSignalSpy asked(&panel, &AttentionPanel::itemActivated);

    QTest::mouseClick(tests::button<QPushButton>(&panel, u"Errors"_s), Qt::LeftButton);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().value<admin::AttentionItem>(), open);
    QVERIFY(tests::button<QPushButton>(&panel, u"Extend…"_s));
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
    const admin::AttentionItem failed{.kind = Kind::BackupFailed,
                                      .reason = base::Message::verbatim(u"The disk is full."_s),
                                      .time = QDateTime::currentMSecsSinceEpoch()};
    QVERIFY(AttentionPanel::text(failed).endsWith(u"The disk is full."_s));
    QVERIFY(AttentionPanel::text({.kind = Kind::KeysLost, .count = 3}).startsWith(u"3 channels"_s));
    QSet<QString> secrets;
    for (const QString &key : {u"integrations.metrics"_s,
                               u"integrations.otlp_endpoint"_s,
                               u"integrations.webhook_url"_s})
        secrets.insert(AttentionPanel::text({.kind = Kind::SecretLost, .name = key}));
    QCOMPARE(secrets.size(), 3);
    const admin::AttentionItem lost{.kind = Kind::ExportFails,
                                    .name = u"integrations.webhook_url"_s,
                                    .reason = base::Message::verbatim(u"It was refused."_s),
                                    .time = QDateTime::currentMSecsSinceEpoch()};
    QVERIFY(AttentionPanel::text(lost).contains(u"webhook"_s));
    QVERIFY(AttentionPanel::text(lost).endsWith(u"It was refused."_s));
    for (const Kind kind :
         {Kind::BackupFailed, Kind::KeysLost, Kind::SecretLost, Kind::ExportFails})
        QVERIFY(!AttentionPanel::actionText({.kind = kind}).isEmpty());
}

void DashboardPartsTest::attentionKeepsItsRows()
{
    using Kind = admin::AttentionItem::Kind;
    AttentionPanel panel;
    panel.show();
    admin::AttentionItem budget{
        .kind = Kind::BudgetLow, .token = {4}, .name = u"alice"_s, .share = 0.9};
    panel.setItems({budget});
    QPushButton *button = tests::button<QPushButton>(&panel, u"Budget…"_s);
    QVERIFY(button);
    QSignalSpy asked(&panel, &AttentionPanel::itemActivated);

    QTest::mousePress(button, Qt::LeftButton);
    budget.share = 0.91;
    panel.setItems({{.kind = Kind::BreakerOpen, .channel = {3}, .name = u"Qwen"_s}, budget});
    QTest::mouseRelease(button, Qt::LeftButton);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().value<admin::AttentionItem>(), budget);
    QCOMPARE(tests::button<QPushButton>(&panel, u"Budget…"_s), button);
    QVERIFY(button->accessibleName().contains(Format::percent(0.91)));
    panel.setItems({});
    QTRY_VERIFY(!tests::button<QPushButton>(&panel, u"Budget…"_s));
}

QTEST_MAIN(DashboardPartsTest)
#include "tst_dashboardparts.moc"
