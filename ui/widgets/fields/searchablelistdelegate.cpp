#include "widgets/fields/searchablelistdelegate.h"

#include "theme/icons.h"
#include "theme/lettertile.h"
#include "theme/theme.h"
#include "widgets/statuschip.h"

#include <QPainter>

namespace gatehouse::ui {

void SearchableListDelegate::paint(QPainter *painter,
                                   const QStyleOptionViewItem &option,
                                   const QModelIndex &index) const
{
    const Palette &palette = Theme::current();
    painter->save();
    QRect room = option.rect.adjusted(Theme::px(12), 0, -Theme::px(12), 0);
    const QString text = index.data().toString();
    if (index.data(listrole::heading).toBool()) {
        painter->setFont(Theme::font(TextRole::SmallStrong));
        painter->setPen(palette.secondary);
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, text);
        painter->restore();
        return;
    }
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->fillRect(option.rect, palette.selected);
        painter->fillRect(option.rect.left(),
                          option.rect.top(),
                          Theme::px(3),
                          option.rect.height(),
                          palette.link);
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(option.rect, palette.hovered);
    }
    const QString tile = index.data(listrole::tile).toString();
    const QString icon = index.data(listrole::icon).toString();
    const int side = Theme::px(16);
    const QRect mark(room.left(), room.top() + (room.height() - side) / 2, side, side);
    if (!tile.isEmpty())
        paintLetterTile(painter, mark, tile);
    else if (!icon.isEmpty())
        paintIcon(painter, mark, icon, palette.secondary);
    if (!tile.isEmpty() || !icon.isEmpty())
        room.setLeft(mark.right() + 1 + Theme::px(10));
    const QString badge = index.data(listrole::badge).toString();
    if (!badge.isEmpty()) {
        QRect place = room;
        place.setLeft(room.right() + 1 - tagWidth(badge));
        paintTag(painter, place, badge, static_cast<Tone>(index.data(listrole::badgeTone).toInt()));
        room.setRight(place.left() - Theme::px(6));
    }
    if (index.data(listrole::marked).toBool()) {
        const double dot = Theme::exact(6);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(palette.link);
        painter->drawEllipse(
            QRectF(room.right() + 1 - dot, room.center().y() + 0.5 - dot / 2, dot, dot));
        room.setRight(room.right() - Theme::px(12));
    }
    painter->setFont(option.font);
    painter->setPen(palette.text);
    painter->drawText(room,
                      Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, room.width()));
    painter->restore();
}

QSize SearchableListDelegate::sizeHint(const QStyleOptionViewItem &option,
                                       const QModelIndex &index) const
{
    Q_UNUSED(option)
    Q_UNUSED(index)
    return {Theme::px(120), Theme::px(28)};
}

} // namespace gatehouse::ui
