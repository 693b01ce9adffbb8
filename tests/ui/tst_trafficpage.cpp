#include "admin/administration.h"
#include "inspector/inspector.h"
#include "storage/statement.h"
#include "traffic/filterbar.h"
#include "traffic/trafficfeed.h"
#include "ui/accessibilitywalk.h"
#include "ui/trafficfixture.h"
#include "widgets/emptystate.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using Kind = TrafficModel::Kind;
using tests::buttonStarting;

// The list of requests, used as a person does: live, paged, in groups, and how it is laid out. Each
// test goes on with what the ones before it have left.
class TrafficPageTest : public tests::TrafficFixture
{
    Q_OBJECT

private slots:
    void beginsEmpty();
    void showsWhatWasServed();
    void runningRequestsAreCancelled();
    void pauseHoldsTheList();
    void pagesFollowOnScrolling();
    void newOnesDoNotPushAway();
    void groupsOpenAndClose();
    void groupOfOddNames();
    void sumsOfTheSelection();
    void nothingSpentIsNoRoundedSum();
    void viewIsCleared();
    void lateRequestsCountOnce_data();
    void lateRequestsCountOnce();
    void sumsLetGoOfWhatIsTooOld();
    void placeAndSelectionOutliveAnotherPage();
    void pauseOutlivesAnotherPage();
    void inspectorIsPlacedAndRemembered();
    void columnsAreRemembered();
    void languageKeepsTheState();
    void isAccessible();

private:
    TableFooter *footer() const { return m_page->findChild<TableFooter *>(); }
    QComboBox *groupings() const
    {
        return m_page->findChild<FilterBar *>()->findChild<QComboBox *>();
    }
    void chooseGrouping(int index);
};

void TrafficPageTest::chooseGrouping(int index)
{
    groupings()->setFocus();
    const int steps = index - groupings()->currentIndex();
    for (int i = 0; i < qAbs(steps); ++i)
        QTest::keyClick(groupings(), steps > 0 ? Qt::Key_Down : Qt::Key_Up);
    QCOMPARE(groupings()->currentIndex(), index);
}

void TrafficPageTest::beginsEmpty()
{
    auto *empty = m_page->findChild<EmptyState *>();
    QTRY_VERIFY(empty->isVisible());
    QVERIFY(!empty->isFiltered());

    typeFilter(u"status:error"_s);
    QTRY_VERIFY(empty->isFiltered());
    // It is there before it can be clicked.
    QTRY_VERIFY(buttonStarting(*m_page, u"Clear"_s)
                && buttonStarting(*m_page, u"Clear"_s)->isVisible());
    QTest::mouseClick(buttonStarting(*m_page, u"Clear"_s), Qt::LeftButton);
    QCOMPARE(field()->text(), QString());
    QTRY_VERIFY(!empty->isFiltered());
}

void TrafficPageTest::showsWhatWasServed()
{
    addGateway();
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s, true), 200);
    QVERIFY(m_fixture->chat(m_token, u"echo-error-503"_s) >= 500);

    QTRY_COMPARE_WITH_TIMEOUT(model().rowCount(), 2, 10'000);
    QCOMPARE(cell(1, u"status"_s), u"200"_s);
    QCOMPARE(cell(1, u"token"_s), u"alice laptop"_s);
    QCOMPARE(cell(1, u"channel"_s), m_channel.name);
    QCOMPARE(cell(0, u"model"_s), u"echo-error-503"_s);
    QVERIFY(cell(0, u"status"_s).startsWith(u'5'));
    QTRY_VERIFY(footer()->totalsText().contains(u"2 requests"_s));
    QVERIFY(footer()->totalsText().contains(u"1 failed"_s));
    QVERIFY(footer()->totalsText().endsWith(u"live"_s));
    // The filter's own button says the same.
    QTRY_COMPARE(m_page->findChild<QPushButton *>(u"all"_s)->accessibleName(), u"All, 2"_s);
}

