#include "frame/navigationdelegate.h"

#include "frame/navigation.h"
#include "theme/icons.h"
#include "theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

void paintGround(QPainter *painter, const QRect &row, QStyle::State state)
{
    const Palette &palette = Theme::current();
    if (!(state & QStyle::State_Selected) && !(state & QStyle::State_MouseOver))
        return;
    QColor fill = palette.navigation;
    if (!(state & QStyle::State_Selected))
        fill.setAlphaF(0.55F);
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    painter->drawRoundedRect(row, Theme::px(4), Theme::px(4));
    if (!(state & QStyle::State_Selected))
        return;
    const int width = Theme::px(3);
    painter->fillRect(QRect(row.left(), row.top() + width, width, row.height() - 2 * width),
                      palette.link);
}

// Gives how much room it took at the right.
int paintCount(QPainter *painter, const QRect &row, int count)
{
    const Palette &palette = Theme::current();
    const QFont font = Theme::font(TextRole::CaptionStrong);
    const QString text = count > 99 ? u"99+"_s : QLocale().toString(count);
    const int height = Theme::px(16);
    const int width = qMax(height, QFontMetrics(font).horizontalAdvance(text) + Theme::px(10));
    const QRect box(
        row.right() - Theme::px(8) - width + 1, row.center().y() - height / 2 + 1, width, height);
    const ToneColors &red = palette.failure;
    painter->setPen(Qt::NoPen);
    painter->setBrush(red.tint);
    painter->drawRoundedRect(box, Theme::px(3), Theme::px(3));
    painter->setPen(red.text);
    painter->setFont(font);
    painter->drawText(box, Qt::AlignCenter, text);
    return width + Theme::px(8);
}

int paintWarning(QPainter *painter, const QRect &row)
{
    const int size = Theme::px(14);
    const QRect box(row.right() - Theme::px(10) - size, row.center().y() - size / 2, size, size);
    const QColor color = Theme::current().failure.mark;
    paintIcon(painter, box, u"triangle-alert"_s, color);
    return size + Theme::px(10);
}

} // namespace

void NavigationDelegate::paint(QPainter *painter,
                               const QStyleOptionViewItem &option,
                               const QModelIndex &index) const
{
    const Palette &palette = Theme::current();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintGround(painter, option.rect, option.state);
    const int iconSize = Theme::px(16);
    const bool narrow = option.rect.width() < Theme::px(60);
    const int left =
        narrow ? option.rect.center().x() - iconSize / 2 : option.rect.left() + Theme::px(10);
    const QRect iconBox(left, option.rect.center().y() - iconSize / 2, iconSize, iconSize);
    index.data(Qt::DecorationRole).value<QIcon>().paint(painter, iconBox);

    const int count = index.data(NavigationModel::BadgeCountRole).toInt();
    const bool warning = index.data(NavigationModel::BadgeWarningRole).toBool();
    if (narrow) {
        if (count > 0 || warning) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(palette.failure.mark);
            painter->drawEllipse(
                QPointF(iconBox.right() + 1, iconBox.top()), Theme::px(3), Theme::px(3));
        }
        painter->restore();
        return;
    }
    int taken = 0;
    if (count > 0)
        taken = paintCount(painter, option.rect, count);
    else if (warning)
        taken = paintWarning(painter, option.rect);
    const bool selected = option.state & QStyle::State_Selected;
    const QFont font = Theme::font(selected ? TextRole::BodyStrong : TextRole::Body);
    painter->setFont(font);
    painter->setPen(palette.text);
    const QRect textBox = option.rect.adjusted(Theme::px(35), 0, -taken - Theme::px(4), 0);
    painter->drawText(textBox,
                      Qt::AlignVCenter | Qt::AlignLeft,
                      QFontMetrics(font).elidedText(
                          index.data(Qt::DisplayRole).toString(), Qt::ElideRight, textBox.width()));
    if ((option.state & QStyle::State_HasFocus)
        && (option.state & QStyle::State_KeyboardFocusChange)) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(palette.link, Theme::px(2)));
        painter->drawRoundedRect(
            QRectF(option.rect).adjusted(1, 1, -1, -1), Theme::px(4), Theme::px(4));
    }
    painter->restore();
}

QSize NavigationDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.rect.width(), Theme::px(30)};
}

} // namespace gatehouse::ui
