#include "ui/sampletable.h"

#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/messagebar.h"
#include "widgets/table/tablecopy.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tablereorder.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace gatehouse::ui;

namespace {

constexpr int nameColumn = 2;
constexpr int priorityColumn = 3;

// As a table without focus paints it in a column of that width.
QImage imageOf(const Cell &cell, int width)
{
    auto columns = sampleColumns();
    columns[nameColumn].cell = [cell](const Sample &) { return cell; };
    SampleModel model(std::move(columns), [](const Sample &row) { return row.id; });
    model.setRows({{.id = 1}});
    TableView view;
    view.setModel(&model);
    view.resize(900, 200);
    view.show();
    view.setColumnWidth(nameColumn, width);
    const QRect place = view.visualRect(model.index(0, nameColumn));
    return view.viewport()->grab(place).toImage();
}

int pixelsOf(const QImage &image, const QColor &color)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
    }
    return found;
}

} // namespace

class TableViewTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void init();
    void cleanup() { m_view.reset(); }
    void sortsByClicks();
    void sortsNothingWithoutAFilter();
    void remembersColumnsAndSorting();
    void forgetsColumnsOfAnotherVersion();
    void resetsColumns();
    void keepsRoomForTheStretchedColumn();
    void widensTheStretchedColumnAgain();
    void hidesTheStretchedColumn();
    void showsTitlesWholeAtFirst();
    void keepsTheSuffixOfALongText();
    void cutsTheFirstTag();
    void marksARefusedEditor();
    void hidesColumnsByTheMenu();
    void offersSortingWhereItIs();
    void movesColumnsByKeys();
    void movesColumnsFromRightToLeft();
    void remembersColumnsMovedByKeys();
    void leavesColumnsWhileACellIsEdited();
    void movesColumnsByTheMenu();
    void copiesTheSelection();
    void writesEveryFormOfACopy();
    void exportsALongListInPieces();
    void leavesNoFileOfACancelledExport();
    void storesWhatIsTyped();
    void keepsTheEditorOpenWhenRefused();
    void waitsForTheAnswer();
    void doesNotStoreWhatIsTheSame();
    void revertsByEscape();
    void movesByTabThroughEditableCells();
    void setsCheckBoxesByAClick();
    void activatesRowsByEnter();
    void movesRowsByKeys();
    void movesRowsByDropping();
    void doesNotMoveRowsWhenSortedOtherwise();
    void doesNotMoveRowsWhenFiltered();
    void showsTheEmptyState();
    void offersACopyMenu();

private:
    QLineEdit *editor() const;
    QModelIndex cell(int row, int column) const { return m_filter->index(row, column); }
    void clickHeader(int column, Qt::KeyboardModifiers modifiers = {});
    void beginEdit(int row, int column);
    admin::Answer<> answer(const QModelIndex &index, const QVariant &value);

    std::unique_ptr<TableView> m_view{};
    SampleModel *m_model = nullptr;
    TableFilterModel *m_filter = nullptr;
    QList<QPair<QString, QVariant>> m_stored{}; // the name of the row and what was stored
    QString m_refusal{};
};

void TableViewTest::init()
{
    m_stored.clear();
    m_refusal.clear();
    m_view = std::make_unique<TableView>();
    m_model = makeSampleModel(m_view.get());
    m_model->setRows(sampleRows());
    m_filter = new TableFilterModel(m_view.get());
    m_filter->setSourceModel(m_model);
    m_view->setModel(m_filter);
    m_view->setCommit(
        [this](const QModelIndex &index, const QVariant &value) { return answer(index, value); });
    m_view->resize(900, 400);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    m_view->setFocus();
}

admin::Answer<> TableViewTest::answer(const QModelIndex &index, const QVariant &value)
{
    m_stored.append({m_model->row(index.row()).name, value});
    if (!m_refusal.isEmpty())
        return admin::refused<void>(base::ErrorCode::InvalidInput,
                                    base::Message::verbatim(m_refusal));
    return admin::answered<void>({});
}

void TableViewTest::clickHeader(int column, Qt::KeyboardModifiers modifiers)
{
    QHeaderView *header = m_view->horizontalHeader();
    const QPoint place(header->sectionViewportPosition(column) + header->sectionSize(column) / 2,
                       header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers, place);
}

// The editor that is open; those that were closed are deleted a moment later.
QLineEdit *TableViewTest::editor() const
{
    const QList<QLineEdit *> editors = m_view->viewport()->findChildren<QLineEdit *>();
    const auto open = std::find_if(
        editors.begin(), editors.end(), [](const QLineEdit *one) { return one->isVisible(); });
    return open == editors.end() ? nullptr : *open;
}

