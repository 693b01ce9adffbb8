#include "theme/style.h"
#include "theme/theme.h"
#include "ui/sampletable.h"
#include "ui/tablefixture.h"
#include "widgets/messagebar.h"
#include "widgets/table/tablecopy.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tablereorder.h"
#include "widgets/table/tableview.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace gatehouse::ui;

namespace {

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

} // namespace

class TableViewTest : public TableFixture
{
    Q_OBJECT

private slots:
    void sortsByClicks();
    void sortsNothingWithoutAFilter();
    void keepsTheSuffixOfALongText();
    void cutsTheFirstTag();
    void offersSortingWhereItIs();
    void copiesTheSelection();
    void writesEveryFormOfACopy();
    void exportsALongListInPieces();
    void leavesNoFileOfACancelledExport();
    void activatesRowsByEnter();
    void movesRowsByKeys();
    void movesRowsByDropping();
    void doesNotMoveRowsWhenSortedOtherwise();
    void doesNotMoveRowsWhenFiltered();
    void showsTheEmptyState();
    void scrollsNoEmptyState();
    void offersACopyMenu();
};

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

void TableViewTest::scrollsNoEmptyState()
{
    m_view->setEmptyState(new QWidget);
    m_view->resize(200, 300);
    QTRY_VERIFY(m_view->horizontalScrollBar()->isVisible());

    m_model->setRows({});
    QTRY_VERIFY(!m_view->horizontalScrollBar()->isVisible());

    m_model->setRows(tests::sampleRows());
    QTRY_VERIFY(m_view->horizontalScrollBar()->isVisible());
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
