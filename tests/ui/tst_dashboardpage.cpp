#include "admin/administration.h"
#include "charts/chartlegend.h"
#include "charts/timeserieschart.h"
#include "dashboard/attentionpanel.h"
#include "dashboard/chartpanel.h"
#include "dashboard/dashboardpage.h"
#include "dashboard/healthgrid.h"
#include "dashboard/rankingpanel.h"
#include "dashboard/tilestrip.h"
#include "domain/filterquery.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/rangedialog.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/messagebar.h"

#include <QAbstractButton>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDateTimeEdit>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

domain::FilterQuery queryFrom(const QString &text)
{
    return domain::filterQueryFrom(text, admin::TrafficService::filterKeys());
}

const QString markup = u"Echo <b>bold</b>, \u05e9\u05dc\u05d5\u05dd"_s;

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
    void beginsWithTheChecklist();
    void becomesTheDashboardWithTheFirstRequest();
    void tilesLeadToTraffic();
    void channelsLeadToTraffic();
    void upkeepLeadsToItsSettings();
    void barsLeadToTraffic();
    void rankingKindIsChosen();
    void chartsAreChosenByTabs();
    void codesAreThoseOfTheLastStep();
    void latencyIsThatOfTheFirstTokenOrOfAll();
    void tokensAndSpeedsAreThoseOfModels();
    void hiddenSeriesBelongToTheirChart();
    void chartMenuIsThePages();
    void chartIsShownAsTable();
    void chartIsExported();
    void comparisonCanBeSwitchedOff();
    void rangeIsChosen();
    void stripsFollowTheRange();
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

void DashboardPageTest::beginsWithTheChecklist()
{
    auto *checklist = m_page->findChild<Checklist *>();
    QTRY_COMPARE(stack()->currentIndex(), 0);
    QVERIFY(!checklist->isDone(SetupStep::Channel));
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    QTest::mouseClick(tests::button<QPushButton>(checklist, u"Go to channels"_s), Qt::LeftButton);

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

    // Long before the page is due to ask for its figures anew.
    QTRY_COMPARE_WITH_TIMEOUT(stack()->currentIndex(), 1, 20'000);
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
    QVERIFY(asked.first().at(1).toString().startsWith(u"tried:#"_s));

    emit m_page->findChild<AttentionPanel *>()->itemActivated(
        {.kind = admin::AttentionItem::Kind::BreakerOpen, .channel = {3}});
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked.last().at(1).toString(), u"channel:#3 status:error since:1h"_s);
}

void DashboardPageTest::upkeepLeadsToItsSettings()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    auto *panel = m_page->findChild<AttentionPanel *>();

    emit panel->itemActivated({.kind = admin::AttentionItem::Kind::BackupFailed});
    emit panel->itemActivated(
        {.kind = admin::AttentionItem::Kind::SecretLost, .name = u"integrations.metrics"_s});

    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked.first().at(0).value<PageId>(), PageId::Settings);
    QCOMPARE(asked.first().at(1).toString(), u"storage.backup_interval"_s);
    QCOMPARE(asked.last().at(1).toString(), u"integrations.metrics"_s);
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

void DashboardPageTest::codesAreThoseOfTheLastStep()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    QTRY_VERIFY(!panel->chart().data().isEmpty());
    panel->setKind(ChartKind::Errors);
    constexpr qint64 hour = 3'600'000;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const admin::TimeRange failed{.since = now - hour, .until = now + hour};

    // The pointer passes many steps before the first answer.
    for (qint64 step = 0; step < 100; ++step)
        emit panel->codesWanted({.since = step, .until = step + 1});
    emit panel->codesWanted(failed);
    QTRY_COMPARE(panel->chart().notes().size(), 1);
    QVERIFY(panel->chart().notes().front().name.startsWith(u'4'));

    emit panel->codesWanted(failed);
    emit panel->codesWanted({.since = 0, .until = 1}); // nothing was then
    QTRY_VERIFY(panel->chart().notes().isEmpty());
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

