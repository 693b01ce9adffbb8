// Moving the rows of a TableView, by the mouse and by Alt with the arrow keys.
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablemodelbase.h"
#include "widgets/table/tablereorder.h"
#include "widgets/table/tableview.h"

#include <QDrag>
#include <QDropEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr auto rowsFormat = "application/x-gatehouse-rows"_L1;

// Marks a drag as this view's own.
QByteArray markOf(const TableView *view)
{
    return QByteArray::number(reinterpret_cast<quintptr>(view));
}

QList<int> selectedRows(const TableView &view)
{
    QList<int> rows;
    const QModelIndexList selected = view.selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

} // namespace

void TableView::setReorder(TableReorder *reorder)
{
    m_reorder = reorder;
    setDragEnabled(reorder != nullptr);
    setAcceptDrops(reorder != nullptr);
    viewport()->setAcceptDrops(reorder != nullptr);
    setDragDropMode(reorder ? DragDrop : NoDragDrop);
    setDropIndicatorShown(false);
}

bool TableView::canReorder() const
{
    const TableModelBase *table = tableModelOf(model());
    const auto *filter = qobject_cast<const TableFilterModel *>(model());
    const QList<SortKey> keys = sortKeys();
    const bool showsAll = !filter || filter->query().isEmpty();
    return m_reorder && table && showsAll && keys.size() == 1
           && table->traits(keys.front().column).key == m_reorder->columnKey();
}

void TableView::startDrag(Qt::DropActions supported)
{
    Q_UNUSED(supported)
    if (!m_reorder || !selectionModel()->hasSelection())
        return;
    if (!canReorder()) {
        viewport()->setCursor(Qt::ForbiddenCursor);
        explainNoReorder(QCursor::pos());
        return;
    }
    auto *drag = new QDrag(this);
    auto *rows = new QMimeData;
    rows->setData(rowsFormat, markOf(this));
    drag->setMimeData(rows);
    drag->exec(Qt::MoveAction);
    m_dropPlace = {};
    viewport()->update();
}

void TableView::explainNoReorder(const QPoint &globalPosition)
{
    QToolTip::showText(globalPosition, plainTip(m_reorder->explanation()), this);
}

void TableView::mouseReleaseEvent(QMouseEvent *event)
{
    viewport()->unsetCursor();
    QTableView::mouseReleaseEvent(event);
}

void TableView::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->data(rowsFormat) == markOf(this))
        event->acceptProposedAction();
}

void TableView::dragMoveEvent(QDragMoveEvent *event)
{
    if (event->mimeData()->data(rowsFormat) != markOf(this) || !canReorder()) {
        event->ignore();
        return;
    }
    m_dropPlace = m_reorder->placeOf(selectedRows(*this), dropRowAt(event->position().toPoint()));
    viewport()->update();
    event->acceptProposedAction();
}

void TableView::dragLeaveEvent(QDragLeaveEvent *event)
{
    Q_UNUSED(event)
    m_dropPlace = {};
    viewport()->update();
}

void TableView::dropEvent(QDropEvent *event)
{
    m_dropPlace = {};
    viewport()->update();
    if (event->mimeData()->data(rowsFormat) != markOf(this) || !canReorder())
        return;
    event->acceptProposedAction();
    setState(NoState);
    emit m_reorder->moveRequested(selectedRows(*this), dropRowAt(event->position().toPoint()));
}

int TableView::dropRowAt(const QPoint &position) const
{
    const int row = rowAt(position.y());
    if (row < 0)
        return model()->rowCount();
    const int middle = rowViewportPosition(row) + rowHeight(row) / 2;
    return position.y() < middle ? row : row + 1;
}

bool TableView::moveRowsByKey(QKeyEvent *event)
{
    const bool up = event->key() == Qt::Key_Up;
    const bool arrow = up || event->key() == Qt::Key_Down;
    if (!arrow || !event->modifiers().testFlag(Qt::AltModifier) || !m_reorder)
        return false;
    const QList<int> rows = selectedRows(*this);
    if (rows.isEmpty())
        return true;
    if (!canReorder()) {
        explainNoReorder(viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()));
        return true;
    }
    const int before = up ? rows.front() - 1 : rows.back() + 2;
    if (before >= 0 && before <= model()->rowCount())
        emit m_reorder->moveRequested(rows, before);
    return true;
}

} // namespace gatehouse::ui
