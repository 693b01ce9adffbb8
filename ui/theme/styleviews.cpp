#include "theme/icons.h"
#include "theme/style.h"
#include "theme/stylepaint.h"
#include "theme/theme.h"

#include <QAbstractScrollArea>
#include <QDateTime>
#include <QHeaderView>
#include <QPainter>
#include <QStyleOption>
#include <QTimer>

namespace gatehouse::ui::stylepaint {

using namespace Qt::StringLiterals;

namespace {

// The rank of a column among those that a table is sorted by: 0: none.
struct Sorting
{
    int rank = 0;
    bool ascending = true;
};

Sorting sortingOf(const QStyleOptionHeader &option, const QWidget *widget)
{
    // Qt's names say where the arrow points.
    if (option.sortIndicator != QStyleOptionHeader::None)
        return {1, option.sortIndicator == QStyleOptionHeader::SortDown};
    const auto *view = qobject_cast<const QHeaderView *>(widget);
    if (view && secondSort(view).section == option.section)
        return {2, secondSort(view).order == Qt::AscendingOrder};
    return {};
}

QString headerText(const QStyleOptionHeader &option, const Sorting &sorting)
{
    if (sorting.rank == 0)
        return option.text;
    const QChar arrow(sorting.ascending ? 0x25B4 : 0x25BE);
    return sorting.rank == 1 ? u"%1 %2"_s.arg(option.text, arrow)
                             : u"%1 %2 2"_s.arg(option.text, arrow);
}

void headerSection(QPainter *painter, const QStyleOptionHeader &option)
{
    const Palette &palette = Theme::current();
    const QRect rect = option.rect;
    painter->fillRect(rect,
                      has(option, QStyle::State_Sunken) ? palette.navigation : palette.window);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), palette.edge);
    const bool last = option.position == QStyleOptionHeader::End
                      || option.position == QStyleOptionHeader::OnlyOneSection;
    if (option.orientation == Qt::Horizontal && !last) {
        const int inset = Theme::px(7);
        const int x = option.direction == Qt::RightToLeft ? rect.left() : rect.right();
        painter->fillRect(QRect(x, rect.top() + inset, 1, rect.height() - 2 * inset), palette.line);
    }
}

QColor groundOf(const QWidget *bar)
{
    for (const QWidget *each = bar; each; each = each->parentWidget()) {
        if (const auto *area = qobject_cast<const QAbstractScrollArea *>(each))
            return area->viewport()->palette().color(area->viewport()->backgroundRole());
    }
    return Theme::current().window;
}

} // namespace

void header(QPainter *painter, const QStyleOptionHeader &option, const QWidget *widget)
{
    const Palette &palette = Theme::current();
    const Sorting sorting = sortingOf(option, widget);
    headerSection(painter, option);

    QRect rect = option.rect.adjusted(Theme::px(8), 0, -Theme::px(8), -1);
    if (!option.icon.isNull()) {
        const int side = Theme::px(controlIcon);
        if (option.text.isEmpty()) {
            QRect square(0, 0, side, side);
            square.moveCenter(option.rect.center());
            option.icon.paint(painter, square);
            return;
        }
        option.icon.paint(painter, QRect(rect.x(), rect.center().y() - side / 2, side, side));
        rect.setLeft(rect.left() + side + Theme::px(6));
    }
    const QFont font = Theme::font(sorting.rank ? TextRole::SmallStrong : TextRole::SmallMedium);
    const auto horizontal = option.textAlignment & Qt::AlignHorizontal_Mask;
    const auto alignment =
        QStyle::visualAlignment(option.direction, horizontal ? horizontal : Qt::AlignLeft);
    painter->save();
    painter->setFont(font);
    painter->setPen(sorting.rank ? palette.text : palette.secondary);
    const QString text =
        QFontMetrics(font).elidedText(headerText(option, sorting), Qt::ElideRight, rect.width());
    painter->drawText(
        rect, static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine, text);
    painter->restore();
}

int headerWidth(const QStyleOptionHeader &option)
{
    const QFontMetrics metrics(Theme::font(TextRole::SmallMedium));
    const int text = option.text.isEmpty() ? 0 : metrics.horizontalAdvance(option.text);
    const int icon = option.icon.isNull() ? 0 : Theme::px(controlIcon);
    return text + icon + 2 * Theme::px(8) + (text && icon ? Theme::px(6) : 1);
}

void tabShape(QPainter *painter, const QStyleOptionTab &option)
{
    if (!has(option, QStyle::State_Selected))
        return;
    const int inset = Theme::px(4);
    const QRect rect = option.rect;
    painter->fillRect(QRect(rect.left() + inset, rect.bottom() - 1, rect.width() - 2 * inset, 2),
                      Theme::current().link);
}

