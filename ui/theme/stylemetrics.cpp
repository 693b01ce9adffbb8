#include "theme/icons.h"
#include "theme/style.h"
#include "theme/stylepaint.h"
#include "theme/theme.h"

#include <QtWidgets>

namespace gatehouse::ui {

namespace {

int controlHeight(const QWidget *widget)
{
    return Theme::px(isSmall(widget) ? 24 : 28);
}

int buttonPadding(const QWidget *widget)
{
    return Theme::px(isSmall(widget) ? 10 : 12);
}

QSize toolButtonSize(const QStyleOptionToolButton &option,
                     const QSize &contents,
                     const QWidget *widget)
{
    const int height = std::max(controlHeight(widget), contents.height());
    const bool named = !option.text.isEmpty() && option.toolButtonStyle != Qt::ToolButtonIconOnly;
    if (!named && !(option.subControls & QStyle::SC_ToolButtonMenu))
        return {std::max(controlHeight(widget), contents.width()), height};
    const bool arrow = named && (option.features & QStyleOptionToolButton::HasMenu)
                       && !(option.subControls & QStyle::SC_ToolButtonMenu);
    return {contents.width() + 2 * Theme::px(6) + (arrow ? Theme::px(chevronIcon + 6) : 0), height};
}

QSize menuItemSize(const QStyleOptionMenuItem &option, QSize size, const QWidget *widget)
{
    if (option.menuItemType == QStyleOptionMenuItem::Separator)
        return {size.width(), Theme::px(9)};
    const int tick = stylepaint::hasTickAtItsEnd(option, widget) ? stylepaint::tickRoom() : 0;
    return {size.width() + tick, std::max(size.height(), Theme::px(26))};
}

} // namespace

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    const bool inView = qobject_cast<const QAbstractItemView *>(widget);
    switch (metric) {
    case PM_FocusFrameHMargin:
        if (inView)
            return Theme::px(7);
        [[fallthrough]];
    case PM_FocusFrameVMargin:
        // The focus frame asks without naming itself: the ring of 2 and a gap of 1.
        return widget ? QProxyStyle::pixelMetric(metric, option, widget) : 3;
    case PM_ScrollBarExtent:
        return Theme::px(10);
    case PM_ScrollBarSliderMin:
        return Theme::px(24);
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return Theme::px(15);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return Theme::px(8);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_MenuBarPanelWidth:
    case PM_MenuBarVMargin:
    case PM_MenuBarItemSpacing:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
        return 0;
    case PM_MenuBarHMargin:
        return Theme::px(4);
    case PM_MenuPanelWidth:
        return 1;
    case PM_MenuVMargin:
        return Theme::px(4);
    case PM_ButtonIconSize:
        return Theme::px(qobject_cast<const QToolButton *>(widget) ? navigationIcon : controlIcon);
    case PM_ToolBarIconSize:
    case PM_ListViewIconSize:
        return Theme::px(navigationIcon);
    case PM_SmallIconSize:
        return Theme::px(inView ? navigationIcon : controlIcon);
    case PM_TabBarIconSize:
    case PM_LineEditIconSize:
        return Theme::px(controlIcon);
    case PM_DefaultFrameWidth:
        if (qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QTextEdit *>(widget)
            || qobject_cast<const QLineEdit *>(widget))
            return 2;
        return 1;
    case PM_SplitterWidth:
    case PM_DockWidgetSeparatorExtent:
        return 1;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return Theme::px(8);
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return Theme::px(widget && widget->isWindow() ? 20 : 8);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint,
                     const QStyleOption *option,
                     const QWidget *widget,
                     QStyleHintReturn *returned) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_FocusFrame_Mask: // the ring of a check box lies within its widget
        return 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_FocusFrame_AboveWidget:
        return 1;
    case SH_FormLayoutLabelAlignment:
        return Qt::AlignRight | Qt::AlignVCenter;
    case SH_FormLayoutFieldGrowthPolicy:
        return QFormLayout::AllNonFixedFieldsGrow;
    case SH_TabBar_Alignment:
        return Qt::AlignLeft;
    case SH_Widget_Animation_Duration:
        if (Theme::isMotionReduced())
            return 0;
        break;
    case SH_Table_GridLineColor:
        return static_cast<int>(Theme::current().line.rgba());
    default:
        break;
    }
    return QProxyStyle::styleHint(hint, option, widget, returned);
}

