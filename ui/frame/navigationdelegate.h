#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::ui {

// Draws a row of the navigation: icon, name, badge; a bar at the left of the selected one. Where the
// view is too narrow for names, the icon stands alone with the badge as a dot.
class NavigationDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace gatehouse::ui
