#include "inspector/inspector.h"
#include "traffic/rangechoice.h"
#include "traffic/trafficfilters.h"
#include "ui/trafficfixture.h"
#include "widgets/dialogs/namedialog.h"
#include "widgets/fields/chiprow.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/savedfilters.h"
#include "widgets/table/tableview.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

QAction *entry(const QMenu &menu, const QString &text)
{
    const auto actions = menu.actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&text](const auto *action) {
        return action->text().remove(u'&').startsWith(text);
    });
    return found == actions.end() ? nullptr : *found;
}

} // namespace

// The filter of the list of requests: typed, proposed, from menus and chips, saved, and set from
// elsewhere.
class TrafficFilterTest : public tests::TrafficFixture
{
    Q_OBJECT

private slots:
    void initTestCase();
    void typedFiltersApply();
    void whatIsNotUnderstoodIsExplained();
    void keysAndValuesAreProposed();
    void menuFiltersAndExcludes();
    void filtersAreSavedRenamedAndRemoved();
    void lostFiltersComeBack();
    void namesOfFiltersStayApart();
    void rangesAreChosen();
    void doorsFromElsewhere();
    void menuTellsTokensOfOneNameApart();
    void menuTellsWhatBrokeOffFromWhatWentWell();
    void countsOfFiltersAreFresh();

private:
    QMenu *openMenu(int row);
};

QMenu *TrafficFilterTest::openMenu(int row)
{
    choose(row);
    const QPoint place =
        view()->visualRect(model().index(row, model().columnOf(u"model"_s))).center();
    QContextMenuEvent event(
        QContextMenuEvent::Mouse, place, view()->viewport()->mapToGlobal(place));
    QApplication::sendEvent(view()->viewport(), &event);
    return qobject_cast<QMenu *>(QApplication::activePopupWidget());
}

void TrafficFilterTest::initTestCase()
{
    TrafficFixture::initTestCase();
    addGateway();
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s, true), 200);
    QVERIFY(m_fixture->chat(m_token, u"echo-error-503"_s) >= 500);
    QCOMPARE(m_fixture->chat(m_token, u"echo-fast"_s), 200);
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
}

void TrafficFilterTest::typedFiltersApply()
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

void TrafficFilterTest::whatIsNotUnderstoodIsExplained()
{
    typeFilter(u"colour:red model:echo"_s);

    QTRY_VERIFY(messages()->hasMessage(u"filter"_s));
    QVERIFY(field()->problems().contains(u"colour"_s));
    // What is understood applies.
    QTRY_COMPARE(model().rowCount(), 2);

    typeFilter(u"model:echo"_s);
    QTRY_VERIFY(!messages()->hasMessage(u"filter"_s));
}

void TrafficFilterTest::keysAndValuesAreProposed()
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

void TrafficFilterTest::menuFiltersAndExcludes()
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
    QVERIFY(field()->text().contains(u"-channel:#%1"_s.arg(m_channel.id.value)));

    field()->setFilter(u"model:echo"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    choose(0);
    action("traffic.byModel")->trigger(); // in the place of the model, not beside it
    QCOMPARE(field()->text(), u"model:echo"_s);
}

void TrafficFilterTest::filtersAreSavedRenamedAndRemoved()
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

void TrafficFilterTest::lostFiltersComeBack()
{
    UndoStack &undo = m_fixture->services().undo;
    SavedFilters filters(m_fixture->services().state, u"traffic"_s);
    const QString id = filters.save(u"Mine"_s, u"out:>1000000"_s);
    typeFilter(u"out:>5"_s);
    QTRY_VERIFY(action("traffic.saveFilter")->isEnabled());
    action("traffic.saveFilter")->trigger();
    auto *dialog = m_page->findChild<NameDialog *>();
    QVERIFY(dialog);

    // A name that is in use gets the new filter.
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"Mine"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_COMPARE(filters.find(id).filter, u"out:>5"_s);
    undo.undo();
    QTRY_COMPARE(filters.find(id).filter, u"out:>1000000"_s);

    m_page->setFilter(u"out:>1000000"_s);
    QTRY_VERIFY(action("traffic.removeFilter")->isEnabled());
    action("traffic.removeFilter")->trigger();
    QTRY_VERIFY(!filters.isOwn(id));
    m_page.reset(); // as when the window is hidden
    undo.undo();
    QTRY_COMPARE(filters.find(id).name, u"Mine"_s);
    filters.remove(id);
    undo.clear();
}

