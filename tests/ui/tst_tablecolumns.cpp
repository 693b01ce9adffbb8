#include "theme/theme.h"
#include "ui/sampletable.h"
#include "ui/tablefixture.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace gatehouse::ui;

// The columns of a table: which are shown, where, and how wide.
class TableColumnsTest : public TableFixture
{
    Q_OBJECT

private slots:
    void remembersColumnsAndSorting();
    void forgetsColumnsOfAnotherVersion();
    void resetsColumns();
    void keepsRoomForTheStretchedColumn();
    void widensTheStretchedColumnAgain();
    void hidesTheStretchedColumn();
    void showsTitlesWholeAtFirst();
    void showsOtherColumnsAtFirst();
    void hidesColumnsByTheMenu();
    void movesColumnsByKeys();
    void movesColumnsFromRightToLeft();
    void remembersColumnsMovedByKeys();
    void leavesColumnsWhileACellIsEdited();
    void movesColumnsByTheMenu();
};

void TableColumnsTest::remembersColumnsAndSorting()
{
    const QTemporaryDir folder;
    UiState state(folder.filePath(u"ui.ini"_s));
    m_view->remember(state, u"samples"_s, 1);
    m_view->horizontalHeader()->moveSection(0, 3);
    m_view->horizontalHeader()->resizeSection(nameColumn, 222);
    clickHeader(nameColumn);
    QTRY_VERIFY(!state.layout(u"samples"_s, 1).isEmpty());

    TableView other;
    other.setModel(m_filter);
    other.remember(state, u"samples"_s, 1);

    QCOMPARE(other.horizontalHeader()->visualIndex(0), 3);
    QCOMPARE(other.horizontalHeader()->sectionSize(nameColumn), 222);
    QCOMPARE(other.sortKeys(), (QList<SortKey>{{nameColumn, Qt::AscendingOrder}}));
}

void TableColumnsTest::forgetsColumnsOfAnotherVersion()
{
    const QTemporaryDir folder;
    UiState state(folder.filePath(u"ui.ini"_s));
    m_view->remember(state, u"samples"_s, 1);
    m_view->horizontalHeader()->moveSection(0, 3);
    QTRY_VERIFY(!state.layout(u"samples"_s, 1).isEmpty());

    TableView other;
    other.setModel(m_filter);
    other.remember(state, u"samples"_s, 2);

    QCOMPARE(other.horizontalHeader()->visualIndex(0), 0);
}

void TableColumnsTest::resetsColumns()
{
    m_view->horizontalHeader()->moveSection(0, 4);
    m_view->setColumnHidden(nameColumn, true);

    m_view->resetColumns();

    QCOMPARE(m_view->horizontalHeader()->visualIndex(0), 0);
    QVERIFY(!m_view->isColumnHidden(nameColumn));
    QVERIFY(m_view->isColumnHidden(6));
}

// Below its least width the table is scrolled.
void TableColumnsTest::keepsRoomForTheStretchedColumn()
{
    auto columns = sampleColumns();
    columns[nameColumn].traits.stretch = true;
    SampleModel model(std::move(columns), [](const Sample &row) { return row.id; });
    TableView view;
    view.setModel(&model);
    view.show();
    const QHeaderView *header = view.horizontalHeader();
    const auto others = [header] { return header->length() - header->sectionSize(nameColumn); };
    const int least = Theme::px(model.traits(nameColumn).least);
    QVERIFY(least > 0);

    view.resize(others() + 3 * least, 300);
    QTRY_VERIFY(header->sectionSize(nameColumn) > 2 * least);
    QCOMPARE(header->length(), header->viewport()->width());

    view.resize(others() / 2, 300);
    QTRY_COMPARE(header->sectionSize(nameColumn), least);

    view.resize(others() + 3 * least, 300);
    QTRY_VERIFY(header->sectionSize(nameColumn) > 2 * least);
}