void tabLabel(QPainter *painter, const QStyleOptionTab &option)
{
    const Palette &palette = Theme::current();
    const bool current = has(option, QStyle::State_Selected);
    const bool enabled = has(option, QStyle::State_Enabled);
    QRect rect = option.rect.adjusted(Theme::px(6), 0, -Theme::px(6), 0);
    if (!option.icon.isNull()) {
        const int side = Theme::px(controlIcon);
        option.icon.paint(painter,
                          QRect(rect.x(), rect.center().y() - side / 2, side, side),
                          Qt::AlignCenter,
                          enabled ? QIcon::Normal : QIcon::Disabled);
        rect.setLeft(rect.left() + side + Theme::px(6));
    }
    painter->save();
    painter->setFont(Theme::font(current ? TextRole::SmallStrong : TextRole::Small));
    painter->setPen(!enabled                                          ? palette.disabled
                    : current || has(option, QStyle::State_MouseOver) ? palette.text
                                                                      : palette.secondary);
    painter->drawText(
        rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, option.text);
    painter->restore();
    if (has(option, QStyle::State_HasFocus) && current)
        box(painter, option.rect.adjusted(1, 3, -1, -3), 3, {}, palette.link, 2);
}

QSize tabSize(const QStyleOptionTab &option)
{
    const QFontMetrics metrics(Theme::font(TextRole::SmallStrong));
    const int text = metrics.size(Qt::TextShowMnemonic, option.text).width();
    const int icon = option.icon.isNull() ? 0 : Theme::px(controlIcon) + Theme::px(6);
    return {text + icon + 2 * Theme::px(6) + 1, Theme::px(30)};
}

void scrollBar(QPainter *painter,
               const QStyleOptionSlider &option,
               const QRect &thumb,
               const QWidget *widget)
{
    const Palette &palette = Theme::current();
    painter->fillRect(option.rect, groundOf(widget));
    if (option.maximum <= option.minimum)
        return;
    const bool hot = option.activeSubControls.testFlag(QStyle::SC_ScrollBarSlider)
                     && option.state.testAnyFlags(QStyle::State_MouseOver | QStyle::State_Sunken);
    const QRect inner = option.orientation == Qt::Vertical ? thumb.adjusted(2, 1, -2, -1)
                                                           : thumb.adjusted(1, 2, -1, -2);
    box(painter, inner, 3, hot ? palette.mark : palette.edge);
}

void progressBar(QPainter *painter, const QStyleOptionProgressBar &option, const QWidget *widget)
{
    const Palette &palette = Theme::current();
    QRectF track = option.rect;
    const double height = std::min(Theme::exact(6), track.height());
    track = QRectF(track.x(), track.center().y() - height / 2, track.width(), height);
    box(painter, track, 2, palette.line);

    const bool busy = option.maximum <= option.minimum;
    QRectF chunk = track;
    if (busy) {
        // A third of the track wanders along it once in one and a half seconds.
        const double phase = static_cast<double>(QDateTime::currentMSecsSinceEpoch() % 1500) / 1500;
        chunk.setWidth(track.width() / 3);
        chunk.moveLeft(track.left() - chunk.width() + phase * (track.width() + chunk.width()));
        chunk = chunk.intersected(track);
        if (widget && widget->isVisible()) {
            auto *again = const_cast<QWidget *>(widget);
            QTimer::singleShot(33, again, [again] { again->update(); });
        }
    } else {
        const double share = (option.progress - option.minimum)
                             / static_cast<double>(option.maximum - option.minimum);
        chunk.setWidth(track.width() * std::clamp(share, 0.0, 1.0));
    }
    if (option.direction == Qt::RightToLeft)
        chunk.moveRight(track.right() - (chunk.left() - track.left()));
    if (chunk.width() > 0) {
        box(painter,
            chunk,
            2,
            has(option, QStyle::State_Enabled) ? palette.accent : palette.disabled);
    }
}

void groupBox(QPainter *painter, const QStyleOptionGroupBox &option, const QRect &title)
{
    const Palette &palette = Theme::current();
    painter->save();
    painter->setFont(Theme::font(TextRole::BodyStrong));
    painter->setPen(has(option, QStyle::State_Enabled) ? palette.text : palette.disabled);
    painter->drawText(title,
                      static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft))
                          | Qt::AlignVCenter | Qt::TextShowMnemonic,
                      option.text);
    painter->restore();
    painter->fillRect(
        QRect(option.rect.left(), option.rect.top() + Theme::px(26), option.rect.width(), 1),
        palette.line);
}

void menuBarItem(QPainter *painter, const QStyleOptionMenuItem &option)
{
    const Palette &palette = Theme::current();
    painter->fillRect(option.rect, palette.window);
    const bool chosen = has(option, QStyle::State_Selected) && has(option, QStyle::State_Enabled);
    if (chosen)
        box(painter, option.rect.adjusted(0, 2, 0, -2), 4, palette.navigation);
    painter->setPen(has(option, QStyle::State_Enabled) ? palette.text : palette.disabled);
    painter->drawText(option.rect,
                      Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextDontClip
                          | Qt::TextSingleLine,
                      option.text);
}

} // namespace gatehouse::ui::stylepaint