void DashboardPageTest::tokensAndSpeedsAreThoseOfModels()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    auto *by = panel->findChildren<SegmentedControl *>().last();
    QTRY_VERIFY(!panel->chart().data().isEmpty());
    QVERIFY(!by->isVisible()); // only beside the chart that it bears on
    panel->setKind(ChartKind::Tokens);
    QVERIFY(by->isVisible());
    QCOMPARE(panel->tokens(), TokensBy::Kind);
    QCOMPARE(panel->chart().data().series.size(), 4);

    QTest::keyClick(by->findChildren<QAbstractButton *>().front(), Qt::Key_Right);

    QCOMPARE(panel->tokens(), TokensBy::Model);
    QTRY_VERIFY(!panel->chart().data().isEmpty());
    const auto hasEcho = [panel] {
        const QList<ChartSeries> &series = panel->chart().data().series;
        return std::any_of(series.begin(), series.end(), [](const ChartSeries &each) {
            return each.name == u"echo"_s && each.slot == slotFor(u"echo");
        });
    };
    QVERIFY(hasEcho());
    // A part of a bar leads to the requests of its model.
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    emit panel->chart().stepActivated({.from = 1'700'000'000'000, .to = 1'700'000'900'000}, 0);
    emit panel->chart().stepActivated({.from = 1'700'000'000'000, .to = 1'700'000'900'000}, -1);
    QVERIFY(asked.value(0).value(1).toString().startsWith(
        domain::wholeTerm(u"model"_s, panel->chart().data().series.first().id)));
    QVERIFY(asked.value(1).value(1).toString().startsWith(u"since:"_s));
    DashboardPage another(m_fixture->services());
    QCOMPARE(another.findChild<ChartPanel *>()->tokens(), TokensBy::Model);
    // What is hidden is that model, wherever it stands.
    auto *legend = panel->findChild<ChartLegend *>();
    auto *first = legend->findChild<QAbstractButton *>();
    QTRY_VERIFY(first->isVisible());
    QTest::mouseClick(first, Qt::LeftButton);
    QVERIFY(!panel->chart().isSeriesShown(0));
    panel->setKind(ChartKind::Speed);
    QVERIFY(panel->chart().isSeriesShown(0));
    panel->setKind(ChartKind::Tokens);
    QVERIFY(!panel->chart().isSeriesShown(0));
    QTest::mouseClick(legend->findChild<QAbstractButton *>(), Qt::LeftButton);
    QTest::keyClick(by->findChildren<QAbstractButton *>().back(), Qt::Key_Left);
    QCOMPARE(panel->tokens(), TokensBy::Kind);
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

void DashboardPageTest::chartIsExported()
{
    auto *panel = m_page->findChild<ChartPanel *>();
    panel->setKind(ChartKind::Requests);
    QTRY_VERIFY(!panel->chart().data().isEmpty());
    QCOMPARE(action(u"dashboard.export"_s)->shortcut(), QKeySequence(u"Ctrl+E"_s));
    const auto exportTo = [this](const QString &path) {
        action(u"dashboard.export"_s)->trigger();
        auto *chooser = m_page->findChild<QFileDialog *>();
        QVERIFY(chooser);
        emit chooser->fileSelected(path);
        delete chooser;
    };
    const QString path = m_fixture->directory() + u"/chart.csv"_s;

    exportTo(path);

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    QVERIFY2(text.startsWith(u"time,ok,4xx,5xx,cancelled\n"_s), qPrintable(text.left(80)));
    QVERIFY(text.count(u'\n') > 10);
    exportTo(m_fixture->directory() + u"/none/chart.csv"_s);
    auto *messages = m_page->findChild<MessageBar *>();
    QVERIFY(messages->hasMessage(u"export"_s));
    exportTo(path);
    QVERIFY(!messages->hasMessage(u"export"_s));
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

void DashboardPageTest::stripsFollowTheRange()
{
    auto *grid = m_page->findChild<HealthGrid *>();
    const auto lengthOfCells = [grid] {
        const auto strip =
            grid->model()->index(0, 0).data(HealthModel::StripRole).value<HeatStrip>();
        return strip.cells.isEmpty() ? qint64(0) : strip.cells.front().length / 60'000;
    };
    QTRY_COMPARE(lengthOfCells(), 24);
    QCOMPARE(grid->accessibleName(), u"Channel health, last 24 hours"_s);

    m_page->setSpan(*TimeSpan::last(u"7d"_s));
    QTRY_COMPARE(lengthOfCells(), 180);
    m_page->setSpan(*TimeSpan::last(u"15m"_s));
    QTRY_COMPARE(lengthOfCells(), 1);
    QCOMPARE(grid->accessibleName(), u"Channel health, last 60 minutes"_s);
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

    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Show"_s), Qt::LeftButton);

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
    QVERIFY(tests::button<QPushButton>(&dialog, u"Show"_s)->isEnabled());

    dialog.findChildren<QDateTimeEdit *>().at(1)->setDateTime(
        QDateTime::currentDateTime().addDays(-2));

    QVERIFY(!tests::button<QPushButton>(&dialog, u"Show"_s)->isEnabled());
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