void TableViewTest::beginEdit(int row, int column)
{
    m_view->setCurrentIndex(cell(row, column));
    QTest::keyClick(m_view.get(), Qt::Key_F2);
    QVERIFY(editor());
}

void TableViewTest::sortsByClicks()
{
    clickHeader(nameColumn);
    QCOMPARE(m_view->sortKeys(), (QList<SortKey>{{nameColumn, Qt::AscendingOrder}}));
    QCOMPARE(cell(0, nameColumn).data().toString(), u"Anthropic – team"_s);

    clickHeader(nameColumn);
    QCOMPARE(cell(0, nameColumn).data().toString(), u"SiliconFlow"_s);

    clickHeader(priorityColumn);
    clickHeader(nameColumn, Qt::ShiftModifier);
    clickHeader(nameColumn, Qt::ShiftModifier);

    QCOMPARE(
        m_view->sortKeys(),
        (QList<SortKey>{{priorityColumn, Qt::AscendingOrder}, {nameColumn, Qt::DescendingOrder}}));
    QCOMPARE(cell(0, nameColumn).data().toString(), u"OpenAI"_s);
    QCOMPARE(secondSort(m_view->horizontalHeader()).section, nameColumn);
}

void TableViewTest::sortsNothingWithoutAFilter()
{
    m_view->setModel(m_model);
    const QString first = cell(0, nameColumn).data().toString();

    clickHeader(nameColumn);
    clickHeader(nameColumn);

    QVERIFY(m_view->sortKeys().isEmpty());
    QCOMPARE(cell(0, nameColumn).data().toString(), first);
}

void TableViewTest::remembersColumnsAndSorting()
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

void TableViewTest::forgetsColumnsOfAnotherVersion()
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

void TableViewTest::resetsColumns()
{
    m_view->horizontalHeader()->moveSection(0, 4);
    m_view->setColumnHidden(nameColumn, true);

    m_view->resetColumns();

    QCOMPARE(m_view->horizontalHeader()->visualIndex(0), 0);
    QVERIFY(!m_view->isColumnHidden(nameColumn));
    QVERIFY(m_view->isColumnHidden(6));
}

// Below its least width the table is scrolled.
void TableViewTest::keepsRoomForTheStretchedColumn()
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
void TableViewTest::widensTheStretchedColumnAgain()
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

void TableViewTest::hidesTheStretchedColumn()
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

void TableViewTest::showsTitlesWholeAtFirst()
{
    const QString title = u"A title that is longer than its column"_s;
    auto columns = sampleColumns();
    columns[priorityColumn].traits.title = [title] { return title; };
    SampleModel model(std::move(columns), [](const Sample &row) { return row.id; });
    TableView view;

    view.setModel(&model);

    const QHeaderView *header = view.horizontalHeader();
    const QFontMetrics metrics(Theme::font(TextRole::SmallStrong));
    QVERIFY(header->sectionSize(priorityColumn) > metrics.horizontalAdvance(title + u" \u25B4"_s));
    QCOMPARE(header->sectionSize(nameColumn), Theme::px(model.traits(nameColumn).width));
    // Of an icon the title is not shown.
    const int enabled = model.columnOf(u"enabled"_s);
    QCOMPARE(header->sectionSize(enabled), Theme::px(model.traits(enabled).width));
}

void TableViewTest::keepsTheSuffixOfALongText()
{
    const QString text = u"A name that is longer than its column"_s;

    const QImage with = imageOf({.text = text, .suffix = u"2"_s}, 120);

    QVERIFY(with != imageOf(Cell::of(text), 120));
    // It is the end of the cell that says what is behind the text.
    const auto end = [](const QImage &image) { return image.copy(image.width() - 20, 0, 20, 20); };
    QCOMPARE(end(imageOf({.text = text + text, .suffix = u"2"_s}, 120)), end(with));
}

void TableViewTest::cutsTheFirstTag()
{
    const QString tag = u"a tag that is longer than its column"_s;

    const QImage one = imageOf(Cell::tagged({tag}), 120);
    const QImage several = imageOf(Cell::tagged({tag, tag, tag}), 120);

    QVERIFY(pixelsOf(one, lightPalette().edge) > 100);
    QVERIFY(pixelsOf(several, lightPalette().edge) > 60);
    QVERIFY(one != several);
}