QSize Style::sizeFromContents(ContentsType type,
                              const QStyleOption *option,
                              const QSize &contents,
                              const QWidget *widget) const
{
    const int height = controlHeight(widget);
    switch (type) {
    case CT_PushButton: {
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        int width = contents.width() + 2 * buttonPadding(widget);
        if (button && !button->icon.isNull())
            width += Theme::px(6) - 4; // Qt has counted 4 between icon and text
        return {width, std::max(height, contents.height())};
    }
    case CT_LineEdit:
        return {contents.width() + 2 * Theme::px(4), std::max(height, contents.height())};
    case CT_ComboBox:
        return {contents.width() + Theme::px(8) + Theme::px(28),
                std::max(height, contents.height())};
    case CT_SpinBox:
        return {contents.width() + Theme::px(8) + Theme::px(24),
                std::max(height, contents.height())};
    case CT_CheckBox:
    case CT_RadioButton: {
        const QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
        return {size.width(), std::max(size.height(), Theme::px(24))};
    }
    case CT_ToolButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option))
            return toolButtonSize(*button, contents, widget);
        break;
    case CT_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            const bool columns = header->orientation == Qt::Horizontal;
            return {stylepaint::headerWidth(*header), Theme::px(columns ? 26 : 20)};
        }
        break;
    case CT_TabBarTab:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            return stylepaint::tabSize(*tab);
        break;
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            return menuItemSize(
                *item, QProxyStyle::sizeFromContents(type, option, contents, widget), widget);
        break;
    case CT_ItemViewItem:
        // The list of a combo box or a completer has the rows of a menu.
        if (widget && widget->window()->windowType() == Qt::Popup) {
            return QProxyStyle::sizeFromContents(type, option, contents, widget)
                .expandedTo({0, Theme::px(26)});
        }
        break;
    case CT_MenuBarItem:
        return {contents.width() + 2 * Theme::px(8), std::max(Theme::px(26), contents.height())};
    case CT_ProgressBar:
        return {contents.width(), Theme::px(6)};
    default:
        break;
    }
    return QProxyStyle::sizeFromContents(type, option, contents, widget);
}

