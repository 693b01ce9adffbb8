#include "wizard/founddelegate.h"

#include "theme/healthpainter.h"
#include "theme/lettertile.h"
#include "theme/theme.h"
#include "wizard/foundmodel.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QWidget>

namespace gatehouse::ui {

namespace {

constexpr int headingHeight = 29;
constexpr int rowHeight = 42;
constexpr int padding = 12;
constexpr int box = 15;
constexpr int tile = 22;
constexpr int gap = 10;

void paintBox(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place, bool on)
{
    QStyleOptionViewItem check(option);
    check.rect = place;
    check.state &= ~(QStyle::State_On | QStyle::State_Off | QStyle::State_HasFocus);
    check.state |= on ? QStyle::State_On : QStyle::State_Off;
    option.widget->style()->drawPrimitive(
        QStyle::PE_IndicatorItemViewItemCheck, &check, painter, option.widget);
}

// Gives the room that is left at the left of it.
QRect paintState(QPainter *painter, QRect room, const QModelIndex &index)
{
    const Palette &palette = Theme::current();
    const QString state = index.data(FoundModel::StateRole).toString();
    const QVariant tone = index.data(FoundModel::ToneRole);
    const QFont font = Theme::font(TextRole::Small);
    const QFontMetrics metrics(font);
    const QString shown = metrics.elidedText(state, Qt::ElideRight, room.width() * 3 / 5);
    painter->setFont(font);
    painter->setPen(tone.isValid() ? palette.tone(static_cast<Tone>(tone.toInt())).text
                                   : palette.secondary);
    painter->drawText(room, Qt::AlignVCenter | Qt::AlignRight, shown);
    int width = metrics.horizontalAdvance(shown);
    if (index.data(FoundModel::BusyRole).toBool()) {
        const int side = Theme::px(14);
        width += side + Theme::px(6);
        paintGlyph(painter,
                   QRectF(room.right() + 1 - width, room.top(), side, room.height()),
                   Glyph::Ring,
                   palette.busy.mark);
    }
    room.setRight(room.right() - width - Theme::px(gap));
    return room;
}

void paintLines(QPainter *painter, const QRect &room, const QModelIndex &index)
{
    const Palette &palette = Theme::current();
    const int middle = room.center().y();
    const auto line = [&](TextRole role, const QColor &color, const QString &text, bool upper) {
        const QFont font = Theme::font(role);
        const QFontMetrics metrics(font);
        painter->setFont(font);
        painter->setPen(color);
        const QRect place(room.left(),
                          upper ? middle - metrics.height() + Theme::px(1) : middle + Theme::px(1),
                          room.width(),
                          metrics.height());
        painter->drawText(place,
                          Qt::AlignVCenter | Qt::AlignLeft,
                          metrics.elidedText(text, Qt::ElideRight, room.width()));
    };
    line(TextRole::Body, palette.text, index.data().toString(), true);
    line(TextRole::Small, palette.secondary, index.data(FoundModel::DetailRole).toString(), false);
}

} // namespace

void FoundDelegate::paint(QPainter *painter,
                          const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const Palette &palette = Theme::current();
    painter->save();
    const QRect row = option.rect;
    QRect room = row.adjusted(Theme::px(padding), 0, -Theme::px(padding), 0);
    if (index.data(FoundModel::HeadingRole).toBool()) {
        painter->fillRect(row, palette.window);
        painter->setFont(Theme::font(TextRole::SmallMedium));
        painter->setPen(palette.secondary);
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
    } else {
        if (option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(row, palette.hovered);
        if (option.state.testFlag(QStyle::State_HasFocus))
            painter->fillRect(row.left(), row.top(), Theme::px(3), row.height(), palette.link);
        const auto square = [&room](int side) {
            return QRect(room.left(), room.top() + (room.height() - side) / 2, side, side);
        };
        if (index.flags().testFlag(Qt::ItemIsUserCheckable)) {
            const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
            paintBox(painter, option, square(Theme::px(box)), on);
        }
        room.setLeft(room.left() + Theme::px(box + gap));
        const QString name = index.data(FoundModel::TileRole).toString();
        if (!name.isEmpty()) {
            paintLetterTile(painter, square(Theme::px(tile)), name);
            room.setLeft(room.left() + Theme::px(tile + gap));
        }
        room = paintState(painter, room, index);
        paintLines(painter, room, index);
    }
    painter->fillRect(row.left(), row.bottom(), row.width(), 1, palette.line);
    painter->restore();
}

QSize FoundDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Q_UNUSED(option)
    const bool isHeading = index.data(FoundModel::HeadingRole).toBool();
    return {Theme::px(200), Theme::px(isHeading ? headingHeight : rowHeight)};
}

bool FoundDelegate::editorEvent(QEvent *event,
                                QAbstractItemModel *model,
                                const QStyleOptionViewItem &option,
                                const QModelIndex &index)
{
    Q_UNUSED(option)
    if (!index.flags().testFlag(Qt::ItemIsUserCheckable))
        return false;
    bool toggles = false;
    if (event->type() == QEvent::MouseButtonRelease)
        toggles = static_cast<QMouseEvent *>(event)->button() == Qt::LeftButton;
    else if (event->type() == QEvent::KeyPress)
        toggles = static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space;
    if (!toggles)
        return false;
    const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

} // namespace gatehouse::ui