void TableViewTest::marksARefusedEditor()
{
    beginEdit(0, nameColumn);
    QVERIFY(pixelsOf(editor()->grab().toImage(), lightPalette().failure.mark) < 10);

    setInvalid(editor(), true);

    QVERIFY(pixelsOf(editor()->grab().toImage(), lightPalette().failure.mark) > 50);
}

void TableViewTest::hidesColumnsByTheMenu()
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

void TableViewTest::offersSortingWhereItIs()
{
    auto *header = qobject_cast<TableHeader *>(m_view->horizontalHeader());
    const auto submenus = [header] {
        QMenu menu;
        header->fillMenu(&menu);
        const QList<QAction *> actions = menu.actions();
        return std::count_if(actions.begin(), actions.end(), [](const QAction *action) {
            return action->menu() != nullptr;
        });
    };
    QCOMPARE(submenus(), 1);

    m_view->setModel(m_model); // without a filter nothing is sorted

    QCOMPARE(submenus(), 0);
}

// Past columns that are hidden, and not beyond the ends.
void TableViewTest::movesColumnsByKeys()
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

void TableViewTest::movesColumnsFromRightToLeft()
{
    m_view->setLayoutDirection(Qt::RightToLeft);
    m_view->setCurrentIndex(cell(0, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);

    QCOMPARE(m_view->horizontalHeader()->visualIndex(nameColumn), 3);
}

void TableViewTest::remembersColumnsMovedByKeys()
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
void TableViewTest::leavesColumnsWhileACellIsEdited()
{
    beginEdit(0, nameColumn);
    editor()->setCursorPosition(0);

    QTest::keyClick(editor(), Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);

    QCOMPARE(m_view->horizontalHeader()->visualIndex(nameColumn), 2);
    QVERIFY(editor()->hasSelectedText());
}

void TableViewTest::movesColumnsByTheMenu()
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

void TableViewTest::copiesTheSelection()
{
    m_view->sortBy({{priorityColumn, Qt::DescendingOrder}});
    m_view->setCurrentIndex(cell(1, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);

    const QMimeData *data = QApplication::clipboard()->mimeData();
    QCOMPARE(data->text(), u"Auth failed\ttrue\tMoonshot (Kimi)\t80\t688 ms\t"_s);
    const QJsonArray rows = QJsonDocument::fromJson(data->data(u"application/json"_s)).array();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.at(0)[u"priority"_s], QJsonValue(80));
    QCOMPARE(rows.at(0)[u"enabled"_s], QJsonValue(true));
    QVERIFY(!rows.at(0).toObject().contains(u"expires"_s));
}

void TableViewTest::writesEveryFormOfACopy()
{
    m_model->setRows({{.id = 1, .name = u"a, \"b\" | c\td"_s, .priority = 3}});
    m_view->selectAll();
    const TableExtract extract = TableExtract::of(*m_view, true);

    QVERIFY(extract.tsv().contains(u"a, \"b\" | c d"_s));
    QVERIFY(extract.csv().startsWith(u"Health,Enabled,Name,Prio,TTFT p50,Tags\r\n"_s));
    QVERIFY(extract.csv().contains(u"\"a, \"\"b\"\" | c\td\""_s));
    QVERIFY(extract.markdown().contains(u"a, \"b\" \\| c d"_s));
    QCOMPARE(extract.objects.at(0)[u"ttft"_s], QJsonValue(QJsonValue::Null));
}

static std::vector<tests::Sample> manySamples()
{
    std::vector<tests::Sample> rows;
    for (qint64 id = 1; id <= 40'000; ++id)
        rows.push_back({.id = id, .name = QString::number(id)});
    return rows;
}

void TableViewTest::exportsALongListInPieces()
{
    m_model->setRows(manySamples());
    const int count = m_view->model()->rowCount();
    MessageBar bar;
    TableExporter exporter(m_view.get(), &bar);
    const QSignalSpy finished(&exporter, &TableExporter::finished);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"list.csv"_s);

    exporter.write(*m_view, path);

    QVERIFY(exporter.isRunning());
    QCOMPARE(bar.messageCount(), 1);
    m_model->setRows({}); // what was there counts
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished.front().at(1).toInt(), count);
    QCOMPARE(bar.messageCount(), 0);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count("\r\n"), qsizetype(count) + 1);
}