QRect Style::subElementRect(SubElement element,
                            const QStyleOption *option,
                            const QWidget *widget) const
{
    switch (element) {
    case SE_LineEditContents: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (!frame || frame->lineWidth == 0)
            break;
        return visualRect(option->direction,
                          option->rect,
                          option->rect.adjusted(Theme::px(6), 2, -Theme::px(6), -2));
    }
    case SE_PushButtonContents:
        return option->rect.adjusted(Theme::px(2), 0, -Theme::px(2), 0);
    case SE_ProgressBarGroove:
    case SE_ProgressBarContents:
        return option->rect;
    default:
        break;
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect Style::spinBoxPart(const QStyleOptionSpinBox &option, SubControl part) const
{
    const bool hasButtons = option.buttonSymbols != QAbstractSpinBox::NoButtons;
    const int width = hasButtons ? Theme::px(20) : 0;
    const QRect inner = option.frame ? option.rect.adjusted(2, 2, -2, -2) : option.rect;
    const int left = inner.right() - width + 1;
    const int half = inner.height() / 2;
    QRect rect;
    if (part == SC_SpinBoxUp)
        rect = QRect(left, inner.top(), width, half);
    else if (part == SC_SpinBoxDown)
        rect = QRect(left, inner.top() + half, width, inner.height() - half);
    else if (part == SC_SpinBoxEditField)
        rect = inner.adjusted(Theme::px(4), 0, -width - (hasButtons ? 0 : Theme::px(4)), 0);
    else
        rect = option.rect;
    return visualRect(option.direction, option.rect, rect);
}

QRect Style::scrollBarPart(const QStyleOptionSlider &option, SubControl part) const
{
    const bool upright = option.orientation == Qt::Vertical;
    const QRect groove = option.rect;
    const int length = upright ? groove.height() : groove.width();
    const qint64 range = static_cast<qint64>(option.maximum) - option.minimum;
    int thumb = length;
    if (range > 0) {
        const qint64 exact =
            static_cast<qint64>(length) * option.pageStep / (range + option.pageStep);
        thumb = std::clamp(static_cast<int>(exact), std::min(Theme::px(24), length), length);
    }
    const int start = sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - thumb, option.upsideDown);
    const auto span = [&](int from, int to) {
        return upright ? QRect(groove.x(), groove.y() + from, groove.width(), to - from)
                       : QRect(groove.x() + from, groove.y(), to - from, groove.height());
    };
    QRect rect;
    if (part == SC_ScrollBarSlider)
        rect = span(start, start + thumb);
    else if (part == SC_ScrollBarSubPage)
        rect = span(0, start);
    else if (part == SC_ScrollBarAddPage)
        rect = span(start + thumb, length);
    else if (part == SC_ScrollBarGroove)
        rect = groove;
    return visualRect(option.direction, groove, rect);
}

QRect Style::groupBoxPart(const QStyleOptionGroupBox &option, SubControl part) const
{
    const int title = Theme::px(24);
    const bool checkable = option.subControls & SC_GroupBoxCheckBox;
    const int side = Theme::px(15);
    const int indent = checkable ? side + Theme::px(8) : 0;
    QRect rect = option.rect;
    if (part == SC_GroupBoxCheckBox) {
        rect = QRect(rect.x(), rect.y() + (title - side) / 2, side, side);
    } else if (part == SC_GroupBoxLabel) {
        const int width = QFontMetrics(Theme::font(TextRole::BodyStrong))
                              .size(Qt::TextShowMnemonic, option.text)
                              .width();
        rect = QRect(rect.x() + indent, rect.y(), width + 1, title);
    } else if (part == SC_GroupBoxContents) {
        rect.setTop(rect.top() + (option.text.isEmpty() && !checkable ? 0 : Theme::px(28)));
    }
    return visualRect(option.direction, option.rect, rect);
}

QRect Style::subControlRect(ComplexControl control,
                            const QStyleOptionComplex *option,
                            SubControl part,
                            const QWidget *widget) const
{
    if (control == CC_ComboBox && (part == SC_ComboBoxArrow || part == SC_ComboBoxEditField)) {
        const int width = Theme::px(28);
        QRect rect = option->rect;
        if (part == SC_ComboBoxArrow)
            rect.setLeft(rect.right() - width + 1);
        else
            rect.adjust(Theme::px(6), 2, -width, -2);
        return visualRect(option->direction, option->rect, rect);
    }
    if (const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
        spin && control == CC_SpinBox)
        return spinBoxPart(*spin, part);
    if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        bar && control == CC_ScrollBar)
        return scrollBarPart(*bar, part);
    if (const auto *group = qstyleoption_cast<const QStyleOptionGroupBox *>(option);
        group && control == CC_GroupBox)
        return groupBoxPart(*group, part);
    if (control == CC_ToolButton && (option->subControls & SC_ToolButtonMenu)) {
        const int width = Theme::px(18);
        QRect rect = option->rect;
        if (part == SC_ToolButtonMenu)
            rect.setLeft(rect.right() - width + 1);
        else if (part == SC_ToolButton)
            rect.setRight(rect.right() - width);
        return visualRect(option->direction, option->rect, rect);
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

} // namespace gatehouse::ui
