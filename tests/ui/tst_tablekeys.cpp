// What the keys do in a table, and which columns it has at first.
#include "theme/theme.h"
#include "ui/sampletable.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace gatehouse::ui;

namespace {

constexpr int nameColumn = 2;
constexpr int tagsColumn = 5;

} // namespace

class TableKeysTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void init();
    void cleanup() { m_view.reset(); }
    void enterOpensTheRowFromAnyCell();
    void enterEditsWhereNothingIsOpened();
    void editsTheRowFromAnyCell();
    void opensTheRowWhereNothingCanBeEdited();
    void theEndsTakeTheSelectionAlong();
    void theEndsSelectOneRowAlone();
    void shiftExtendsTheSelectionToTheEnds();
    void showsSpareColumnsWhereThereIsRoom();
    void keepsColumnsThatAPersonChose();

private:
    QModelIndex cell(int row, int column) const { return m_view->model()->index(row, column); }
    bool isEditing() const { return m_view->viewport()->findChild<QLineEdit *>() != nullptr; }
    QList<int> selectedRows() const
    {
        QList<int> rows;
        for (const QModelIndex &row : m_view->selectedSourceRows())
            rows.append(row.row());
        return rows;
    }
    static SampleModel *makeSpareModel(QObject *parent);

    std::unique_ptr<TableView> m_view{};
    SampleModel *m_model = nullptr;
};

void TableKeysTest::init()
{
    m_view = std::make_unique<TableView>();
    m_model = makeSampleModel(m_view.get());
    m_model->setRows(sampleRows());
    m_view->setModel(m_model);
    m_view->resize(900, 400);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    m_view->setFocus();
}

void TableKeysTest::enterOpensTheRowFromAnyCell()
{
    const QSignalSpy opened(m_view.get(), &TableView::rowActivated);

    for (int column = 0; column <= tagsColumn; ++column) {
        m_view->setCurrentIndex(cell(1, column));
        QTest::keyClick(m_view.get(), Qt::Key_Return);
        QCOMPARE(opened.size(), column + 1);
        QCOMPARE(opened.last().front().toModelIndex().row(), 1);
        QVERIFY(!isEditing());
    }
    m_view->setCurrentIndex(cell(1, nameColumn));
    QTest::keyClick(m_view.get(), Qt::Key_F2);
    QVERIFY(isEditing());
    QCOMPARE(opened.size(), tagsColumn + 1);
}

void TableKeysTest::enterEditsWhereNothingIsOpened()
{
    m_view->setCurrentIndex(cell(1, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Return);

    QVERIFY(isEditing());
}

// As in a list of files: F2 is for the row, whatever cell is current.
void TableKeysTest::editsTheRowFromAnyCell()
{
    const QSignalSpy opened(m_view.get(), &TableView::rowActivated);
    m_view->setCurrentIndex(cell(1, tagsColumn));
    m_view->selectionModel()->select(cell(2, nameColumn),
                                     QItemSelectionModel::Select | QItemSelectionModel::Rows);

    QTest::keyClick(m_view.get(), Qt::Key_F2);

    QVERIFY(isEditing());
    QCOMPARE(m_view->currentIndex(), cell(1, nameColumn));
    QCOMPARE(selectedRows(), QList<int>({1, 2}));
    QVERIFY(opened.isEmpty());
}

void TableKeysTest::opensTheRowWhereNothingCanBeEdited()
{
    auto columns = sampleColumns();
    for (Column<Sample> &column : columns)
        column.edit = {};
    SampleModel model(std::move(columns), [](const Sample &row) { return row.id; });
    model.setRows(sampleRows());
    TableView view;
    view.setModel(&model);
    const QSignalSpy opened(&view, &TableView::rowActivated);
    view.setCurrentIndex(model.index(3, nameColumn));

    QTest::keyClick(&view, Qt::Key_F2);

    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.front().front().toModelIndex().row(), 3);
}

void TableKeysTest::theEndsTakeTheSelectionAlong()
{
    const int last = m_model->rowCount() - 1;
    m_view->setCurrentIndex(cell(3, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(m_view->currentIndex().row(), 0);
    QCOMPARE(selectedRows(), QList<int>{0});

    QTest::keyClick(m_view.get(), Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(m_view->currentIndex().row(), last);
    QCOMPARE(selectedRows(), QList<int>{last});
}

// The current cell is there already, as after a selection that was extended upwards.
void TableKeysTest::theEndsSelectOneRowAlone()
{
    const auto rows = QItemSelectionModel::Select | QItemSelectionModel::Rows;
    m_view->setCurrentIndex(cell(0, 0));
    m_view->selectionModel()->select(QItemSelection(cell(0, 0), cell(2, 0)), rows);
    QCOMPARE(selectedRows(), QList<int>({0, 1, 2}));

    QTest::keyClick(m_view.get(), Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(m_view->currentIndex(), cell(0, 0));
    QCOMPARE(selectedRows(), QList<int>{0});

    QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(selectedRows(), QList<int>({0, 1}));
}

void TableKeysTest::shiftExtendsTheSelectionToTheEnds()
{
    m_view->setCurrentIndex(cell(2, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Home, Qt::ControlModifier | Qt::ShiftModifier);

    QCOMPARE(m_view->currentIndex().row(), 0);
    QCOMPARE(selectedRows(), QList<int>({0, 1, 2}));
}

SampleModel *TableKeysTest::makeSpareModel(QObject *parent)
{
    auto columns = sampleColumns();
    columns[nameColumn].traits.stretch = true;
    columns[tagsColumn].traits.spare = true;
    return new SampleModel(
        std::move(columns), [](const Sample &row) { return row.id; }, parent);
}

void TableKeysTest::showsSpareColumnsWhereThereIsRoom()
{
    TableView view;
    view.setModel(makeSpareModel(&view));
    view.resize(1200, 300);
    view.show();
    QTRY_VERIFY(!view.isColumnHidden(tagsColumn));

    view.resize(420, 300);
    QTRY_VERIFY(view.isColumnHidden(tagsColumn));
    view.resize(1200, 300);
    QTRY_VERIFY(!view.isColumnHidden(tagsColumn));
    QCOMPARE(view.horizontalHeader()->length(), view.horizontalHeader()->viewport()->width());
}

// Here by hiding it; resetting the columns leaves the choice to the room again.
void TableKeysTest::keepsColumnsThatAPersonChose()
{
    const QTemporaryDir folder;
    UiState state(folder.filePath(u"ui.ini"_s));
    TableView view;
    view.setModel(makeSpareModel(&view));
    view.remember(state, u"samples"_s, 1);
    view.resize(1200, 300);
    view.show();
    QTRY_VERIFY(!view.isColumnHidden(tagsColumn));
    view.setColumnHidden(tagsColumn, true);
    QTRY_VERIFY(!state.layout(u"samples"_s, 1).isEmpty());

    view.resize(1300, 300);
    QVERIFY(view.isColumnHidden(tagsColumn));
    TableView other;
    other.setModel(makeSpareModel(&other));
    other.remember(state, u"samples"_s, 1);
    other.resize(1200, 300);
    other.show();
    QVERIFY(other.isColumnHidden(tagsColumn));

    view.resetColumns();
    QVERIFY(!view.isColumnHidden(tagsColumn));
    QTRY_VERIFY(state.layout(u"samples"_s, 1).isEmpty());
}

QTEST_MAIN(TableKeysTest)
#include "tst_tablekeys.moc"