void TableViewTest::leavesNoFileOfACancelledExport()
{
    m_model->setRows(manySamples());
    MessageBar bar;
    TableExporter exporter(m_view.get(), &bar);
    const QSignalSpy cancelled(&exporter, &TableExporter::cancelled);
    QTemporaryDir folder;
    exporter.write(*m_view, folder.filePath(u"list.json"_s));

    exporter.cancel();

    QTRY_COMPARE(cancelled.size(), 1);
    QVERIFY(!exporter.isRunning());
    QVERIFY(QDir(folder.path()).isEmpty());
    QCOMPARE(bar.messageCount(), 0);
}

void TableViewTest::storesWhatIsTyped()
{
    beginEdit(0, nameColumn);

    QTest::keyClicks(editor(), u"New name"_s);
    QTest::keyClick(editor(), Qt::Key_Return);

    QTRY_COMPARE(m_stored.size(), 1);
    QCOMPARE(m_stored.front().second.toString(), u"New name"_s);
    QTRY_VERIFY(!editor());
    QCOMPARE(m_view->currentIndex(), cell(1, nameColumn));
}

void TableViewTest::keepsTheEditorOpenWhenRefused()
{
    m_refusal = u"This name is taken."_s;
    beginEdit(0, nameColumn);

    QTest::keyClicks(editor(), u"OpenAI"_s);
    QTest::keyClick(editor(), Qt::Key_Return);

    QTRY_VERIFY(editor() && isInvalid(editor()));
    QCOMPARE(editor()->accessibleDescription(), m_refusal);
    QCOMPARE(editor()->toolTip(), m_refusal);
    QTest::keyClicks(editor(), u" 2"_s);
    QVERIFY(!isInvalid(editor()));
    m_refusal.clear();
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(!editor());
    QCOMPARE(m_stored.back().second.toString(), u"OpenAI 2"_s);
}

void TableViewTest::waitsForTheAnswer()
{
    QPromise<base::Result<>> promise;
    promise.start();
    m_view->setCommit(
        [&promise](const QModelIndex &, const QVariant &) { return promise.future(); });
    beginEdit(2, priorityColumn);

    QTest::keyClicks(editor(), u"40"_s);
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(editor()->isReadOnly());
    m_view->setCurrentIndex(cell(5, nameColumn));
    QVERIFY(editor());

    promise.addResult(base::Result<>());
    promise.finish();
    QTRY_VERIFY(!editor());
}

void TableViewTest::doesNotStoreWhatIsTheSame()
{
    beginEdit(0, nameColumn);

    QTest::keyClick(editor(), Qt::Key_Return);

    QTRY_VERIFY(!editor());
    QVERIFY(m_stored.isEmpty());
}

void TableViewTest::revertsByEscape()
{
    beginEdit(0, nameColumn);

    QTest::keyClicks(editor(), u"nothing"_s);
    QTest::keyClick(editor(), Qt::Key_Escape);

    QTRY_VERIFY(!editor());
    QVERIFY(m_stored.isEmpty());
}

void TableViewTest::movesByTabThroughEditableCells()
{
    beginEdit(0, nameColumn);

    QTest::keyClick(editor(), Qt::Key_Tab);
    QTRY_COMPARE(m_view->currentIndex(), cell(0, priorityColumn));
    QTRY_VERIFY(editor());

    QTest::keyClick(editor(), Qt::Key_Tab);
    QTRY_COMPARE(m_view->currentIndex(), cell(1, nameColumn));

    QTRY_VERIFY(editor());
    QTest::keyClick(editor(), Qt::Key_Backtab, Qt::ShiftModifier);
    QTRY_COMPARE(m_view->currentIndex(), cell(0, priorityColumn));
}

void TableViewTest::setsCheckBoxesByAClick()
{
    const QRect rect = m_view->visualRect(cell(1, 1));
    const QPoint box(rect.left() + Theme::px(15), rect.center().y());

    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, box);

    QCOMPARE(m_stored.size(), 1);
    QCOMPARE(m_stored.front().first, u"OpenAI"_s);
    QCOMPARE(m_stored.front().second, QVariant(false));

    const QSignalSpy failed(m_view.get(), &TableView::commitFailed);
    m_refusal = u"It is the last one."_s;
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, box);
    QTRY_COMPARE(failed.count(), 1);
}

void TableViewTest::activatesRowsByEnter()
{
    const QSignalSpy activated(m_view.get(), &TableView::rowActivated);
    m_view->sortBy({{priorityColumn, Qt::DescendingOrder}});
    m_view->setCurrentIndex(cell(0, 0));

    QTest::keyClick(m_view.get(), Qt::Key_Return);

    QCOMPARE(activated.count(), 1);
    QCOMPARE(m_model->rowAt(activated.front().front().toModelIndex())->name, u"Azure – Sweden"_s);
}

