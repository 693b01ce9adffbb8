#include "theme/icons.h"
#include "theme/style.h"
#include "theme/stylepaint.h"
#include "theme/theme.h"

#include <QFocusFrame>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QWidget>

namespace gatehouse::ui::stylepaint {

using namespace Qt::StringLiterals;

namespace {

constexpr double controlRadius = 4;
constexpr double checkRadius = 3;

bool isDefault(const QStyleOptionButton &option)
{
    return option.features.testFlag(QStyleOptionButton::DefaultButton)
           && has(option, QStyle::State_Enabled);
}

QColor pressed(const QColor &color)
{
    return blend(color, Qt::black, 0.08);
}

QColor buttonFill(const QStyleOptionButton &option)
{
    const Palette &palette = Theme::current();
    const bool down = has(option, QStyle::State_Sunken);
    const bool hovered = has(option, QStyle::State_MouseOver);
    if (!has(option, QStyle::State_Enabled))
        return {};
    if (isDefault(option))
        return down ? pressed(palette.accent) : hovered ? palette.accentHovered : palette.accent;
    if (option.features.testFlag(QStyleOptionButton::Flat) && !down
        && !has(option, QStyle::State_On))
        return hovered ? palette.navigation : QColor();
    if (has(option, QStyle::State_On))
        return palette.navigation;
    return down      ? pressed(palette.button)
           : hovered ? blend(palette.button, palette.navigation, 0.5)
                     : palette.button;
}

QColor buttonText(const QStyleOptionButton &option)
{
    const Palette &palette = Theme::current();
    if (!has(option, QStyle::State_Enabled))
        return palette.disabled;
    return isDefault(option) ? palette.onAccent : palette.text;
}

QPixmap labelIcon(const QStyleOptionButton &option, double scale)
{
    if (isDefault(option))
        return onAccent(option.icon, option.iconSize, scale).pixmap(option.iconSize, scale);
    return option.icon.pixmap(option.iconSize,
                              scale,
                              has(option, QStyle::State_Enabled) ? QIcon::Normal : QIcon::Disabled);
}

void tick(QPainter *painter, const QRectF &rect, const QColor &color)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    painter->scale(rect.width() / 15, rect.height() / 15);
    painter->setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPolyline(QPolygonF({{4.2, 7.9}, {6.5, 10.2}, {10.9, 5.2}}));
    painter->restore();
}

QRectF squareIn(const QRect &rect)
{
    const int side = std::min(rect.width(), rect.height());
    return QRectF(
        rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side);
}

} // namespace

void box(QPainter *painter,
         const QRectF &rect,
         double radius,
         const QColor &fill,
         const QColor &edge,
         double width)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(edge.isValid() ? QPen(edge, width) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const double inset = edge.isValid() ? width / 2 : 0;
    const double corner = std::max(0.0, Theme::exact(radius) - inset);
    painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), corner, corner);
    painter->restore();
}

void chevron(QPainter *painter, const QRectF &rect, Qt::ArrowType direction, const QColor &color)
{
    const QString name = direction == Qt::UpArrow      ? u"chevron-up"_s
                         : direction == Qt::LeftArrow  ? u"chevron-left"_s
                         : direction == Qt::RightArrow ? u"chevron-right"_s
                                                       : u"chevron-down"_s;
    const double side = std::min({Theme::exact(chevronIcon), rect.width(), rect.height()});
    QRectF square(0, 0, std::floor(side), std::floor(side));
    square.moveCenter(rect.center());
    paintIcon(painter, square, name, color);
}

void chevron(QPainter *painter, const QRectF &rect, Qt::ArrowType direction, bool enabled)
{
    const Palette &palette = Theme::current();
    chevron(painter, rect, direction, enabled ? palette.secondary : palette.disabled);
}

