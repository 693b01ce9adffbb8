#include "widgets/table/tableview.h"

#include "theme/theme.h"
#include "widgets/busyline.h"
#include "widgets/emptystate.h"
#include "widgets/table/tablecopy.h"
#include "widgets/table/tabledelegate.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tablemodelbase.h"
#include "widgets/table/tablereorder.h"
#include "widgets/uistate.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int saveDelay = 300; // milliseconds after the last change of the columns

QStringList textFrom(const QList<SortKey> &keys, const TableModelBase &table)
{
    QStringList texts;
    for (const SortKey &key : keys)
        texts.append((key.order == Qt::AscendingOrder ? u"+"_s : u"-"_s)
                     + table.traits(key.column).key);
    return texts;
}

QList<SortKey> keysFrom(const QStringList &texts, const TableModelBase &table)
{
    QList<SortKey> keys;
    for (const QString &text : texts) {
        const int column = table.columnOf(text.mid(1));
        if (column >= 0)
            keys.append({column, text.startsWith(u'-') ? Qt::DescendingOrder : Qt::AscendingOrder});
    }
    return keys;
}

} // namespace

TableView::TableView(QWidget *parent, Density density)
    : QTableView(parent)
    , m_density(density)
    , m_header(new TableHeader(this))
    , m_busyLine(new BusyLine(this))
{
    setHorizontalHeader(m_header);
    setItemDelegate(new TableDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setTabKeyNavigation(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(EditKeyPressed | DoubleClicked);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setDropIndicatorShown(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    viewport()->setMouseTracking(true);
    applyMeasures();
    makeColumnActions();

    connect(m_header, &TableHeader::resetRequested, this, &TableView::resetColumns);
    connect(m_header, &TableHeader::sortKeysChosen, this, &TableView::applySortKeys);
    connect(this, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        if (!index.flags().testAnyFlags(Qt::ItemIsEditable | Qt::ItemIsUserCheckable))
            emit rowActivated(sourceIndex(index));
    });
}

TableView::~TableView() = default;

void TableView::makeColumnActions()
{
    using Side = TableHeader::Side;
    for (const Side side : {Side::Left, Side::Right}) {
        auto *action = new QAction(this);
        action->setShortcut(TableHeader::moveKeys(side));
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, [this, side] {
            m_header->moveColumn(currentIndex().column(), side);
            scrollTo(currentIndex());
        });
        addAction(action);
        m_columnActions.append(action);
    }
    setColumnTexts();
}

void TableView::setColumnTexts()
{
    m_columnActions.front()->setText(TableHeader::moveText(TableHeader::Side::Left));
    m_columnActions.back()->setText(TableHeader::moveText(TableHeader::Side::Right));
}

void TableView::setModel(QAbstractItemModel *shown)
{
    QTableView::setModel(shown);
    m_header->applyDefaults();
    if (!shown)
        return;
    // The filter says nothing when rows come and go that it does not show.
    QList<const QAbstractItemModel *> models{shown};
    if (const TableModelBase *table = tableModelOf(shown); table && table != shown)
        models.append(table);
    for (const QAbstractItemModel *each : std::as_const(models)) {
        const auto place = [this] { placeOverlays(); };
        connect(each, &QAbstractItemModel::rowsInserted, this, place);
        connect(each, &QAbstractItemModel::rowsRemoved, this, place);
        connect(each, &QAbstractItemModel::modelReset, this, place);
        connect(each, &QAbstractItemModel::layoutChanged, this, place);
    }
    placeOverlays();
}

void TableView::remember(UiState &state, const QString &key, int version)
{
    if (m_saving && m_saving->isActive())
        state.setLayout(m_rememberedKey, version, m_header->layout());
    delete m_saving;
    m_rememberedKey = key;
    const QByteArray layout = state.layout(key, version);
    if (layout.isEmpty() || !m_header->restoreLayout(layout))
        m_header->applyDefaults();
    const TableModelBase *table = tableModelOf(model());
    const QString sortPath = u"sort/"_s + key;
    if (table && !state.value(sortPath).toStringList().isEmpty())
        sortBy(keysFrom(state.value(sortPath).toStringList(), *table));

    m_saving = new QTimer(this);
    m_saving->setSingleShot(true);
    m_saving->setInterval(saveDelay);
    const auto save = [this, &state, key, version] {
        state.setLayout(key, version, m_header->layout());
    };
    connect(m_saving, &QTimer::timeout, &state, save);
    connect(m_header, &TableHeader::layoutEdited, m_saving, qOverload<>(&QTimer::start));
    const auto saveSorting = [this, &state, sortPath](const QList<SortKey> &keys) {
        if (const TableModelBase *present = tableModelOf(model()))
            state.setValue(sortPath, textFrom(keys, *present));
    };
    connect(this, &TableView::sortKeysChanged, m_saving, saveSorting);
}

void TableView::resetColumns()
{
    m_header->applyDefaults();
    if (m_saving)
        m_saving->start();
}

void TableView::sortBy(const QList<SortKey> &keys)
{
    m_header->setSortKeys(keys);
    applySortKeys(keys);
}

QList<SortKey> TableView::sortKeys() const
{
    return m_header->sortKeys();
}

void TableView::applySortKeys(const QList<SortKey> &keys)
{
    if (auto *filter = qobject_cast<TableFilterModel *>(model()))
        filter->setSortKeys(keys);
    emit sortKeysChanged(keys);
}

void TableView::setLoading(bool loading)
{
    m_busyLine->setBusy(loading);
    placeOverlays();
}

void TableView::setEmptyState(QWidget *emptyState)
{
    delete m_emptyState;
    m_emptyState = emptyState;
    if (emptyState)
        emptyState->setParent(this);
    placeOverlays();
}

QModelIndexList TableView::selectedSourceRows() const
{
    if (!selectionModel())
        return {};
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    for (QModelIndex &row : rows)
        row = sourceIndex(row);
    return rows;
}

QModelIndex TableView::currentSourceRow() const
{
    return sourceIndex(currentIndex()).siblingAtColumn(0);
}

void TableView::selectSourceRow(int row)
{
    for (int shown = 0; model() && shown < model()->rowCount(); ++shown) {
        const QModelIndex index = model()->index(shown, 0);
        if (sourceIndex(index).row() != row)
            continue;
        setCurrentIndex(model()->index(shown, qMax(0, m_header->logicalIndexAt(0))));
        scrollTo(index);
        return;
    }
}

void TableView::copySelection() const
{
    const TableExtract extract = TableExtract::of(*this, true);
    if (!extract.rows.isEmpty())
        QApplication::clipboard()->setMimeData(extract.mimeData());
}

QMenu *TableView::makeCopyMenu(QWidget *parent)
{
    auto *menu = new QMenu(tr("Copy as"), parent);
    menu->setEnabled(selectionModel() && selectionModel()->hasSelection());
    const auto add = [this, menu](const QString &text, QString (TableExtract::*form)() const) {
        menu->addAction(text, this, [this, form] {
            QApplication::clipboard()->setText((TableExtract::of(*this, true).*form)());
        });
    };
    add(tr("Text"), &TableExtract::tsv);
    add(tr("JSON"), &TableExtract::json);
    add(tr("CSV"), &TableExtract::csv);
    add(tr("Markdown"), &TableExtract::markdown);
    return menu;
}

void TableView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    emit contextMenuRequested(menu);
    if (!menu->isEmpty())
        menu->addSeparator();
    QAction *copy = menu->addAction(tr("Copy"), this, &TableView::copySelection);
    copy->setShortcut(QKeySequence::Copy);
    copy->setEnabled(selectionModel() && selectionModel()->hasSelection());
    menu->addMenu(makeCopyMenu(menu));
    menu->addSeparator();
    m_header->fillMenu(menu->addMenu(tr("Columns")), currentIndex().column());
    const bool byKeyboard = event->reason() == QContextMenuEvent::Keyboard;
    const QRect row = visualRect(currentIndex());
    menu->popup(byKeyboard && row.isValid() ? viewport()->mapToGlobal(row.bottomLeft())
                                            : event->globalPos());
}

void TableView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    viewport()->update();
    emit rowSelectionChanged();
}

} // namespace gatehouse::ui
