#include "theme/style.h"

#include "theme/focusring.h"
#include "theme/icons.h"
#include "theme/stylepaint.h"
#include "theme/theme.h"

#include <QtWidgets>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *invalidProperty = "gatehouseInvalid";
constexpr const char *smallProperty = "gatehouseSmall";
constexpr const char *secondSectionProperty = "gatehouseSecondSection";
constexpr const char *secondOrderProperty = "gatehouseSecondOrder";

bool isTextArea(const QWidget *widget)
{
    return qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QTextEdit *>(widget);
}

bool isCellEditor(const QWidget *widget)
{
    const QWidget *parent = widget ? widget->parentWidget() : nullptr;
    return parent && qobject_cast<const QAbstractItemView *>(parent->parentWidget());
}

bool isInsideField(const QWidget *widget)
{
    const QWidget *parent = widget ? widget->parentWidget() : nullptr;
    return qobject_cast<const QAbstractSpinBox *>(parent)
           || qobject_cast<const QComboBox *>(parent);
}

Qt::ArrowType directionOf(QStyle::PrimitiveElement arrow)
{
    switch (arrow) {
    case QStyle::PE_IndicatorArrowUp:
        return Qt::UpArrow;
    case QStyle::PE_IndicatorArrowLeft:
        return Qt::LeftArrow;
    case QStyle::PE_IndicatorArrowRight:
        return Qt::RightArrow;
    default:
        return Qt::DownArrow;
    }
}

void lineEdit(QPainter *painter, const QStyleOption &option, const QWidget *widget)
{
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(&option);
    if (isInsideField(widget))
        return;
    if (isCellEditor(widget))
        stylepaint::cellEditor(painter, option, widget);
    else if (frame && frame->lineWidth > 0)
        stylepaint::fieldPanel(painter, option, widget);
}

} // namespace

void setInvalid(QWidget *field, bool invalid)
{
    field->setProperty(invalidProperty, invalid);
    field->update();
}

bool isInvalid(const QWidget *field)
{
    return field && field->property(invalidProperty).toBool();
}

void setSmall(QWidget *control)
{
    control->setProperty(smallProperty, true);
    control->updateGeometry();
}

bool isSmall(const QWidget *control)
{
    return control && control->property(smallProperty).toBool();
}

void setSecondSort(QHeaderView *header, const SecondSort &sort)
{
    header->setProperty(secondSectionProperty, sort.section);
    header->setProperty(secondOrderProperty, static_cast<int>(sort.order));
    header->viewport()->update();
}

SecondSort secondSort(const QHeaderView *header)
{
    const QVariant section = header->property(secondSectionProperty);
    if (!section.isValid())
        return {};
    return {section.toInt(),
            static_cast<Qt::SortOrder>(header->property(secondOrderProperty).toInt())};
}

Style::Style()
    : QProxyStyle(u"Fusion"_s)
{
    new FocusRing(this);
}

