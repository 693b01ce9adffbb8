// Editing in the cells of a TableView: an editor stays open until what it holds is stored.
#include "admin/flow.h"
#include "theme/plaintip.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/table/tabledelegate.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tablemodelbase.h"
#include "widgets/table/tableview.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMetaMethod>
#include <QToolTip>

namespace gatehouse::ui {

namespace {

// Runs `deliver` with the outcome, at once if it is there.
template<typename Deliver>
void whenAnswered(admin::Answer<> answer, QObject *context, Deliver deliver)
{
    if (!answer.isFinished())
        admin::whenDone(answer, context, std::move(deliver));
    else if (answer.resultCount() > 0)
        deliver(answer.result());
}

// To the first or last row, whose selection takes the place of what was selected.
bool isToEndAlone(const QKeyEvent &event)
{
    const bool isEnd = event.key() == Qt::Key_Home || event.key() == Qt::Key_End;
    return isEnd && event.modifiers().testFlag(Qt::ControlModifier)
           && !event.modifiers().testFlag(Qt::ShiftModifier);
}

} // namespace

bool TableView::edit(const QModelIndex &index, EditTrigger trigger, QEvent *event)
{
    const bool begun = QTableView::edit(index, trigger, event);
    QWidget *editor = state() == EditingState ? indexWidget(index) : nullptr;
    if (!editor || editor == m_edit.editor)
        return begun;
    m_edit = {.index = index, .editor = editor};
    if (auto *line = qobject_cast<QLineEdit *>(editor))
        connect(line, &QLineEdit::textEdited, this, &TableView::clearRefusal);
    if (auto *combo = qobject_cast<QComboBox *>(editor)) {
        connect(combo, &QComboBox::activated, this, [this, editor] {
            clearRefusal();
            commitData(editor);
            closeEditor(editor, QAbstractItemDelegate::NoHint);
        });
    }
    return begun;
}

void TableView::commitData(QWidget *editor)
{
    if (!editor || editor != m_edit.editor || m_edit.waiting || m_edit.refused)
        return;
    const QModelIndex index = m_edit.index;
    const auto *delegate = qobject_cast<TableDelegate *>(itemDelegateForIndex(index));
    if (!index.isValid() || !delegate)
        return;
    const QVariant value = delegate->editedValue(editor);
    const auto *line = qobject_cast<QLineEdit *>(editor);
    if ((line && !line->isModified()) || value == index.data(Qt::EditRole))
        return;
    m_edit.waiting = true;
    if (auto *field = qobject_cast<QLineEdit *>(editor))
        field->setReadOnly(true);
    if (!m_commit) {
        const bool stored = model()->setData(index, value);
        finishEdit(stored ? base::Result<>()
                          : base::fail(base::ErrorCode::InvalidInput,
                                       base::Message::verbatim(tr("This cannot be used here."))),
                   editor);
        return;
    }
    whenAnswered(m_commit(sourceIndex(index), value),
                 this,
                 [this, open = QPointer<QWidget>(editor)](const base::Result<> &outcome) {
                     finishEdit(outcome, open);
                 });
}

void TableView::finishEdit(const base::Result<> &outcome, const QPointer<QWidget> &editor)
{
    if (!editor || editor != m_edit.editor) {
        if (!outcome)
            emit commitFailed(outcome.error());
        return;
    }
    m_edit.waiting = false;
    if (auto *line = qobject_cast<QLineEdit *>(editor.data()))
        line->setReadOnly(false);
    if (!outcome) {
        refuseEdit(outcome.error().message.translated());
        return;
    }
    if (m_edit.closing)
        leaveEditor(m_edit.hint);
}

void TableView::refuseEdit(const QString &reason)
{
    m_edit.refused = true;
    m_edit.closing = false;
    QWidget *editor = m_edit.editor;
    setInvalid(editor, true);
    editor->setToolTip(plainTip(reason));
    editor->setAccessibleDescription(reason);
    editor->setFocus();
    QToolTip::showText(editor->mapToGlobal(QPoint(0, editor->height())), editor->toolTip(), editor);
}

void TableView::clearRefusal()
{
    if (!m_edit.refused || !m_edit.editor)
        return;
    m_edit.refused = false;
    setInvalid(m_edit.editor, false);
    m_edit.editor->setToolTip({});
    m_edit.editor->setAccessibleDescription({});
}

void TableView::closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint)
{
    if (editor != m_edit.editor) {
        QTableView::closeEditor(editor, hint);
        return;
    }
    if (hint != QAbstractItemDelegate::RevertModelCache && (m_edit.waiting || m_edit.refused)) {
        m_edit.hint = hint;
        m_edit.closing = m_edit.waiting;
        return;
    }
    leaveEditor(hint);
}