// Fusion tells of the highlight under it by the palette alone, the state says only if it is enabled.
void menuChevron(QPainter *painter, const QStyleOptionMenuItem &item, Qt::ArrowType direction)
{
    const QColor onHighlight = item.palette.color(QPalette::HighlightedText);
    const bool enabled = has(item, QStyle::State_Enabled);
    // By one or the other, as its version has it.
    const bool isHighlighted = item.palette.color(QPalette::WindowText) == onHighlight
                               || item.palette.color(QPalette::ButtonText) == onHighlight;
    if (enabled && isHighlighted)
        chevron(painter, item.rect, direction, onHighlight);
    else
        chevron(painter, item.rect, direction, enabled);
}

bool hasTickAtItsEnd(const QStyleOptionMenuItem &item, const QWidget *widget)
{
    // The list of a combo box is drawn as a menu, too.
    return item.checkType != QStyleOptionMenuItem::NotCheckable && !item.icon.isNull()
           && !qobject_cast<const QComboBox *>(widget);
}

int tickRoom()
{
    return Theme::px(chevronIcon) + Theme::px(4);
}

void tickAtEnd(QPainter *painter, const QStyleOptionMenuItem &item, const QColor &color)
{
    const int side = Theme::px(chevronIcon);
    const QRect place(
        item.rect.right() + 1 - tickRoom(), item.rect.center().y() - side / 2, side, side);
    paintIcon(painter, QStyle::visualRect(item.direction, item.rect, place), u"check"_s, color);
}

QIcon onAccent(const QIcon &icon, const QSize &size, double scale)
{
    QPixmap pixmap = icon.pixmap(size, scale);
    if (pixmap.isNull())
        return icon;
    QPainter painter(&pixmap);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(QRect(QPoint(), pixmap.deviceIndependentSize().toSize()),
                     Theme::current().onAccent);
    painter.end();
    return QIcon(pixmap);
}

void buttonPanel(QPainter *painter, const QStyleOptionButton &option)
{
    const Palette &palette = Theme::current();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool plain = isDefault(option) || has(option, QStyle::State_On)
                       || option.features.testFlag(QStyleOptionButton::Flat);
    const QColor edge = plain ? QColor() : enabled ? palette.edge : palette.line;
    box(painter, option.rect, controlRadius, buttonFill(option), edge);
}

void buttonLabel(QPainter *painter, const QStyleOptionButton &option)
{
    const double scale = painter->device()->devicePixelRatio();
    const bool hasMenu = option.features.testFlag(QStyleOptionButton::HasMenu);
    const int gap = Theme::px(6);
    const int iconWidth = option.icon.isNull() ? 0 : option.iconSize.width();
    const int menuWidth = hasMenu ? Theme::px(chevronIcon) + gap : 0;
    const int between = iconWidth && !option.text.isEmpty() ? gap : 0;
    const int room = option.rect.width() - iconWidth - between - menuWidth - 2 * Theme::px(4);
    const QFont font = has(option, QStyle::State_On)
                           ? Theme::font(TextRole::BodyStrong, painter->font())
                           : painter->font();
    const QFontMetrics metrics(font);
    const QString text =
        metrics.elidedText(option.text, Qt::ElideRight, room, Qt::TextShowMnemonic);
    const int textWidth = metrics.size(Qt::TextShowMnemonic, text).width();
    const int width = iconWidth + between + textWidth + menuWidth;
    QRect content(0, 0, width, option.rect.height());
    content.moveCenter(option.rect.center());
    content = QStyle::visualRect(option.direction, option.rect, content);

    const auto place = [&](int offset, int length) {
        const QRect rect(content.x() + offset, option.rect.y(), length, option.rect.height());
        return QStyle::visualRect(option.direction, content, rect);
    };
    if (iconWidth) {
        QRect square(QPoint(), option.iconSize);
        square.moveCenter(place(0, iconWidth).center());
        painter->drawPixmap(square.topLeft(), labelIcon(option, scale));
    }
    painter->save();
    painter->setPen(buttonText(option));
    painter->setFont(font);
    painter->drawText(place(iconWidth + between, textWidth + 1),
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextShowMnemonic | Qt::TextSingleLine,
                      text);
    painter->restore();
    if (hasMenu) {
        chevron(painter,
                place(width - Theme::px(chevronIcon), Theme::px(chevronIcon)),
                Qt::DownArrow,
                has(option, QStyle::State_Enabled));
    }
}