void Style::drawPrimitive(PrimitiveElement element,
                          const QStyleOption *option,
                          QPainter *painter,
                          const QWidget *widget) const
{
    const Palette &palette = Theme::current();
    switch (element) {
    case PE_PanelButtonCommand:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option))
            return stylepaint::buttonPanel(painter, *button);
        break;
    case PE_PanelLineEdit:
    case PE_FrameLineEdit:
        return lineEdit(painter, *option, widget);
    case PE_Frame:
        if (isTextArea(widget))
            return stylepaint::fieldPanel(painter, *option, widget);
        painter->save();
        painter->setPen(palette.edge);
        painter->drawRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5));
        painter->restore();
        return;
    case PE_FrameMenu: // Fusion's is darker than the menu, and so not seen in the dark
        painter->save();
        painter->setPen(palette.edge);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    case PE_FrameFocusRect:
        if (!qobject_cast<const QAbstractButton *>(widget)
            && !qobject_cast<const QAbstractItemView *>(widget))
            stylepaint::box(painter, option->rect, 3, {}, palette.link, 2);
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        return stylepaint::checkIndicator(painter, *option);
    case PE_IndicatorRadioButton:
        return stylepaint::radioIndicator(painter, *option);
    case PE_FrameTabBarBase:
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            palette.edge);
        return;
    case PE_FrameTabWidget:
        painter->fillRect(QRect(option->rect.topLeft(), QSize(option->rect.width(), 1)),
                          palette.edge);
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, palette.toolTip);
        return;
    case PE_IndicatorArrowDown:
    case PE_IndicatorArrowUp:
    case PE_IndicatorArrowLeft:
    case PE_IndicatorArrowRight:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            return stylepaint::menuChevron(painter, *item, directionOf(element));
        return stylepaint::chevron(
            painter, option->rect, directionOf(element), option->state & State_Enabled);
    case PE_IndicatorBranch:
        if (option->state & State_Children) {
            stylepaint::chevron(painter,
                                option->rect,
                                option->state & State_Open ? Qt::DownArrow : Qt::RightArrow,
                                option->state & State_Enabled);
        }
        return;
    case PE_FrameGroupBox:
    case PE_FrameDefaultButton:
    case PE_FrameStatusBarItem:
    case PE_PanelStatusBar:
    case PE_PanelMenuBar:
        return;
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

// Draws what is made of an option with a label; false: the element is none of those.
bool Style::drawLabelled(ControlElement element,
                         const QStyleOption *option,
                         QPainter *painter,
                         const QWidget *widget) const
{
    if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
        if (element == CE_PushButtonBevel)
            stylepaint::buttonPanel(painter, *button);
        else if (element == CE_PushButtonLabel)
            stylepaint::buttonLabel(painter, *button);
        else
            return false;
        return true;
    }
    if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
        if (element != CE_Header && element != CE_HeaderSection)
            return false;
        stylepaint::header(painter, *header, widget);
        return true;
    }
    if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
        if (tab->shape != QTabBar::RoundedNorth)
            return false;
        if (element == CE_TabBarTabShape)
            stylepaint::tabShape(painter, *tab);
        else if (element == CE_TabBarTabLabel)
            stylepaint::tabLabel(painter, *tab);
        else
            return false;
        return true;
    }
    return false;
}

void Style::drawControl(ControlElement element,
                        const QStyleOption *option,
                        QPainter *painter,
                        const QWidget *widget) const
{
    const Palette &palette = Theme::current();
    if (drawLabelled(element, option, painter, widget))
        return;
    switch (element) {
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, palette.window);
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            palette.edge);
        return;
    case CE_ProgressBar:
        if (const auto *progress = qstyleoption_cast<const QStyleOptionProgressBar *>(option))
            return stylepaint::progressBar(painter, *progress, widget);
        break;
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, palette.window);
        return;
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            return stylepaint::menuBarItem(painter, *item);
        break;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            return drawMenuItem(*item, painter, widget);
        break;
    case CE_Splitter: {
        const bool upright = option->state & State_Horizontal;
        QRect line(0, 0, upright ? 1 : option->rect.width(), upright ? option->rect.height() : 1);
        line.moveCenter(option->rect.center());
        painter->fillRect(line, palette.edge);
        return;
    }
    case CE_FocusFrame:
        return stylepaint::focusRing(painter, *option, widget);
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

