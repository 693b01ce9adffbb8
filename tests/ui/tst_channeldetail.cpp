#include "admin/traffic/traffic.h"
#include "channels/channeldetail.h"
#include "channels/detailtabs.h"
#include "channels/firsttokenchart.h"
#include "charts/gauge.h"
#include "charts/stripview.h"
#include "charts/timeserieschart.h"
#include "domain/filterquery.h"
#include "ui/accessibilitywalk.h"
#include "ui/channelsfixture.h"
#include "widgets/factgrid.h"

#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What the details of a channel show of its last hour, and where they lead.
class ChannelDetailTest : public tests::ChannelsFixture
{
    Q_OBJECT

private slots:
    void figuresAreDoors();
    void timesBecomeAChart();
    void cellsLeadToTheirAttempts();
    void theMenuIsThatOfTheRow();
    void theStateSaysSinceWhen();
    void whatRunsIsAGauge();

private:
    ChannelDetail *detail() const { return m_page->findChild<ChannelDetail *>(); }
};

void ChannelDetailTest::figuresAreDoors()
{
    ChannelRow row{.channel = {.id = {7}, .name = u"one"_s, .used = {500'000}}};
    row.overview.channel = {7};
    row.overview.day.cost = {5'940'000'000};
    row.overview.day.ok = 362;
    row.overview.monthCost = {121'070'000'000};
    QMap<QString, Fact> doors;
    const QList<Fact> all = DetailTabs::overview(row) + DetailTabs::history(row);
    for (const Fact &fact : all) {
        if (!fact.door.isEmpty())
            doors.insert(fact.label, fact);
    }

    QCOMPARE(doors.value(u"Cost, 24 h"_s).door, u"$5.94"_s);
    QCOMPARE(doors.value(u"Cost, 24 h"_s).filter, u"channel:#7 since:24h"_s);
    QCOMPARE(doors.value(u"Cost, 30 d"_s).filter, u"channel:#7 since:30d"_s);
    QCOMPARE(doors.value(u"Used so far"_s).filter, u"channel:#7"_s);
    QCOMPARE(doors.value(u"Attempts in 24 h"_s).door, u"362"_s);
    QCOMPARE(doors.value(u"Attempts in 24 h"_s).filter, u"tried:#7 since:24h"_s);
    for (const Fact &fact : std::as_const(doors)) {
        QVERIFY(!fact.doorMeaning.isEmpty());
        const QStringList keys = admin::TrafficService::filterKeys();
        for (const domain::FilterTerm &term : domain::filterQueryFrom(fact.filter, keys).terms)
            QVERIFY2(!term.key.isEmpty(), qPrintable(fact.filter));
    }
}

void ChannelDetailTest::timesBecomeAChart()
{
    admin::Series source{.bucket = std::chrono::minutes(1)};
    source.buckets = {{.start = 0, .running = false},
                      {.start = 60'000, .running = false},
                      {.start = 120'000, .firstByte = {.p50 = 1'240, .p95 = 3'080}},
                      {.start = 180'000}};

    const TimeSeries times = FirstTokenChart::timesOf(source);

    QCOMPARE(times.series.size(), 1);
    QCOMPARE(times.series.front().values.at(2), 1'240.0);
    QCOMPARE(times.series.front().upper.at(2), 3'080.0);
    QVERIFY(std::isnan(times.series.front().values.at(3)));
    QCOMPARE(times.off, QList<ChartPeriod>({{.from = 0, .to = 120'000}}));
    QCOMPARE(times.end, 240'000);
    QCOMPARE(times.text(1'240), u"1.24 s"_s);
    FirstTokenChart chart;
    chart.setSource(source);
    QVERIFY(!chart.chart().data().isEmpty());
    chart.clear();
    QVERIFY(chart.chart().data().isEmpty());
    source.buckets[2].firstByte = {};
    QVERIFY(FirstTokenChart::timesOf(source).isEmpty());
}

void ChannelDetailTest::cellsLeadToTheirAttempts()
{
    const domain::Channel channel = add({.name = u"one"_s});
    select({channel.id});
    detail()->showTab(ChannelDetail::Overview);
    auto *strip = detail()->findChild<StripView *>();
    QTRY_COMPARE(strip->strip().cells.size(), 60);
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    emit strip->cellsActivated(3, 3);
    emit detail()->findChild<FirstTokenChart *>()->periodActivated({.since = 0, .until = 60'000});

    QCOMPARE(asked.size(), 2);
    const QString filter = asked.front().at(1).toString();
    QVERIFY2(filter.startsWith(u"tried:#%1 since:"_s.arg(channel.id.value)), qPrintable(filter));
    const QDateTime start = QDateTime::fromMSecsSinceEpoch(strip->strip().cells.at(3).start);
    QVERIFY2(filter.contains(start.toString(u"HH?mm"_s))
                 || filter.contains(start.toString(u"HH:mm"_s)),
             qPrintable(filter));
    QVERIFY(asked.back().at(1).toString().startsWith(u"tried:#"_s));
}

void ChannelDetailTest::theMenuIsThatOfTheRow()
{
    select({add({.name = u"one"_s}).id});
    const auto buttons = detail()->findChildren<QToolButton *>();
    const auto more = std::find_if(buttons.begin(), buttons.end(), [](const QToolButton *button) {
        return button->accessibleName() == u"More"_s;
    });
    QVERIFY(more != buttons.end());
    QMenu *menu = (*more)->menu();

    emit menu->aboutToShow();

    const QList<QAction *> actions = menu->actions();
    QVERIFY(actions.contains(action(u"channels.test"_s)));
    QVERIFY(actions.contains(action(u"channels.resetBreaker"_s)));
    QVERIFY(actions.contains(action(u"channels.delete"_s)));
    QVERIFY(!actions.contains(action(u"channels.add"_s)));
    QVERIFY(!actions.contains(action(u"channels.refresh"_s)));
    QVERIFY(!actions.front()->isSeparator() && !actions.back()->isSeparator());
    QVERIFY(action(u"channels.test"_s)->isEnabled());
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

void ChannelDetailTest::theStateSaysSinceWhen()
{
    const QDateTime since = QDateTime::currentDateTime();
    ChannelRow row{.channel = {.id = {7}, .name = u"one"_s, .models = {u"a"_s}}};
    row.overview = {.channel = {7},
                    .health = domain::Health::Degraded,
                    .reason = {.kind = admin::HealthReason::Kind::FailuresInARow, .failed = 3},
                    .since = since.toMSecsSinceEpoch()};
    const auto says = [this](const QString &text) {
        const auto labels = detail()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
            return label->text().startsWith(text);
        });
    };

    detail()->show(row);
    QVERIFY(says(u"Degraded since "_s));
    row.testing = true;
    detail()->show(row);
    QVERIFY(!says(u"Testing since "_s));
    row.testing = false;
    row.overview.since = 0;
    detail()->show(row);
    QVERIFY(says(u"Degraded: "_s));
    // One that serves nothing is not healthy in its history either.
    row.overview.health = domain::Health::Healthy;
    QCOMPARE(DetailTabs::history(row).at(0).label, u"Healthy"_s);
    row.channel.models.clear();
    QCOMPARE(DetailTabs::history(row).at(0).label, u"No models"_s);
}

void ChannelDetailTest::whatRunsIsAGauge()
{
    const domain::Channel free = add({.name = u"free"_s});
    const domain::Channel limited =
        add({.name = u"limited"_s, .limits = {.concurrentRequests = 2}});
    auto *gauge = detail()->findChild<Gauge *>();
    detail()->showTab(ChannelDetail::Overview);
    select({free.id});
    QTRY_VERIFY(detail()->channel() == free.id);
    QVERIFY(gauge->isHidden() || gauge->parentWidget()->isHidden());
    relay::ChannelLoad &load = m_fixture->administration().foundation.load;

    select({limited.id});
    QVERIFY(load.tryBegin(limited));

    QTRY_COMPARE(gauge->share(), 0.5);
    QVERIFY(!gauge->parentWidget()->isHidden());
    QCOMPARE(gauge->toolTip(), u"1 of 2"_s);
    QVERIFY(load.tryBegin(limited));
    QTRY_COMPARE(gauge->share(), 1.0);
    QCOMPARE(gauge->toolTip(), u"2 of 2, full"_s);
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
    load.end(limited.id, 0);
    load.end(limited.id, 0);
    QTRY_COMPARE(gauge->share(), 0.0);
}

QTEST_MAIN(ChannelDetailTest)
#include "tst_channeldetail.moc"