void fieldPanel(QPainter *painter, const QStyleOption &option, const QWidget *widget)
{
    const Palette &palette = Theme::current();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool focused = enabled && has(option, QStyle::State_HasFocus);
    const QColor edge = !enabled            ? palette.line
                        : isInvalid(widget) ? palette.failure.mark
                        : focused           ? palette.link
                                            : palette.control;
    box(painter,
        option.rect,
        controlRadius,
        enabled ? palette.base : palette.window,
        edge,
        focused ? 2 : 1);
}

void cellEditor(QPainter *painter, const QStyleOption &option, const QWidget *widget)
{
    const Palette &palette = Theme::current();
    const QColor edge = isInvalid(widget) ? palette.failure.mark : palette.link;
    box(painter, option.rect, 2, palette.base, edge, 2);
}

void comboBox(QPainter *painter,
              const QStyleOptionComboBox &option,
              const QRect &arrow,
              const QWidget *widget)
{
    if (option.frame)
        fieldPanel(painter, option, widget);
    chevron(painter, arrow, Qt::DownArrow, has(option, QStyle::State_Enabled));
}

void spinBox(QPainter *painter,
             const QStyleOptionSpinBox &option,
             const QRect &up,
             const QRect &down,
             const QWidget *widget)
{
    if (option.frame)
        fieldPanel(painter, option, widget);
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto step = [&](const QRect &rect, QStyle::SubControl part, bool isUp) {
        const bool active =
            option.activeSubControls == part
            && option.state.testAnyFlags(QStyle::State_MouseOver | QStyle::State_Sunken);
        if (active)
            box(painter, rect, 2, Theme::current().navigation);
        const auto flag =
            isUp ? QAbstractSpinBox::StepUpEnabled : QAbstractSpinBox::StepDownEnabled;
        chevron(painter,
                rect,
                isUp ? Qt::UpArrow : Qt::DownArrow,
                option.stepEnabled.testFlag(flag) && has(option, QStyle::State_Enabled));
    };
    step(up, QStyle::SC_SpinBoxUp, true);
    step(down, QStyle::SC_SpinBoxDown, false);
}

void checkIndicator(QPainter *painter, const QStyleOption &option)
{
    const Palette &palette = Theme::current();
    const bool enabled = has(option, QStyle::State_Enabled);
    const QRectF square = squareIn(option.rect);
    if (!has(option, QStyle::State_On) && !has(option, QStyle::State_NoChange)) {
        const QColor ground = has(option, QStyle::State_Sunken) ? palette.navigation : palette.base;
        box(painter,
            square,
            checkRadius,
            enabled ? ground : palette.window,
            enabled ? palette.mark : palette.line);
        return;
    }
    const QColor fill = has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Sunken)
                            ? palette.accentHovered
                            : palette.accent;
    box(painter, square, checkRadius, enabled ? fill : palette.edge);
    const QColor mark = enabled ? palette.onAccent : palette.window;
    if (has(option, QStyle::State_On)) {
        tick(painter, square, mark);
        return;
    }
    QRectF dash(0, 0, square.width() * 8 / 15, square.height() * 2 / 15);
    dash.moveCenter(square.center());
    painter->fillRect(dash, mark);
}