// Fusion's item, with a tick instead of a check box, beside an icon at the end of the item, and icons
// that show on the accent colour.
void Style::drawMenuItem(const QStyleOptionMenuItem &item,
                         QPainter *painter,
                         const QWidget *widget) const
{
    QStyleOptionMenuItem shown(item);
    shown.checkType = QStyleOptionMenuItem::NotCheckable;
    shown.checked = false;
    const bool isTicked = item.checkType != QStyleOptionMenuItem::NotCheckable && item.checked;
    if (isTicked && item.icon.isNull())
        shown.icon = icon(u"check");
    const bool chosen = (item.state & State_Selected) && (item.state & State_Enabled);
    if (chosen && !shown.icon.isNull()) {
        const int side = pixelMetric(PM_SmallIconSize, &item, widget);
        const double scale = painter->device()->devicePixelRatio();
        shown.icon = stylepaint::onAccent(shown.icon, QSize(side, side), scale);
    }
    QProxyStyle::drawControl(CE_MenuItem, &shown, painter, widget);
    const Palette &palette = Theme::current();
    if (isTicked && stylepaint::hasTickAtItsEnd(item, widget)) {
        stylepaint::tickAtEnd(painter,
                              item,
                              chosen                       ? palette.onAccent
                              : item.state & State_Enabled ? palette.text
                                                           : palette.disabled);
    }
}

// The label beside its arrow, if it opens a menu and has room for one.
void Style::drawToolButton(const QStyleOptionToolButton &tool,
                           QPainter *painter,
                           const QWidget *widget) const
{
    const auto part = [&](SubControl which) {
        return proxy()->subControlRect(CC_ToolButton, &tool, which, widget);
    };
    stylepaint::toolButtonPanel(painter, tool);
    QStyleOptionToolButton label(tool);
    label.state.setFlag(State_Sunken, false);
    label.rect = part(SC_ToolButton);
    const bool split = tool.subControls & SC_ToolButtonMenu;
    const bool named = !tool.text.isEmpty() && tool.toolButtonStyle != Qt::ToolButtonIconOnly;
    QRect arrow;
    if (split) {
        arrow = part(SC_ToolButtonMenu);
    } else if ((tool.features & QStyleOptionToolButton::HasMenu) && named) {
        const int width = Theme::px(chevronIcon + 6);
        arrow = visualRect(
            tool.direction,
            label.rect,
            QRect(label.rect.right() - width, label.rect.y(), width - 2, label.rect.height()));
        label.rect.setWidth(label.rect.width() - width);
    }
    if (stylepaint::hasTextBesideMark(label))
        stylepaint::markAndText(painter, label);
    else
        proxy()->drawControl(CE_ToolButtonLabel, &label, painter, widget);
    if (!arrow.isNull())
        stylepaint::chevron(painter, arrow, Qt::DownArrow, tool.state & State_Enabled);
}

void Style::drawComplexControl(ComplexControl control,
                               const QStyleOptionComplex *option,
                               QPainter *painter,
                               const QWidget *widget) const
{
    const auto part = [&](SubControl which) {
        return proxy()->subControlRect(control, option, which, widget);
    };
    if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option);
        combo && control == CC_ComboBox)
        return stylepaint::comboBox(painter, *combo, part(SC_ComboBoxArrow), widget);
    if (const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
        spin && control == CC_SpinBox)
        return stylepaint::spinBox(
            painter, *spin, part(SC_SpinBoxUp), part(SC_SpinBoxDown), widget);
    if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        bar && control == CC_ScrollBar)
        return stylepaint::scrollBar(painter, *bar, part(SC_ScrollBarSlider), widget);
    if (const auto *group = qstyleoption_cast<const QStyleOptionGroupBox *>(option);
        group && control == CC_GroupBox) {
        stylepaint::groupBox(painter, *group, part(SC_GroupBoxLabel));
        if (group->subControls & SC_GroupBoxCheckBox) {
            QStyleOptionButton box;
            box.QStyleOption::operator=(*group);
            box.rect = part(SC_GroupBoxCheckBox);
            stylepaint::checkIndicator(painter, box);
        }
        return;
    }
    if (const auto *tool = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        tool && control == CC_ToolButton)
        return drawToolButton(*tool, painter, widget);
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QHeaderView *>(widget) || qobject_cast<QTabBar *>(widget)
        || qobject_cast<QAbstractButton *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

} // namespace gatehouse::ui