// Also after its columns were reset, and in a table that got the layout of a narrow one.
void TableColumnsTest::widensTheStretchedColumnAgain()
{
    auto columns = sampleColumns();
    columns.front().traits.stretch = true;
    SampleModel model(std::move(columns), [](const Sample &row) { return row.id; });
    const QTemporaryDir folder;
    UiState state(folder.filePath(u"ui.ini"_s));
    TableView view;
    view.setModel(&model);
    view.remember(state, u"samples"_s, 1);
    view.show();
    const QHeaderView *header = view.horizontalHeader();
    const int least = Theme::px(model.traits(0).least);
    const int narrow = (header->length() - header->sectionSize(0)) / 2;
    const int wide = 4 * narrow + 3 * least;

    view.resize(wide, 300);
    QTRY_COMPARE(header->length(), header->viewport()->width());
    view.resize(narrow, 300);
    QTRY_COMPARE(header->sectionSize(0), least);
    emit qobject_cast<TableHeader *>(view.horizontalHeader())->layoutEdited();
    QTRY_VERIFY(!state.layout(u"samples"_s, 1).isEmpty());
    view.resize(wide, 300);
    QTRY_COMPARE(header->length(), header->viewport()->width());
    view.resetColumns();
    QCOMPARE(header->length(), header->viewport()->width());

    TableView other;
    other.setModel(&model);
    other.remember(state, u"samples"_s, 1);
    other.resize(wide, 300);
    other.show();
    QTRY_COMPARE(other.horizontalHeader()->length(), other.horizontalHeader()->viewport()->width());
}

void TableColumnsTest::hidesTheStretchedColumn()
{
    auto columns = sampleColumns();
    columns[nameColumn].traits.stretch = true;
    SampleModel model(std::move(columns), [](const Sample &row) { return row.id; });
    TableView view;
    view.setModel(&model);
    view.resize(1600, 300);
    view.show();
    const QHeaderView *header = view.horizontalHeader();
    QTRY_COMPARE(header->length(), header->viewport()->width());
    const int others = header->length() - header->sectionSize(nameColumn);

    view.setColumnHidden(nameColumn, true);
    QCOMPARE(header->length(), others);
    view.setColumnHidden(nameColumn, false);
    QCOMPARE(header->length(), header->viewport()->width());
}

void TableColumnsTest::showsTitlesWholeAtFirst()
{
    const QString title = u"A title that is longer than its column"_s;
    auto columns = sampleColumns();
    columns[priorityColumn].traits.title = [title] { return title; };
    SampleModel model(std::move(columns), [](const Sample &row) { return row.id; });
    TableView view;

    view.setModel(&model);

    const QHeaderView *header = view.horizontalHeader();
    const QFontMetrics metrics(Theme::font(TextRole::SmallStrong));
    const int unmarked = header->sectionSize(priorityColumn);
    QVERIFY(unmarked > QFontMetrics(Theme::font(TextRole::SmallMedium)).horizontalAdvance(title));
    // What is sorted by has a mark, and needs room for it as long.
    view.sortBy({{priorityColumn, Qt::AscendingOrder}});
    QVERIFY(header->sectionSize(priorityColumn) > metrics.horizontalAdvance(title + u" \u25B4"_s));
    view.sortBy({{nameColumn, Qt::AscendingOrder}, {priorityColumn, Qt::AscendingOrder}});
    QVERIFY(header->sectionSize(priorityColumn)
            > metrics.horizontalAdvance(title + u" \u25B4 2"_s));
    view.sortBy({{nameColumn, Qt::AscendingOrder}});
    QCOMPARE(header->sectionSize(priorityColumn), unmarked);
    QCOMPARE(header->sectionSize(nameColumn), Theme::px(model.traits(nameColumn).width));
    // Of an icon the title is not shown.
    const int enabled = model.columnOf(u"enabled"_s);
    QCOMPARE(header->sectionSize(enabled), Theme::px(model.traits(enabled).width));
}

