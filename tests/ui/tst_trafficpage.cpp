#include "admin/administration.h"
#include "inspector/inspector.h"
#include "storage/traffic/usagerepository.h"
#include "traffic/capturechoice.h"
#include "traffic/filterbar.h"
#include "traffic/namedialog.h"
#include "traffic/rangechoice.h"
#include "traffic/trafficpage.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/emptystate.h"
#include "widgets/fields/chiprow.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using Kind = TrafficModel::Kind;

namespace {

QPushButton *buttonStarting(QWidget &root, const QString &text)
{
    const auto buttons = root.findChildren<QPushButton *>();
    const auto found = std::find_if(buttons.begin(), buttons.end(), [&text](const auto *button) {
        return button->isVisible() && button->text().startsWith(text);
    });
    return found == buttons.end() ? nullptr : *found;
}

QAction *entry(const QMenu &menu, const QString &text)
{
    const auto actions = menu.actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&text](const auto *action) {
        return action->text().remove(u'&').startsWith(text);
    });
    return found == actions.end() ? nullptr : *found;
}

} // namespace

// The list of requests, used as a person does, over a gateway that serves real ones.
class TrafficPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void beginsEmpty();
    void showsWhatWasServed();
    void runningRequestsAreCancelled();
    void pauseHoldsTheList();
    void typedFiltersApply();
    void whatIsNotUnderstoodIsExplained();
    void keysAndValuesAreProposed();
    void menuFiltersAndExcludes();
    void filtersAreSavedRenamedAndRemoved();
    void rangesAreChosen();
    void doorsFromElsewhere();
    void pagesFollowOnScrolling();
    void newOnesDoNotPushAway();
    void groupsOpenAndClose();
    void groupOfOddNames();
    void sumsOfTheSelection();
    void copiesRows();
    void viewIsCleared();
    void exportsTheFilteredAsCsv();
    void exportsLinesOfJson();
    void exportIsCancelled();
    void bodiesAreKeptAndForgotten();
    void tokenIsDisabledAndUndone();
    void leadsElsewhere();
    void inspectorIsPlacedAndRemembered();
    void columnsAreRemembered();
    void languageKeepsTheState();
    void isAccessible();

private:
    TableView *view() const { return m_page->findChild<TableView *>(u"trafficList"_s); }
    FilterField *field() const { return m_page->findChild<FilterField *>(); }
    MessageBar *messages() const { return m_page->findChild<MessageBar *>(u"trafficMessages"_s); }
    TableFooter *footer() const { return m_page->findChild<TableFooter *>(); }
    Inspector *inspector() const { return m_page->findChild<Inspector *>(); }
    QAction *action(const char *name) const
    {
        return m_page->findChild<QAction *>(QString::fromLatin1(name));
    }
    QComboBox *groupings() const
    {
        return m_page->findChild<FilterBar *>()->findChild<QComboBox *>();
    }
    const TrafficModel &model() const { return m_page->model(); }
    QString cell(int row, const QString &key) const
    {
        return model().index(row, model().columnOf(key)).data(role::cell).value<Cell>().text;
    }
    void choose(int row);
    void typeFilter(const QString &text);
    void chooseGrouping(int index);
    QMenu *openMenu(int row);
    // Writes requests into the ledger that differ in time, token, model and session.
    void store(int count, const QByteArray &prefix, const domain::UsageRecord &like = {});
    void chooseFile(const QString &file);

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<TrafficPage> m_page;
    domain::Token m_token{};
    domain::Channel m_channel{};
};

void TrafficPageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void TrafficPageTest::init()
{
    m_fixture->services().state.setValue(u"traffic/filter"_s, QString());
    m_fixture->services().state.setValue(u"traffic/grouping"_s, 0);
    m_page = std::make_unique<TrafficPage>(m_fixture->services());
    m_page->resize(1032, 690);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->activateWindow();
    m_page->setActive(true);
}

void TrafficPageTest::cleanup()
{
    m_page.reset();
}

void TrafficPageTest::choose(int row)
{
    const QRect place = view()->visualRect(model().index(row, model().columnOf(u"model"_s)));
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, place.center());
}

void TrafficPageTest::typeFilter(const QString &text)
{
    field()->setFocus();
    field()->selectAll();
    if (text.isEmpty())
        QTest::keyClick(field(), Qt::Key_Delete);
    else
        QTest::keyClicks(field(), text);
}

