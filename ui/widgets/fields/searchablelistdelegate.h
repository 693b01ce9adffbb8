#pragma once

#include <QStyledItemDelegate>

namespace gatehouse::ui {

// The roles of a SearchableList's model.
namespace listrole {
inline constexpr int id = Qt::UserRole + 1;
inline constexpr int heading = Qt::UserRole + 2; // bool
inline constexpr int tile = Qt::UserRole + 3;
inline constexpr int icon = Qt::UserRole + 4;
inline constexpr int badge = Qt::UserRole + 5;
inline constexpr int badgeTone = Qt::UserRole + 6;
inline constexpr int found = Qt::UserRole + 7;  // the text that a search looks into
inline constexpr int marked = Qt::UserRole + 8; // bool: a dot at the right
} // namespace listrole

// Paints the headings and entries of a SearchableList. A text too wide for one line takes two.
class SearchableListDelegate : public QStyledItemDelegate
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
