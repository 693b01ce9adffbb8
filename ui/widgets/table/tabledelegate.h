#pragma once

#include "widgets/table/cell.h"

#include <QStyledItemDelegate>

namespace gatehouse::ui {

// Paints the Cells of a TableView. A delegate of one column derives from it and paints within
// contentRect() after paintGround().
class TableDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool editorEvent(QEvent *event,
                     QAbstractItemModel *model,
                     const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;
    bool helpEvent(QHelpEvent *event,
                   QAbstractItemView *view,
                   const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
    QWidget *createEditor(QWidget *parent,
                          const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor,
                              const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;
    // What the editor holds now.
    virtual QVariant editedValue(const QWidget *editor) const;

    // Fills the cell as its row is: plain, hovered, selected with or without focus.
    static void paintGround(QPainter *painter, const QStyleOptionViewItem &option, int row);
    // The cell without its padding.
    static QRect contentRect(const QStyleOptionViewItem &option);
    // The colour of text in a row, by role::dimmed and the palette.
    static QColor textColor(const QModelIndex &index, bool secondary = false);
};

} // namespace gatehouse::ui