void TableView::leaveEditor(QAbstractItemDelegate::EndEditHint hint)
{
    const QModelIndex from = m_edit.index;
    QWidget *editor = m_edit.editor;
    m_edit = {};
    const bool hadFocus = editor && (editor->hasFocus() || editor->isAncestorOf(focusWidget()));
    QTableView::closeEditor(editor, QAbstractItemDelegate::NoHint);
    if (hadFocus)
        setFocus();
    QModelIndex next;
    if (hint == QAbstractItemDelegate::SubmitModelCache)
        next = from.sibling(from.row() + 1, from.column());
    else if (hint == QAbstractItemDelegate::EditNextItem)
        next = nextEditable(from, 1);
    else if (hint == QAbstractItemDelegate::EditPreviousItem)
        next = nextEditable(from, -1);
    if (!next.isValid())
        return;
    setCurrentIndex(next);
    if (hint != QAbstractItemDelegate::SubmitModelCache)
        QTableView::edit(next);
}

// The next cell that can be edited, on the screen's order of columns and on from row to row.
QModelIndex TableView::nextEditable(const QModelIndex &from, int step) const
{
    const int columns = m_header->count();
    if (!from.isValid() || columns == 0)
        return {};
    int visual = m_header->visualIndex(from.column()) + step;
    int row = from.row();
    while (true) {
        if (visual < 0 || visual >= columns) {
            row += step;
            visual = step > 0 ? 0 : columns - 1;
        }
        if (row < 0 || row >= model()->rowCount() || std::abs(row - from.row()) > 1)
            return {};
        const int column = m_header->logicalIndex(visual);
        const QModelIndex index = model()->index(row, column);
        if (!m_header->isSectionHidden(column) && index.flags().testFlag(Qt::ItemIsEditable))
            return index;
        visual += step;
    }
}

void TableView::commitCell(const QModelIndex &index, const QVariant &value)
{
    if (!m_commit) {
        model()->setData(index, value);
        return;
    }
    whenAnswered(m_commit(sourceIndex(index), value), this, [this](const base::Result<> &outcome) {
        if (!outcome)
            emit commitFailed(outcome.error());
    });
}

void TableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    if (moveRowsByKey(event))
        return;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const QModelIndex index = currentIndex();
    if (enter && event->modifiers() == Qt::NoModifier && state() != EditingState
        && index.isValid()) {
        // Where rows open nothing, Enter is as good for the cell as F2 is.
        static const QMetaMethod activated = QMetaMethod::fromSignal(&TableView::rowActivated);
        if (isSignalConnected(activated))
            emit rowActivated(sourceIndex(index));
        else if (index.flags().testFlag(Qt::ItemIsEditable))
            QTableView::edit(index);
        return;
    }
    const bool renames = event->key() == Qt::Key_F2 && event->modifiers() == Qt::NoModifier;
    if (renames && m_rowEditable && state() != EditingState && index.isValid()
        && !index.flags().testFlag(Qt::ItemIsEditable))
        return editRow(index);
    QTableView::keyPressEvent(event);
    // Of its own accord Qt leaves the selection as it is where the current cell stays.
    if (isToEndAlone(*event) && index.isValid() && currentIndex() == index
        && selectionMode() != NoSelection) {
        setCurrentIndex(index); // from which Shift extends the selection
        selectionModel()->select(index,
                                 QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
}

// The first cell of the row that can be edited, or what Enter does where there is none. The selection stays.
void TableView::editRow(const QModelIndex &index)
{
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        const QModelIndex cell = index.siblingAtColumn(column);
        if (m_header->isSectionHidden(column) || !cell.flags().testFlag(Qt::ItemIsEditable))
            continue;
        selectionModel()->setCurrentIndex(cell, QItemSelectionModel::NoUpdate);
        scrollTo(cell);
        QTableView::edit(cell);
        return;
    }
    emit rowActivated(sourceIndex(index));
}

// To the first or last row the selection comes along, as it does to the next one; of Qt's own accord
// only the current cell would go.
QItemSelectionModel::SelectionFlags TableView::selectionCommand(const QModelIndex &index,
                                                                const QEvent *event) const
{
    if (!event || event->type() != QEvent::KeyPress)
        return QTableView::selectionCommand(index, event);
    const auto *key = static_cast<const QKeyEvent *>(event);
    const bool isEnd = key->key() == Qt::Key_Home || key->key() == Qt::Key_End;
    if (!isEnd || !key->modifiers().testFlag(Qt::ControlModifier))
        return QTableView::selectionCommand(index, event);
    const QKeyEvent plain(
        QEvent::KeyPress, key->key(), key->modifiers() & ~Qt::ControlModifier, key->text());
    return QTableView::selectionCommand(index, &plain);
}

} // namespace gatehouse::ui