void TrafficPageTest::chooseGrouping(int index)
{
    groupings()->setFocus();
    const int steps = index - groupings()->currentIndex();
    for (int i = 0; i < qAbs(steps); ++i)
        QTest::keyClick(groupings(), steps > 0 ? Qt::Key_Down : Qt::Key_Up);
    QCOMPARE(groupings()->currentIndex(), index);
}

QMenu *TrafficPageTest::openMenu(int row)
{
    choose(row);
    const QPoint place =
        view()->visualRect(model().index(row, model().columnOf(u"model"_s))).center();
    QContextMenuEvent event(
        QContextMenuEvent::Mouse, place, view()->viewport()->mapToGlobal(place));
    QApplication::sendEvent(view()->viewport(), &event);
    return qobject_cast<QMenu *>(QApplication::activePopupWidget());
}

void TrafficPageTest::store(int count, const QByteArray &prefix, const domain::UsageRecord &like)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    m_fixture->waitFor(m_fixture->administration().foundation.storage.write(
        [count, prefix, like, now](storage::Database &database) -> base::Result<> {
            for (int i = 0; i < count; ++i) {
                domain::UsageRecord record = like;
                record.requestId = prefix + QByteArray::number(i);
                record.createdAt = now;
                record.operation = "chat";
                if (record.model.isEmpty())
                    record.model = "stored";
                if (record.httpStatus == 0)
                    record.httpStatus = 200;
                if (auto added = storage::UsageRepository(database).insert(record); !added)
                    return base::fail(added.error());
            }
            return {};
        }));
}

void TrafficPageTest::beginsEmpty()
{
    auto *empty = m_page->findChild<EmptyState *>();
    QTRY_VERIFY(empty->isVisible());
    QVERIFY(!empty->isFiltered());

    typeFilter(u"status:error"_s);
    QTRY_VERIFY(empty->isFiltered());
    QTRY_VERIFY(buttonStarting(*m_page, u"Clear"_s));
    QTest::mouseClick(buttonStarting(*m_page, u"Clear"_s), Qt::LeftButton);
    QCOMPARE(field()->text(), QString());
    QTRY_VERIFY(!empty->isFiltered());
}