void radioIndicator(QPainter *painter, const QStyleOption &option)
{
    const Palette &palette = Theme::current();
    const bool enabled = has(option, QStyle::State_Enabled);
    const QRectF square = squareIn(option.rect);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (has(option, QStyle::State_On)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(enabled ? palette.accent : palette.edge);
        painter->drawEllipse(square);
        painter->setBrush(enabled ? palette.onAccent : palette.window);
        const double radius = square.width() * 2.9 / 15;
        painter->drawEllipse(square.center(), radius, radius);
    } else {
        painter->setPen(enabled ? palette.mark : palette.line);
        painter->setBrush(enabled ? palette.base : palette.window);
        painter->drawEllipse(square.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    painter->restore();
}

void toolButtonPanel(QPainter *painter, const QStyleOptionToolButton &option)
{
    const Palette &palette = Theme::current();
    if (!has(option, QStyle::State_Enabled))
        return;
    if (has(option, QStyle::State_Sunken))
        box(painter, option.rect, controlRadius, pressed(palette.navigation));
    else if (has(option, QStyle::State_On) || has(option, QStyle::State_MouseOver))
        box(painter, option.rect, controlRadius, palette.navigation);
}

bool hasTextBesideMark(const QStyleOptionToolButton &option)
{
    return option.toolButtonStyle == Qt::ToolButtonTextBesideIcon && !option.text.isEmpty()
           && (!option.icon.isNull() || option.features.testFlag(QStyleOptionToolButton::Arrow));
}

// With a gap between them that is as wide as that before the mark.
void markAndText(QPainter *painter, const QStyleOptionToolButton &option)
{
    const bool enabled = has(option, QStyle::State_Enabled);
    const int gap = Theme::px(6);
    const QRect room = option.rect.adjusted(gap, 0, 0, 0);
    const QSize size = option.iconSize;
    const QRect mark(QPoint(room.left(), room.top() + (room.height() - size.height()) / 2), size);
    const QRect place = QStyle::visualRect(option.direction, option.rect, mark);
    if (option.icon.isNull()) {
        chevron(painter, place, option.arrowType, enabled);
    } else {
        option.icon.paint(painter,
                          place,
                          Qt::AlignCenter,
                          enabled ? QIcon::Normal : QIcon::Disabled,
                          has(option, QStyle::State_On) ? QIcon::On : QIcon::Off);
    }
    const QRect text = room.adjusted(size.width() + gap, 0, 0, 0);
    painter->save();
    painter->setFont(option.font);
    painter->setPen(option.palette.color(enabled ? QPalette::Normal : QPalette::Disabled,
                                         QPalette::ButtonText));
    painter->drawText(
        QStyle::visualRect(option.direction, option.rect, text),
        static_cast<int>(
            QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter))
            | Qt::TextShowMnemonic,
        QFontMetrics(option.font)
            .elidedText(option.text, Qt::ElideRight, text.width(), Qt::TextShowMnemonic));
    painter->restore();
}

void focusRing(QPainter *painter, const QStyleOption &option, const QWidget *frame)
{
    const auto *focusFrame = qobject_cast<const QFocusFrame *>(frame);
    const QWidget *target = focusFrame ? focusFrame->widget() : nullptr;
    QRectF ring = option.rect;
    double radius = controlRadius + 3;
    const bool isCheck = target && target->inherits("QCheckBox");
    if (isCheck || (target && target->inherits("QRadioButton"))) {
        QStyleOptionButton button;
        button.initFrom(target);
        const auto part = isCheck ? QStyle::SE_CheckBoxIndicator : QStyle::SE_RadioButtonIndicator;
        const QRect indicator = target->style()->subElementRect(part, &button, target);
        const QPoint offset = target->mapToGlobal(QPoint()) - frame->mapToGlobal(QPoint());
        ring = QRectF(indicator.translated(offset)).adjusted(-3, -3, 3, 3);
        radius = isCheck ? checkRadius + 3 : ring.width() / 2;
    }
    box(painter, ring, radius, {}, Theme::current().link, 2);
}

} // namespace gatehouse::ui::stylepaint
