#pragma once

#include "widgets/table/tabledelegate.h"

namespace gatehouse::ui {

// Paints the rows of a TrafficModel: a group's title runs over the cells that have no sum, and the
// requests of a group are set in.
class TrafficDelegate : public TableDelegate
{
    Q_OBJECT

public:
    using TableDelegate::TableDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event,
                   QAbstractItemView *view,
                   const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

private:
    void
    paintSum(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintGroup(QPainter *painter,
                    const QStyleOptionViewItem &option,
                    const QModelIndex &index) const;
};

} // namespace gatehouse::ui