// Which is what resetting them shows, too.
void TableColumnsTest::showsOtherColumnsAtFirst()
{
    auto *header = qobject_cast<TableHeader *>(m_view->horizontalHeader());
    header->setFirstColumns({u"name"_s});

    m_view->resetColumns();

    QVERIFY(!m_view->isColumnHidden(nameColumn));
    QVERIFY(m_view->isColumnHidden(priorityColumn));
    QCOMPARE(header->hiddenSectionCount(), header->count() - 1);

    header->setFirstColumns({});
    m_view->resetColumns();
    QVERIFY(!m_view->isColumnHidden(priorityColumn));
}

void TableColumnsTest::hidesColumnsByTheMenu()
{
    QMenu menu;
    qobject_cast<TableHeader *>(m_view->horizontalHeader())->fillMenu(&menu);
    const QList<QAction *> actions = menu.actions();
    const auto name = std::find_if(actions.begin(), actions.end(), [](const QAction *action) {
        return action->text() == u"Name"_s;
    });
    QVERIFY(name != actions.end());
    QVERIFY((*name)->isChecked());

    (*name)->trigger();

    QVERIFY(m_view->isColumnHidden(nameColumn));
}

// Past columns that are hidden, and not beyond the ends.
void TableColumnsTest::movesColumnsByKeys()
{
    const QHeaderView *header = m_view->horizontalHeader();
    m_view->setColumnHidden(priorityColumn, true);
    m_view->setCurrentIndex(cell(1, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(header->visualIndex(nameColumn), 4);
    QCOMPARE(m_view->currentIndex(), cell(1, nameColumn));
    QCOMPARE(m_view->selectedSourceRows().size(), 1);
    QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(header->visualIndex(nameColumn), 3); // before it is the one that is hidden

    for (int i = 0; i < 5; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(header->visualIndex(nameColumn), 0);
    for (int i = 0; i < 9; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(header->visualIndex(nameColumn), 5); // behind it is one that is hidden at first
}

void TableColumnsTest::movesColumnsFromRightToLeft()
{
    m_view->setLayoutDirection(Qt::RightToLeft);
    m_view->setCurrentIndex(cell(0, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);

    QCOMPARE(m_view->horizontalHeader()->visualIndex(nameColumn), 3);
}

void TableColumnsTest::remembersColumnsMovedByKeys()
{
    const QTemporaryDir folder;
    UiState state(folder.filePath(u"ui.ini"_s));
    m_view->remember(state, u"samples"_s, 1);
    m_view->setCurrentIndex(cell(0, nameColumn));
    QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY(!state.layout(u"samples"_s, 1).isEmpty());

    TableView other;
    other.setModel(m_filter);
    other.remember(state, u"samples"_s, 1);

    QCOMPARE(other.horizontalHeader()->visualIndex(nameColumn), 1);
}

// There the keys select text.
void TableColumnsTest::leavesColumnsWhileACellIsEdited()
{
    beginEdit(0, nameColumn);
    editor()->setCursorPosition(0);

    QTest::keyClick(editor(), Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);

    QCOMPARE(m_view->horizontalHeader()->visualIndex(nameColumn), 2);
    QVERIFY(editor()->hasSelectedText());
}

void TableColumnsTest::movesColumnsByTheMenu()
{
    auto *header = qobject_cast<TableHeader *>(m_view->horizontalHeader());
    const QPoint place(header->sectionViewportPosition(nameColumn) + 3, header->height() / 2);
    QContextMenuEvent onHeader(
        QContextMenuEvent::Mouse, place, header->viewport()->mapToGlobal(place));
    QApplication::sendEvent(header->viewport(), &onHeader);
    QMenu *menu = nullptr;
    QTRY_VERIFY((menu = header->findChild<QMenu *>()) && menu->isVisible());
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    QCOMPARE(header->visualIndex(nameColumn), 1);

    QMenu first;
    header->moveSection(1, 0);
    header->fillMenu(&first, nameColumn);
    QVERIFY(!first.actions().at(0)->isEnabled());
    QVERIFY(first.actions().at(1)->isEnabled());
}

QTEST_MAIN(TableColumnsTest)
#include "tst_tablecolumns.moc"