void TrafficPageTest::showsWhatWasServed()
{
    m_channel = m_fixture->addEchoChannel(
        u"Echo & <b>sons</b>"_s, {u"echo"_s, u"echo-error-503"_s, u"echo-gap-100-long-600"_s});
    m_token = m_fixture->addToken(u"alice laptop"_s);
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

void TrafficPageTest::typedFiltersApply()
{
    QTRY_COMPARE(model().rowCount(), 4);

    typeFilter(u"status:error"_s);
    QTRY_COMPARE(model().rowCount(), 1);
    QCOMPARE(cell(0, u"model"_s), u"echo-error-503"_s);
    auto *chips = m_page->findChild<ChipRow *>();
    QCOMPARE(chips->current(), u"errors"_s);
    QTest::keyClick(field(), Qt::Key_Escape); // the proposals
    QTest::keyClick(field(), Qt::Key_Escape);
    QTRY_COMPARE(model().rowCount(), 4);
    QCOMPARE(chips->current(), u"all"_s);

    QTest::mouseClick(chips->findChild<QPushButton *>(u"errors"_s), Qt::LeftButton);
    QTRY_COMPARE(model().rowCount(), 1);
    QCOMPARE(field()->text(), u"status:error"_s);
    TrafficPage another(m_fixture->services());
    QCOMPARE(another.findChild<FilterField *>()->text(), u"status:error"_s);
}

void TrafficPageTest::whatIsNotUnderstoodIsExplained()
{
    typeFilter(u"colour:red model:echo"_s);

    QTRY_VERIFY(messages()->hasMessage(u"filter"_s));
    QVERIFY(field()->problems().contains(u"colour"_s));
    // What is understood applies.
    QTRY_COMPARE(model().rowCount(), 2);

    typeFilter(u"model:echo"_s);
    QTRY_VERIFY(!messages()->hasMessage(u"filter"_s));
}

void TrafficPageTest::keysAndValuesAreProposed()
{
    auto *proposals = field()->findChild<QAbstractItemView *>();
    Q_UNUSED(proposals)
    typeFilter(u"tok"_s);
    QWidget *popup = nullptr;
    QTRY_VERIFY((popup = QApplication::activePopupWidget()));
    auto *list = qobject_cast<QAbstractItemView *>(popup);
    QVERIFY(list);
    QCOMPARE(list->model()->index(0, 0).data().toString(), u"token:"_s);

    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTRY_COMPARE(field()->text(), u"token:"_s);
    QTRY_COMPARE(list->model()->index(0, 0).data().toString(), u"\"alice laptop\""_s);
    list->hide();
}

void TrafficPageTest::menuFiltersAndExcludes()
{
    QTRY_COMPARE(model().rowCount(), 4);
    QTRY_VERIFY(view()->rowHeight(0) > 0);
    int failed = -1;
    for (int row = 0; row < 4; ++row)
        failed = cell(row, u"model"_s) == u"echo-error-503"_s ? row : failed;

    QMenu *menu = openMenu(failed);
    QVERIFY(menu);
    entry(*entry(*menu, u"Filter by this"_s)->menu(), u"model: echo-error-503"_s)->trigger();
    menu->close();
    QCOMPARE(field()->text(), u"model:echo-error-503"_s);
    QTRY_COMPARE(model().rowCount(), 1);

    menu = openMenu(0);
    entry(*entry(*menu, u"Exclude"_s)->menu(), u"channel"_s)->trigger();
    menu->close();
    QTRY_COMPARE(model().rowCount(), 0);
    QVERIFY(field()->text().contains(u"-channel:"_s));

    field()->setFilter(u"model:echo"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    choose(0);
    action("traffic.byModel")->trigger(); // in the place of the model, not beside it
    QCOMPARE(field()->text(), u"model:echo"_s);
}

void TrafficPageTest::filtersAreSavedRenamedAndRemoved()
{
    auto *chips = m_page->findChild<ChipRow *>();
    typeFilter(u"out:>1000000"_s);
    QTRY_COMPARE(chips->current(), QString());
    field()->clearFocus();
    view()->setFocus();
    QTRY_VERIFY(action("traffic.saveFilter")->isEnabled());
    QCOMPARE(action("traffic.saveFilter")->shortcut(), QKeySequence(QKeySequence::Save));
    action("traffic.saveFilter")->trigger();
    auto *dialog = m_page->findChild<NameDialog *>();
    QVERIFY(dialog);
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"Long <b>ones</b>"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);

    const QString id = chips->current();
    QVERIFY(!id.isEmpty());
    QCOMPARE(chips->findChild<QPushButton *>(id)->text(), u"Long <b>ones</b>"_s);
    QTRY_VERIFY(chips->findChild<QPushButton *>(id)->accessibleName().endsWith(u", 0"_s));
    {
        TrafficPage another(m_fixture->services());
        QVERIFY(another.findChild<ChipRow *>()->findChild<QPushButton *>(id));
    }

    action("traffic.renameFilter")->trigger();
    QTRY_VERIFY((dialog = m_page->findChild<NameDialog *>()) && dialog->isVisible());
    dialog->findChild<QLineEdit *>()->selectAll();
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"Long"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_COMPARE(chips->findChild<QPushButton *>(id)->text(), u"Long"_s);

    action("traffic.removeFilter")->trigger();
    QTRY_VERIFY(!chips->findChild<QPushButton *>(id));
    m_fixture->services().undo.undo();
    QTRY_VERIFY(chips->findChild<QPushButton *>(id));
    action("traffic.removeFilter")->trigger();
    QTRY_VERIFY(!chips->findChild<QPushButton *>(id));
}

void TrafficPageTest::rangesAreChosen()
{
    auto *range = m_page->findChild<RangeChoice *>();
    typeFilter(u"model:echo"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    QCOMPARE(range->currentText(), u"All time"_s);
    range->setFocus();
    QTest::keyClick(range, Qt::Key_Home);
    QCOMPARE(field()->text(), u"model:echo since:15m"_s);
    QTRY_COMPARE(model().rowCount(), 2);

    field()->setFilter(u"since:7d model:echo"_s);
    QCOMPARE(range->currentText(), u"7 d"_s);
    field()->setFilter(u"since:3h"_s);
    QCOMPARE(range->currentText(), u"Custom…"_s);
    field()->setFilter(u"until:2020-01-01"_s);
    QTRY_COMPARE(model().rowCount(), 0);
}

void TrafficPageTest::doorsFromElsewhere()
{
    const QStringList terms{u"status:error since:24h"_s,
                            u"channel:#%1"_s.arg(m_channel.id.value),
                            u"token:\"alice laptop\""_s,
                            u"user:#1 since:24h"_s,
                            u"model:\"echo\" since:24h"_s,
                            u"priced:no"_s};
    for (const QString &text : terms) {
        m_page->setFilter(text);
        QCOMPARE(field()->problems(), QString());
        QCOMPARE(field()->text(), text);
    }
    m_page->setFilter(u"channel:#%1"_s.arg(m_channel.id.value));
    QTRY_COMPARE(model().rowCount(), 4);
    const qint64 id = model().lineAt(2)->id;
    m_page->showItem(id);
    QTRY_COMPARE(model().rowCount(), 1);
    QTRY_COMPARE(inspector()->shownId(), id);
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
    chooseGrouping(0);
    QTRY_VERIFY(model().rowCount() >= 200);
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

void TrafficPageTest::copiesRows()
{
    m_page->setFilter(u"token:odd"_s);
    QTRY_COMPARE(model().rowCount(), 5);
    choose(3);
    QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QApplication::clipboard()->text().contains(u"<i>c</i>"_s));
    action("traffic.copyId")->trigger();
    QCOMPARE(QApplication::clipboard()->text(), u"odd-1"_s);

    store(1,
          "spoiled",
          {.tokenName = "odd",
           .httpStatus = 429,
           .end = domain::EndReason::Failed,
           .errorCode = "rate_limited",
           .content = "Slow down."});
    QTRY_COMPARE(model().rowCount(), 6);
    choose(0);
    action("traffic.copyError")->trigger();
    QCOMPARE(QApplication::clipboard()->text(), u"429 rate_limited\nSlow down."_s);
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

void TrafficPageTest::chooseFile(const QString &file)
{
    QFileDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = m_page->findChild<QFileDialog *>()));
    dialog->setDirectory(m_fixture->directory());
    dialog->findChild<QLineEdit *>(u"fileNameEdit"_s)->setText(file);
    QTest::keyClick(dialog->findChild<QLineEdit *>(u"fileNameEdit"_s), Qt::Key_Return);
}

void TrafficPageTest::exportsTheFilteredAsCsv()
{
    store(2, "formula", {.tokenName = "=HYPERLINK(\"http://x\")", .model = "exported"});
    m_page->setFilter(u"model:exported"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_E, Qt::ControlModifier);
    chooseFile(u"requests.csv"_s);

    QTRY_VERIFY_WITH_TIMEOUT(messages()->hasMessage(u"exported"_s), 10'000);
    QFile file(m_fixture->directory() + u"/requests.csv"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[1].contains("formula1"));
    QVERIFY(lines[1].contains("\"'=HYPERLINK"));
}

void TrafficPageTest::exportsLinesOfJson()
{
    m_page->setFilter(u"token:bulk"_s);
    QTRY_VERIFY(model().rowCount() >= 200);
    action("traffic.exportJson")->trigger();
    chooseFile(u"requests.jsonl"_s);

    QTRY_VERIFY_WITH_TIMEOUT(messages()->hasMessage(u"exported"_s), 10'000);
    QFile file(m_fixture->directory() + u"/requests.jsonl"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 1'100);
    const QJsonObject newest = QJsonDocument::fromJson(lines[0]).object();
    QCOMPARE(newest[u"request_id"_s].toString(), u"bulk-1099"_s);
    QCOMPARE(newest[u"cost_nano_dollars"_s].toInteger(), 2'000'000);
}

void TrafficPageTest::exportIsCancelled()
{
    store(20'000, "many-", {.tokenName = "many"});
    QSignalSpy noticed(m_page.get(), &Page::noticeRaised);
    m_page->setFilter(u"token:many"_s);
    action("traffic.exportCsv")->trigger();
    chooseFile(u"never.csv"_s);
    QVERIFY(messages()->hasMessage(u"export"_s));
    QVERIFY(!action("traffic.exportCsv")->isEnabled());
    QTRY_VERIFY(buttonStarting(*messages(), u"Cancel"_s));
    QTest::mouseClick(buttonStarting(*messages(), u"Cancel"_s), Qt::LeftButton);

    QTRY_VERIFY_WITH_TIMEOUT(!messages()->hasMessage(u"export"_s), 10'000);
    QVERIFY(!messages()->hasMessage(u"exported"_s));
    QCOMPARE(noticed.size(), 1);
    QVERIFY(!QFile::exists(m_fixture->directory() + u"/never.csv"_s));
    QVERIFY(action("traffic.exportCsv")->isEnabled());
}

void TrafficPageTest::bodiesAreKeptAndForgotten()
{
    admin::Administration &administration = m_fixture->administration();
    auto *choice = m_page->findChild<CaptureChoice *>();
    QCOMPARE(choice->currentText(), u"Bodies: off"_s);
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_End);
    QTRY_COMPARE(administration.settings.current().traffic.capture, domain::CaptureLevel::All);
    QVERIFY(choice->currentText().contains(u"3 days"_s));
    QVERIFY(messages()->hasMessage(u"capture"_s));
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    m_page->setFilter(u"token:\"alice laptop\""_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        (action("traffic.refresh")->trigger(),
         QTest::qWait(200),
         model().lineAt(1) && model().lineAt(0)->hasCapture && model().lineAt(1)->hasCapture),
        10'000);
    choose(0);
    const QByteArray id = model().lineAt(0)->record.requestId;
    const QByteArray other = model().lineAt(1)->record.requestId;

    action("traffic.copyCurl")->trigger();
    QTRY_VERIFY(QApplication::clipboard()->text().contains(u"$API_KEY"_s));
    action("traffic.forget")->trigger();
    QVERIFY(m_fixture->wait(administration.captures.find(id)).requestId == id); // not yet
    QTRY_VERIFY(buttonStarting(*messages(), u"Forget"_s));
    QTest::mouseClick(buttonStarting(*messages(), u"Forget"_s), Qt::LeftButton);
    QTRY_VERIFY(!model().lineAt(0)->hasCapture);
    auto gone = administration.captures.find(id);
    QTRY_VERIFY(gone.isFinished());
    QVERIFY(!gone.result());

    action("traffic.forgetToken")->trigger();
    QTRY_VERIFY(buttonStarting(*messages(), u"Forget"_s));
    QTest::mouseClick(buttonStarting(*messages(), u"Forget"_s), Qt::LeftButton);
    QTRY_VERIFY(!model().lineAt(1)->hasCapture);
    gone = administration.captures.find(other);
    QTRY_VERIFY(gone.isFinished());
    QVERIFY(!gone.result());

    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Home);
    QTRY_COMPARE(administration.settings.current().traffic.capture, domain::CaptureLevel::Off);
}

void TrafficPageTest::tokenIsDisabledAndUndone()
{
    m_page->setFilter(u"token:\"alice laptop\""_s);
    QTRY_VERIFY(model().lineAt(0) && model().lineAt(0)->record.tokenId == m_token.id);
    choose(0);
    action("traffic.disableToken")->trigger();

    QTRY_COMPARE(m_fixture->chat(m_token, u"echo"_s) / 100, 4);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
}

void TrafficPageTest::leadsElsewhere()
{
    m_page->setFilter(u"model:echo channel:#%1"_s.arg(m_channel.id.value));
    QTRY_VERIFY(model().rowCount() > 0 && model().lineAt(0)->record.model == "echo");
    QSignalSpy items(m_page.get(), &Page::itemRequested);
    QSignalSpy routes(m_page.get(), &Page::routeRequested);
    QSignalSpy pages(m_page.get(), &Page::navigationRequested);
    choose(0);

    action("traffic.channel")->trigger();
    action("traffic.token")->trigger();
    action("traffic.explain")->trigger();

    QCOMPARE(items.at(0).at(0).value<PageId>(), PageId::Channels);
    QCOMPARE(items.at(0).at(1).toLongLong(), m_channel.id.value);
    QCOMPARE(items.at(1).at(1).toLongLong(), m_token.id.value);
    QCOMPARE(routes.at(0).at(0).toString(), u"echo"_s);
    QCOMPARE(routes.at(0).at(1).toLongLong(), m_token.id.value);

    store(1, "unpriced", {.tokenName = "odd", .model = "new model", .unpriced = true});
    m_page->setFilter(u"priced:no model:\"new model\""_s);
    QTRY_COMPARE(model().rowCount(), 1);
    choose(0);
    QVERIFY(action("traffic.addPrice")->isEnabled());
    action("traffic.addPrice")->trigger();
    QCOMPARE(pages.at(0).at(0).value<PageId>(), PageId::Models);
    QCOMPARE(pages.at(0).at(1).toString(), u"source:\"no price\" model:\"new model\""_s);
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

    action("traffic.detailsRight")->trigger();
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
