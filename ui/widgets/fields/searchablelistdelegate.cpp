#include "widgets/fields/searchablelistdelegate.h"

#include "theme/icons.h"
#include "theme/lettertile.h"
#include "theme/theme.h"
#include "widgets/statuschip.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QTextLayout>

namespace gatehouse::ui {

namespace {

constexpr int mostLines = 2;
constexpr int entryHeight = 28;

// What is left for the text of an entry at the left of its badge and dot.
QRect textRoom(const QRect &rect, const QModelIndex &index)
{
    QRect room = rect.adjusted(Theme::px(12), 0, -Theme::px(12), 0);
    const bool hasMark = !index.data(listrole::tile).toString().isEmpty()
                         || !index.data(listrole::icon).toString().isEmpty();
    if (hasMark)
        room.setLeft(room.left() + Theme::px(16) + Theme::px(10));
    const QString badge = index.data(listrole::badge).toString();
    if (!badge.isEmpty())
        room.setRight(room.right() - tagWidth(badge) - Theme::px(6));
    if (index.data(listrole::marked).toBool())
        room.setRight(room.right() - Theme::px(12));
    return room;
}

// Broken between words where they fit; what the last line does not hold is elided.
QStringList entryLines(const QString &text, const QFont &font, int width)
{
    const QFontMetrics metrics(font);
    if (metrics.horizontalAdvance(text) <= width)
        return {text};
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    QTextLayout layout(text, font);
    layout.setTextOption(option);
    layout.beginLayout();
    QStringList lines;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        const bool isLast = lines.size() + 1 == mostLines;
        const QString part =
            isLast ? text.mid(line.textStart()) : text.mid(line.textStart(), line.textLength());
        lines.append(metrics.elidedText(part.trimmed(), Qt::ElideRight, width));
        if (isLast)
            break;
    }
    layout.endLayout();
    return lines;
}

} // namespace

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
    }
    const QRect place = textRoom(option.rect, index);
    painter->setFont(option.font);
    painter->setPen(palette.text);
    painter->drawText(place,
                      Qt::AlignVCenter | Qt::AlignLeft,
                      entryLines(text, option.font, place.width()).join(u'\n'));
    painter->restore();
}

QSize SearchableListDelegate::sizeHint(const QStyleOptionViewItem &option,
                                       const QModelIndex &index) const
{
    const QSize usual(Theme::px(120), Theme::px(entryHeight));
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    if (!view || index.data(listrole::heading).toBool())
        return usual;
    const int width =
        textRoom(QRect(0, 0, view->viewport()->width(), usual.height()), index).width();
    const auto lines =
        static_cast<int>(entryLines(index.data().toString(), option.font, width).size());
    return {usual.width(), usual.height() + (lines - 1) * option.fontMetrics.lineSpacing()};
}

} // namespace gatehouse::ui