void TableViewTest::movesRowsByKeys()
{
    TableReorder reorder(u"priority"_s, u"Sort by priority to move channels."_s);
    const QSignalSpy moved(&reorder, &TableReorder::moveRequested);
    m_view->setReorder(&reorder);
    m_view->sortBy({{priorityColumn, Qt::AscendingOrder}});
    m_view->setCurrentIndex(cell(2, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Up, Qt::AltModifier);
    QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::AltModifier);

    QCOMPARE(moved.count(), 2);
    QCOMPARE(moved.at(0), (QVariantList{QVariant::fromValue(QList<int>{2}), 1}));
    QCOMPARE(moved.at(1), (QVariantList{QVariant::fromValue(QList<int>{2}), 4}));
}

void TableViewTest::movesRowsByDropping()
{
    TableReorder reorder(u"priority"_s, u"Sort by priority to move channels."_s);
    const QSignalSpy moved(&reorder, &TableReorder::moveRequested);
    m_view->setReorder(&reorder);
    m_view->sortBy({{priorityColumn, Qt::AscendingOrder}});
    m_view->setCurrentIndex(cell(4, nameColumn));
    QMimeData data;
    data.setData(u"application/x-gatehouse-rows"_s,
                 QByteArray::number(reinterpret_cast<quintptr>(m_view.get())));
    const QPoint place(50, m_view->rowViewportPosition(1) + 3);

    QDragEnterEvent enter(place, Qt::MoveAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(m_view->viewport(), &enter);
    QDropEvent drop(place, Qt::MoveAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(m_view->viewport(), &drop);

    QVERIFY(enter.isAccepted());
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved.at(0), (QVariantList{QVariant::fromValue(QList<int>{4}), 1}));
}

void TableViewTest::doesNotMoveRowsWhenSortedOtherwise()
{
    TableReorder reorder(u"priority"_s, u"Sort by priority to move channels."_s);
    const QSignalSpy moved(&reorder, &TableReorder::moveRequested);
    m_view->setReorder(&reorder);
    m_view->sortBy({{nameColumn, Qt::AscendingOrder}});
    m_view->setCurrentIndex(cell(2, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Up, Qt::AltModifier);

    QCOMPARE(moved.count(), 0);
}

// The places of what is hidden would change unseen.
void TableViewTest::doesNotMoveRowsWhenFiltered()
{
    TableReorder reorder(u"priority"_s, u"Sort by priority to move channels."_s);
    const QSignalSpy moved(&reorder, &TableReorder::moveRequested);
    m_view->setReorder(&reorder);
    m_view->sortBy({{priorityColumn, Qt::AscendingOrder}});
    m_filter->setQuery(domain::filterQueryFrom(u"a"_s));
    QVERIFY(m_filter->rowCount() > 1);
    m_view->setCurrentIndex(cell(1, nameColumn));

    QTest::keyClick(m_view.get(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(moved.count(), 0);
    QMimeData data;
    data.setData(u"application/x-gatehouse-rows"_s,
                 QByteArray::number(reinterpret_cast<quintptr>(m_view.get())));
    QDropEvent drop(
        QPoint(50, m_view->rowViewportPosition(0) + 3), Qt::MoveAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(m_view->viewport(), &drop);
    QCOMPARE(moved.count(), 0);

    m_filter->setQuery({});
    QTest::keyClick(m_view.get(), Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(moved.count(), 1);
}

void TableViewTest::showsTheEmptyState()
{
    auto *empty = new QWidget;
    m_view->setEmptyState(empty);
    QVERIFY(!empty->isVisible());

    m_filter->setQuery(domain::filterQueryFrom(u"zebra"_s));
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->geometry(), m_view->viewport()->geometry());

    m_model->setRows({});
    QCOMPARE(empty->geometry(), m_view->rect());

    m_view->setLoading(true);
    QVERIFY(!empty->isVisible());
}

void TableViewTest::offersACopyMenu()
{
    QMenu parent;
    m_view->setCurrentIndex(cell(0, nameColumn));
    const QMenu *menu = m_view->makeCopyMenu(&parent);

    menu->actions().at(3)->trigger();

    QVERIFY(QApplication::clipboard()->text().startsWith(u"| Health | Enabled | Name"_s));
}

QTEST_MAIN(TableViewTest)
#include "tst_tableview.moc"