void TrafficPageTest::runningRequestsAreCancelled()
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_fixture->url() + u"/v1/chat/completions"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer sk-" + m_token.key.reveal());
    const std::unique_ptr<QNetworkReply> reply(network.post(
        request,
        R"({"model":"echo-gap-100-long-600","stream":true,"messages":[{"role":"user","content":"x"}]})"));
    QTRY_COMPARE_WITH_TIMEOUT(model().kindAt(0), Kind::Running, 10'000);
    QCOMPARE(cell(0, u"status"_s), u"running"_s);
    QTRY_VERIFY(!cell(0, u"out"_s).isEmpty() && cell(0, u"out"_s) != u"0"_s);
    const QString tokens = cell(0, u"out"_s);
    const QString elapsed = cell(0, u"duration"_s);
    QTRY_VERIFY(cell(0, u"out"_s) != tokens); // it counts on
    QTRY_VERIFY(cell(0, u"duration"_s) != elapsed);
    QVERIFY(!reply->isFinished());

    choose(0);
    QVERIFY(action("traffic.cancel")->isEnabled());
    QTest::keyClick(view(), Qt::Key_Delete);

    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(model().runningCount(), 0, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, u"status"_s), u"cancelled"_s, 10'000);
    QCOMPARE(model().rowCount(), 3);
    // It is still the one that is selected.
    QCOMPARE(view()->currentIndex().row(), 0);
    QVERIFY(!action("traffic.cancel")->isEnabled());
}