void TrafficFilterTest::namesOfFiltersStayApart()
{
    SavedFilters filters(m_fixture->services().state, u"traffic"_s);
    const QString one = filters.save(u"One"_s, u"out:>1000001"_s);
    const QString two = filters.save(u"Two"_s, u"out:>1000002"_s);
    m_page->setFilter(u"out:>1000002"_s);
    QTRY_VERIFY(action("traffic.renameFilter")->isEnabled());
    action("traffic.renameFilter")->trigger();
    auto *dialog = m_page->findChild<NameDialog *>();
    QVERIFY(dialog);

    dialog->findChild<QLineEdit *>()->setText(u"One "_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QVERIFY(dialog->isVisible());
    dialog->reject();
    filters.rename(two, u"One"_s);

    QCOMPARE(filters.find(two).name, u"Two"_s);
    filters.remove(one);
    filters.remove(two);
}

void TrafficFilterTest::rangesAreChosen()
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

void TrafficFilterTest::doorsFromElsewhere()
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

// Another's token of the same name is another token.
void TrafficFilterTest::menuTellsTokensOfOneNameApart()
{
    store(2, "same-", {.tokenId = {4711}, .tokenName = "alice laptop"});
    QTRY_COMPARE(model().rowCount(), 6);
    QTRY_VERIFY(view()->rowHeight(0) > 0);

    QMenu *menu = openMenu(0);
    entry(*entry(*menu, u"Filter by this"_s)->menu(), u"token: alice laptop"_s)->trigger();
    menu->close();

    QCOMPARE(field()->text(), u"token:#4711"_s);
    QTRY_COMPARE(model().rowCount(), 2);
}

void TrafficFilterTest::menuTellsWhatBrokeOffFromWhatWentWell()
{
    store(1, "cut-", {.httpStatus = 200, .end = domain::EndReason::Failed});
    QTRY_COMPARE(model().rowCount(), 7);
    QTRY_VERIFY(view()->rowHeight(0) > 0);

    QMenu *menu = openMenu(0);
    entry(*entry(*menu, u"Filter by this"_s)->menu(), u"status: broken off"_s)->trigger();
    menu->close();

    QCOMPARE(field()->text(), u"status:broken"_s);
    QCOMPARE(field()->problems(), QString());
    QTRY_COMPARE(model().rowCount(), 1);
    QCOMPARE(cell(0, u"id"_s), u"cut-0"_s);
}

// What the person opens, saves or clears is counted then, long before the next round.
void TrafficFilterTest::countsOfFiltersAreFresh()
{
    auto *chips = m_page->findChild<ChipRow *>();
    const auto counts = [chips](const QString &id) {
        const auto *chip = chips->findChild<QPushButton *>(id);
        return chip ? chip->accessibleName().section(u", "_s, -1) : QString();
    };
    m_page->setFilter({});
    QTRY_VERIFY(model().rowCount() > 0);
    QTRY_COMPARE(counts(u"all"_s), QString::number(model().rowCount()));
    const int before = model().rowCount();
    SavedFilters filters(m_fixture->services().state, u"traffic"_s, TrafficFilters::kind());
    const QString own = filters.save(u"Own"_s, u"model:fresh"_s);
    QTRY_COMPARE(counts(own), u"0"_s);
    QCOMPARE(counts(u"all"_s), QString::number(before)); // kept while the row changes

    store(2, "fresh-", {.model = "fresh"});
    m_page->setFilter(u"model:fresh"_s);
    QTRY_COMPARE(counts(own), u"2"_s);
    filters.change(own, u"model:nothing"_s);
    QTRY_COMPARE(counts(own), u"0"_s);
    m_page->setFilter({});
    QTRY_COMPARE(counts(u"all"_s), QString::number(before + 2));
    filters.remove(own);
}

QTEST_MAIN(TrafficFilterTest)
#include "tst_trafficfilter.moc"
