#pragma once

#include "admin/flow.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablereorder.h"

#include <QPersistentModelIndex>
#include <QPointer>
#include <QTableView>

#include <optional>

class QMenu;
class QPainter;
class QTimer;

namespace gatehouse::ui {

class BusyLine;
class TableHeader;
class UiState;

enum class Density { Normal, Log };

// The table of every page: extended selection, columns as the person arranges them, sorting by two
// keys, copying, editing in place. Shows a TableModel, usually through a TableFilterModel.
class TableView : public QTableView
{
    Q_OBJECT

public:
    // Stores what was typed into a cell or what its check box shall be. `source` belongs to the
    // TableModel. The editor stays open until the answer; a failure is shown at it.
    using Commit = std::function<admin::Answer<>(const QModelIndex &source, const QVariant &value)>;

    explicit TableView(QWidget *parent = nullptr, Density density = Density::Normal);
    ~TableView() override;

    void setModel(QAbstractItemModel *model) override;
    Density density() const { return m_density; }
    // Restores the columns and the sorting that were saved under `key`, and saves them from now on.
    // To be called after setModel(); raise `version` when columns are added or removed. Another key
    // takes the place of the one before.
    void remember(UiState &state, const QString &key, int version);
    QString rememberedKey() const { return m_rememberedKey; }
    void resetColumns();
    // Move the column of the current cell; by keys while the focus is here.
    const QList<QAction *> &columnActions() const { return m_columnActions; }
    // Sorts at once; the header shows it.
    void sortBy(const QList<SortKey> &keys);
    QList<SortKey> sortKeys() const;

    void setCommit(Commit commit) { m_commit = std::move(commit); }
    void commitCell(const QModelIndex &index, const QVariant &value);
    // Whether F2 on a cell that cannot be edited opens the first of its row that can; so it is at first.
    void setRowEditable(bool editable) { m_rowEditable = editable; }
    // Rows may be moved by mouse and by Alt+Up and Alt+Down; see TableReorder. Not owned.
    void setReorder(TableReorder *reorder);

    // While loading the old rows stay and a line runs along the top.
    void setLoading(bool loading);
    // Stands in the place of the rows while there are none; the view owns it. Null: nothing does.
    void setEmptyState(QWidget *emptyState);

    // The rows that are selected, from the top, as indexes of the first column of the TableModel.
    QModelIndexList selectedSourceRows() const;
    // Of the TableModel; invalid: none.
    QModelIndex currentSourceRow() const;
    // Selects the row of the TableModel alone, and scrolls to it.
    void selectSourceRow(int row);
    int hoveredRow() const { return m_hoveredRow; }

    // Puts the selected rows into the clipboard as tab-separated text and as JSON.
    void copySelection() const;
    // A menu "Copy as" for this view; the caller owns it through `parent`.
    QMenu *makeCopyMenu(QWidget *parent);

signals:
    void rowSelectionChanged();
    // Enter on any cell, a double click on one that cannot be edited, or F2 where no cell of the row can; of
    // the TableModel.
    void rowActivated(const QModelIndex &source);
    // By the person or sortBy().
    void sortKeysChanged(const QList<gatehouse::ui::SortKey> &keys);
    // A check box could not be set, or a cell after its editor had gone.
    void commitFailed(const gatehouse::base::Error &error);
    // Add actions for the selection; "Copy as" follows.
    void contextMenuRequested(QMenu *menu);

protected:
    bool edit(const QModelIndex &index, EditTrigger trigger, QEvent *event) override;
    void commitData(QWidget *editor) override;
    void closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    QItemSelectionModel::SelectionFlags selectionCommand(const QModelIndex &index,
                                                         const QEvent *event) const override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void startDrag(Qt::DropActions supported) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void selectionChanged(const QItemSelection &selected,
                          const QItemSelection &deselected) override;

private:
    // What is being edited, from the opening of the editor to its end.
    struct Edit
    {
        QPersistentModelIndex index{};
        QPointer<QWidget> editor{};
        bool waiting = false; // for the answer
        bool refused = false;
        bool closing = false; // once the answer is there and good
        QAbstractItemDelegate::EndEditHint hint = QAbstractItemDelegate::NoHint;
    };

    void makeColumnActions();
    void setColumnTexts();
    void applyMeasures();
    void applySortKeys(const QList<SortKey> &keys);
    void setHoveredRow(int row);
    void updateRow(int row);
    void finishEdit(const base::Result<> &outcome, const QPointer<QWidget> &editor);
    void refuseEdit(const QString &reason);
    void clearRefusal();
    void leaveEditor(QAbstractItemDelegate::EndEditHint hint);
    void editRow(const QModelIndex &index);
    QModelIndex nextEditable(const QModelIndex &from, int step) const;
    void placeOverlays();
    void showScrollBar(bool shown);
    bool canReorder() const;
    void paintDropPlace(QPainter &painter) const;
    int dropRowAt(const QPoint &position) const;
    bool moveRowsByKey(QKeyEvent *event);
    void explainNoReorder(const QPoint &globalPosition);

    const Density m_density;
    TableHeader *m_header = nullptr;
    QList<QAction *> m_columnActions{}; // in the order of TableHeader::Side
    QTimer *m_saving = nullptr;         // of the columns
    QString m_rememberedKey{};
    BusyLine *m_busyLine = nullptr;
    QPointer<QWidget> m_emptyState{};
    std::optional<Qt::ScrollBarPolicy> m_usualPolicy{}; // while there are no rows
    Commit m_commit{};
    Edit m_edit{};
    bool m_rowEditable = true;
    QPointer<TableReorder> m_reorder{};
    int m_hoveredRow = -1;
    DropPlace m_dropPlace{}; // of what is dragged over it
};

} // namespace gatehouse::ui