void TrafficPageTest::pauseHoldsTheList()
{
    QTRY_COMPARE(model().rowCount(), 3);
    view()->setFocus();

    QTest::keyClick(view(), Qt::Key_P);
    QVERIFY(action("traffic.pause")->isChecked());
    QVERIFY(footer()->totalsText().endsWith(u"paused"_s));
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    QTest::qWait(1'500); // longer than it takes to ask for new ones
    QCOMPARE(model().rowCount(), 3);

    QTest::keyClick(view(), Qt::Key_P);
    QTRY_COMPARE(model().rowCount(), 4);
}

void TrafficPageTest::pagesFollowOnScrolling()
{
    store(1'100, "bulk-", {.tokenName = "bulk", .cost = {2'000'000}, .session = "bulk session"});
    m_page->setFilter(u"token:bulk"_s);
    QTRY_VERIFY(model().rowCount() >= 200);
    QVERIFY(model().rowCount() < 1'100); // only what is looked at, and somewhat more
    QCOMPARE(cell(0, u"id"_s), u"bulk-1099"_s);

    view()->setFocus();
    for (int i = 0; i < 20 && model().rowCount() < 1'100; ++i) {
        QTest::keyClick(view(), Qt::Key_End, Qt::ControlModifier);
        QTest::qWait(20);
    }
    QTRY_COMPARE(model().rowCount(), 1'100);
    QTest::keyClick(view(), Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(cell(1'099, u"id"_s), u"bulk-0"_s);
    QTRY_VERIFY(footer()->totalsText().contains(u"1,100 requests"_s));
}

void TrafficPageTest::newOnesDoNotPushAway()
{
    QTRY_VERIFY(model().rowCount() >= 200);
    view()->verticalScrollBar()->setValue(1'000);
    const int top = view()->rowAt(0);
    const QString seen = cell(top, u"id"_s);

    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);

    QPushButton *pill = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((pill = buttonStarting(*m_page, u"↑ "_s)), 5'000);
    QCOMPARE(pill->text(), u"↑ 1 new"_s);
    QCOMPARE(cell(view()->rowAt(0), u"id"_s), seen);
    QTest::mouseClick(pill, Qt::LeftButton);
    QCOMPARE(view()->verticalScrollBar()->value(), 0);
    QVERIFY(!pill->isVisible());
    QCOMPARE(cell(0, u"model"_s), u"echo"_s);
}

void TrafficPageTest::groupsOpenAndClose()
{
    QAbstractItemModelTester tester(view()->model(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
    m_page->setFilter(u"token:bulk"_s);
    chooseGrouping(1);
    QTRY_COMPARE(model().rowCount(), 1);
    QCOMPARE(model().groupAt(0)->requests, 1'100);
    QCOMPARE(cell(0, u"cost"_s), u"$2.2000"_s);

    choose(0);
    QTest::keyClick(view(), Qt::Key_Right);
    QTRY_VERIFY(model().rowCount() > 200);
    QVERIFY(model().rowCount() < 1'100);
    QCOMPARE(cell(1, u"id"_s), u"bulk-1099"_s);
    QTest::keyClick(view(), Qt::Key_Down);
    QCOMPARE(view()->currentIndex().row(), 1);
    QTest::keyClick(view(), Qt::Key_Left); // to its group
    QCOMPARE(view()->currentIndex().row(), 0);
    QTest::keyClick(view(), Qt::Key_Left);
    QCOMPARE(model().rowCount(), 1);
    QTest::keyClick(view(), Qt::Key_Return);
    QTRY_VERIFY(model().rowCount() > 200);
    QTest::keyClick(view(), Qt::Key_Return);
    QCOMPARE(model().rowCount(), 1);

    // Among other rows a place in the list means nothing.
    QTest::keyClick(view(), Qt::Key_Return);
    QTRY_VERIFY(model().rowCount() > 200);
    view()->verticalScrollBar()->setValue(1'000);
    QVERIFY(view()->verticalScrollBar()->value() > 0);
    chooseGrouping(0);
    QTRY_VERIFY(!model().grouping() && model().rowCount() >= 200);
    QTRY_COMPARE(view()->verticalScrollBar()->value(), 0);
}

void TrafficPageTest::groupOfOddNames()
{
    store(3, "odd-", {.tokenName = "odd", .model = "a*, \"b\" <i>c</i>", .session = "?"});
    store(2, "long-", {.tokenName = "odd", .model = QByteArray(10'000, 'm')});
    m_page->setFilter(u"token:odd"_s);
    chooseGrouping(3);
    QTRY_COMPARE(model().rowCount(), 2);
    QCOMPARE(model().groupAt(1)->name, u"a*, \"b\" <i>c</i>"_s);

    choose(1);
    QTest::keyClick(view(), Qt::Key_Right);
    QTRY_COMPARE(model().rowCount(), 5);
    QVERIFY(!view()->grab().isNull());
    choose(2);
    action("traffic.byModel")->trigger();
    QTRY_COMPARE(model().rowCount(), 4); // the group is still open
    QCOMPARE(model().groupAt(0)->requests, 3);
    for (const int by : {2, 4, 1}) {
        chooseGrouping(by);
        QTRY_COMPARE(model().rowCount(), 1);
        QTRY_VERIFY(model().groupAt(0) && model().groupAt(0)->requests == 3);
    }
}

void TrafficPageTest::sumsOfTheSelection()
{
    m_page->setFilter(u"token:bulk"_s);
    QTRY_VERIFY(model().rowCount() >= 200);
    choose(0);
    QTRY_VERIFY(footer()->selectionText().startsWith(u"1 of 1,100 selected"_s));
    QTest::keyClick(view(), Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(view(), Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(footer()->selectionText(), u"3 selected, $0.0060"_s);
}

void TrafficPageTest::nothingSpentIsNoRoundedSum()
{
    store(2, "nothing", {.tokenName = "nothing", .model = "new model", .unpriced = true});
    m_page->setFilter(u"token:nothing"_s);
    QTRY_COMPARE(model().rowCount(), 2);

    choose(0);
    QTRY_VERIFY(footer()->selectionText().endsWith(u", no price"_s));
    QTest::keyClick(view(), Qt::Key_Down, Qt::ShiftModifier);

    QCOMPARE(footer()->selectionText(), u"2 selected, $0"_s);
}

void TrafficPageTest::viewIsCleared()
{
    QTRY_VERIFY(model().rowCount() > 3);
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_L, Qt::ControlModifier);
    QCOMPARE(model().rowCount(), 0);
    QTRY_VERIFY(m_page->findChild<EmptyState *>()->isVisible());

    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    QTRY_COMPARE(model().rowCount(), 1);
    QTest::keyClick(view(), Qt::Key_F5);
    QTRY_VERIFY(model().rowCount() > 3);
}

void TrafficPageTest::lateRequestsCountOnce_data()
{
    QTest::addColumn<bool>("beforeTheTotals");
    QTest::addRow("read after the totals") << false;
    QTest::addRow("read beside the totals") << true;
}

// They end between the first page of the list and its totals.
void TrafficPageTest::lateRequestsCountOnce()
{
    QFETCH(const bool, beforeTheTotals);
    const QByteArray name = beforeTheTotals ? "late-beside" : "late-after";
    store(2, name + "-first", {.model = name});
    TrafficModel list;
    TrafficFeed feed(m_fixture->administration().traffic, list);
    feed.setQuery(domain::filterQueryFrom(u"model:"_s + QString::fromUtf8(name)));
    connect(&feed, &TrafficFeed::restarted, this, [&] {
        store(3, name + "-then", {.model = name});
        if (beforeTheTotals)
            feed.setLive(true);
    });

    feed.restart();

    QTRY_VERIFY(feed.totals());
    feed.setLive(true);
    QTRY_COMPARE(list.rowCount(), 5);
    QCOMPARE(feed.totals()->requests, 5);
}

void TrafficPageTest::sumsLetGoOfWhatIsTooOld()
{
    store(3, "aging-", {.model = "aging"});
    TrafficModel list;
    TrafficFeed feed(m_fixture->administration().traffic, list);
    feed.setQuery(domain::filterQueryFrom(u"model:aging since:1h"_s));
    feed.restart();
    QTRY_VERIFY(feed.totals());
    QCOMPARE(feed.totals()->requests, 3);
    m_fixture->waitFor(m_fixture->administration().foundation.storage.write(
        [](storage::Database &database) -> base::Result<> {
            return storage::executeDirectly(
                database,
                u"UPDATE usage_records SET created_at = created_at - 7200000"
                " WHERE request_id = 'aging-0'"_s);
        }));

    feed.setLive(true);

    QTRY_COMPARE(feed.totals()->requests, 2);
    QCOMPARE(list.rowCount(), 3);
}

void TrafficPageTest::placeAndSelectionOutliveAnotherPage()
{
    m_page->setFilter(u"token:bulk"_s);
    QTRY_VERIFY(model().rowCount() >= 200);
    view()->verticalScrollBar()->setValue(1'000);
    choose(view()->rowAt(0) + 2);
    const int place = view()->verticalScrollBar()->value();
    const int chosen = view()->currentIndex().row();
    QSignalSpy replaced(view()->model(), &QAbstractItemModel::modelReset);
    m_page->setActive(false);
    store(1, "bulk-late", {.tokenName = "bulk"});

    m_page->setActive(true);

    QTRY_COMPARE(view()->currentIndex().row(), chosen + 1); // what came meanwhile stands above
    QCOMPARE(replaced.size(), 0);
    QVERIFY(view()->verticalScrollBar()->value() >= place);
    m_page->setActive(false);
    m_page->setFilter(u"token:\"alice laptop\""_s); // what is asked for elsewhere is read
    m_page->setActive(true);
    QTRY_VERIFY(model().rowCount() > 0 && model().rowCount() < 200);
    QCOMPARE(cell(0, u"token"_s), u"alice laptop"_s);
}

void TrafficPageTest::pauseOutlivesAnotherPage()
{
    QTRY_VERIFY(model().rowCount() > 3);
    action("traffic.pause")->trigger();
    const QString newest = cell(0, u"id"_s);
    m_page->setActive(false);
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);

    m_page->setActive(true);

    QTest::qWait(1'500); // longer than it takes to ask for new ones
    QCOMPARE(cell(0, u"id"_s), newest);
    action("traffic.pause")->trigger();
    QTRY_VERIFY(cell(0, u"id"_s) != newest);
}

void TrafficPageTest::inspectorIsPlacedAndRemembered()
{
    m_page->setFilter(u"token:odd"_s);
    QTRY_VERIFY(model().rowCount() >= 5);
    QVERIFY(!inspector()->isVisible());
    choose(1);
    QTRY_VERIFY(inspector()->isVisible());
    QTRY_COMPARE(inspector()->shownId(), model().lineAt(1)->id);
    QVERIFY(inspector()->y() > view()->y());
    QTest::keyClick(view(), Qt::Key_Down);
    QTRY_COMPARE(inspector()->shownId(), model().lineAt(2)->id);

    // By the button in its header, which leads back then.
    const auto placeButton = [this](const QString &name) -> QAbstractButton * {
        for (QAbstractButton *button : inspector()->findChildren<QAbstractButton *>()) {
            if (button->accessibleName() == name && button->isVisible())
                return button;
        }
        return nullptr;
    };
    QTRY_VERIFY(placeButton(u"Details at the right"_s));
    QTest::mouseClick(placeButton(u"Details at the right"_s), Qt::LeftButton);
    QVERIFY(action("traffic.detailsRight")->isChecked());
    QTRY_VERIFY(placeButton(u"Details below the list"_s));
    QTRY_VERIFY(inspector()->x() > 100);
    QVERIFY(view()->isColumnHidden(model().columnOf(u"token"_s)));
    QTest::keyClick(view(), Qt::Key_F4);
    QTRY_VERIFY(!inspector()->isVisible());
    QVERIFY(!view()->isColumnHidden(model().columnOf(u"token"_s)));
    {
        TrafficPage another(m_fixture->services());
        QVERIFY(!another.findChild<QAction *>(u"traffic.details"_s)->isChecked());
        QVERIFY(another.findChild<QAction *>(u"traffic.detailsRight"_s)->isChecked());
    }
    QTest::keyClick(view(), Qt::Key_Return);
    QTRY_VERIFY(inspector()->isVisible());
    QTest::keyClick(view(), Qt::Key_Escape);
    QVERIFY(!inspector()->isVisible());
    action("traffic.detailsRight")->trigger();
    action("traffic.details")->trigger();
}

void TrafficPageTest::columnsAreRemembered()
{
    const int session = model().columnOf(u"session"_s);
    QVERIFY(view()->isColumnHidden(session));
    view()->setColumnHidden(session, false);
    view()->setColumnWidth(session, 150);
    QTest::qWait(400); // they are saved a moment later

    TrafficPage another(m_fixture->services());
    auto *list = another.findChild<TableView *>(u"trafficList"_s);
    QVERIFY(!list->isColumnHidden(session));
    QCOMPARE(list->columnWidth(session), 150);
    view()->resetColumns();
    QVERIFY(view()->isColumnHidden(session));
}

void TrafficPageTest::languageKeepsTheState()
{
    m_page->setFilter(u"token:odd"_s);
    QTRY_VERIFY(model().rowCount() >= 5);
    const int rows = model().rowCount();
    choose(1);

    QEvent change(QEvent::LanguageChange);
    QApplication::sendEvent(m_page.get(), &change);

    QCOMPARE(model().rowCount(), rows);
    QCOMPARE(view()->currentIndex().row(), 1);
    QCOMPARE(field()->text(), u"token:odd"_s);
}

void TrafficPageTest::isAccessible()
{
    m_page->setFilter(u"token:odd"_s);
    QTRY_VERIFY(model().rowCount() >= 5);
    choose(0);
    QTRY_VERIFY(inspector()->isVisible());
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
    QVERIFY(m_page->panes().size() >= 4);
}

QTEST_MAIN(TrafficPageTest)
#include "tst_trafficpage.moc"
