#include "widgets/table/tabledelegate.h"

#include "theme/icons.h"
#include "theme/lettertile.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/statuschip.h"
#include "widgets/table/celltext.h"
#include "widgets/table/tablemodelbase.h"
#include "widgets/table/tableview.h"

#include <QApplication>
#include <QComboBox>
#include <QHelpEvent>
#include <QLineEdit>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int glyphSize = 14;
constexpr int tileSize = 16;
constexpr int boxSize = 15;
// Of what is cut.
constexpr int leastTag = 32;
constexpr int leastSuffix = 32;

bool hasFocusWithin(const QWidget *view)
{
    const QWidget *focused = QApplication::focusWidget();
    return focused && view && (view == focused || view->isAncestorOf(focused));
}

QFont strengthened(const QFont &font)
{
    // Kept, since a font that is made anew looks for its glyphs anew.
    static auto &kept = *new std::pair<QFont, QFont>;
    if (kept.first != font || kept.second.weight() != QFont::DemiBold) {
        kept = {font, font};
        kept.second.setWeight(QFont::DemiBold);
    }
    return kept.second;
}

QFont fontOf(const Cell &cell, const QFont &base)
{
    if (cell.fixed)
        return Theme::font(cell.strong ? TextRole::FixedStrong : TextRole::Fixed);
    return cell.strong ? strengthened(base) : base;
}

QColor colorOf(const Cell &cell, const QModelIndex &index)
{
    if (cell.tone && !cell.plain && !index.data(role::dimmed).toBool())
        return Theme::current().tone(*cell.tone).text;
    return TableDelegate::textColor(index, cell.secondary);
}

// The square of `side` at the left of what is left of `room`.
QRect takeSquare(QRect &room, int side, int gap)
{
    const QRect square(room.left(), room.top() + (room.height() - side) / 2, side, side);
    room.setLeft(square.right() + 1 + gap);
    return square;
}

void paintCheckBox(QPainter *painter,
                   const QStyleOptionViewItem &option,
                   const Cell &cell,
                   const QRect &square)
{
    QStyleOptionViewItem box(option);
    box.rect = square;
    box.state &=
        ~(QStyle::State_On | QStyle::State_Off | QStyle::State_NoChange | QStyle::State_HasFocus);
    box.state |= cell.partly     ? QStyle::State_NoChange
                 : *cell.checked ? QStyle::State_On
                                 : QStyle::State_Off;
    option.widget->style()->drawPrimitive(
        QStyle::PE_IndicatorItemViewItemCheck, &box, painter, option.widget);
}

// Paints what stands before the text and takes its room away.
void paintMarks(QPainter *painter,
                const QStyleOptionViewItem &option,
                const QModelIndex &index,
                const Cell &cell,
                QRect &room)
{
    const int gap = Theme::px(6);
    if (cell.checked)
        paintCheckBox(painter, option, cell, takeSquare(room, Theme::px(boxSize), gap));
    if (cell.glyph) {
        const Tone tone =
            index.data(role::dimmed).toBool() ? Tone::Neutral : cell.tone.value_or(Tone::Neutral);
        paintGlyph(painter,
                   takeSquare(room, Theme::px(glyphSize), gap),
                   *cell.glyph,
                   Theme::current().tone(tone).mark);
    }
    if (!cell.tile.isEmpty())
        paintLetterTile(
            painter, takeSquare(room, Theme::px(tileSize), gap + Theme::px(1)), cell.tile);
    if (!cell.icon.isEmpty()) {
        paintIcon(painter,
                  takeSquare(room, Theme::px(controlIcon), gap),
                  cell.icon,
                  TableDelegate::textColor(index, true));
    }
}

// As much of its text as may be shown in so many pixels.
QString textWithin(const Cell &cell, const QFont &font, int room)
{
    if (cell.brief.isEmpty() || CellText::width(font, cell.text) <= room)
        return cell.text;
    return CellText::width(font, cell.brief) <= room ? cell.brief : u"…"_s;
}

void paintTexts(QPainter *painter,
                const QModelIndex &index,
                const Cell &cell,
                const QFont &base,
                const QRect &room)
{
    const QFont font = fontOf(cell, base);
    const Qt::Alignment alignment(index.data(Qt::TextAlignmentRole).value<Qt::Alignment>()
                                  | Qt::AlignVCenter);
    const int gap = cell.suffix.isEmpty() ? 0 : Theme::px(8);
    const int suffixWidth = CellText::width(base, cell.suffix);
    // The text gives way to a short suffix; of a long one it leaves the beginning.
    const int half = room.width() / 2;
    const bool isShort = suffixWidth + gap <= half;
    const int kept = isShort ? suffixWidth + gap : qMin(Theme::px(leastSuffix) + gap, half);
    const QString text = textWithin(cell, font, room.width() - kept);
    const int textWidth = qMin(CellText::width(font, text), room.width() - kept);
    QRect textRect = room;
    QRect suffixRect = room;
    if (alignment & Qt::AlignRight) {
        textRect.setRight(room.right() - qMin(suffixWidth + gap, room.width() - textWidth));
        suffixRect.setLeft(textRect.right() + 1 + gap);
    } else {
        if (suffixWidth > 0)
            textRect.setWidth(textWidth);
        suffixRect.setLeft(room.left() + textWidth + gap);
    }
    painter->setPen(colorOf(cell, index));
    CellText::paint(painter, textRect, alignment, font, text, cell.elide);
    if (suffixWidth == 0 || suffixRect.width() <= 0)
        return;
    painter->setPen(TableDelegate::textColor(index, true));
    CellText::paint(painter, suffixRect, alignment, base, cell.suffix, Qt::ElideRight);
}

void paintTags(QPainter *painter, const Cell &cell, QRect room, const QModelIndex &index)
{
    constexpr double pale = 0.5;
    const QStringList &tags = cell.tags;
    for (qsizetype i = 0; i < tags.size(); ++i) {
        const qsizetype left = tags.size() - i;
        const QString rest = u"+%1"_s.arg(left);
        const int rested = QFontMetrics(Theme::font(TextRole::Caption)).horizontalAdvance(rest);
        const int reserve = left > 1 ? qMax(Theme::px(24), rested + Theme::px(4)) : 0;
        if (tagWidth(tags.at(i)) + reserve > room.width()) {
            // The first one says something even when it is cut; a bare number would not.
            if (i == 0 && room.width() - reserve >= Theme::px(leastTag)) {
                QRect cut = room;
                cut.setWidth(room.width() - reserve);
                if (left <= cell.paleTags)
                    painter->setOpacity(pale);
                room.setLeft(room.left() + paintTag(painter, cut, tags.at(i), std::nullopt)
                             + Theme::px(4));
                continue;
            }
            painter->setOpacity(1);
            painter->setPen(TableDelegate::textColor(index, true));
            painter->setFont(Theme::font(TextRole::Caption));
            painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, rest);
            return;
        }
        if (left <= cell.paleTags)
            painter->setOpacity(pale);
        room.setLeft(room.left() + paintTag(painter, room, tags.at(i), std::nullopt)
                     + Theme::px(4));
    }
}

int widthOf(const Cell &cell, const QFont &base)
{
    const int gap = Theme::px(6);
    int width = CellText::width(fontOf(cell, base), cell.text);
    if (!cell.suffix.isEmpty())
        width += CellText::width(base, cell.suffix) + Theme::px(8);
    width += cell.checked ? Theme::px(boxSize) + gap : 0;
    width += cell.glyph ? Theme::px(glyphSize) + gap : 0;
    width += cell.tile.isEmpty() ? 0 : Theme::px(tileSize) + gap;
    width += cell.icon.isEmpty() ? 0 : Theme::px(controlIcon) + gap;
    for (const QString &tag : cell.tags)
        width += tagWidth(tag) + Theme::px(4);
    return width;
}

} // namespace

void TableDelegate::paint(QPainter *painter,
                          const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    painter->save();
    painter->setClipRect(option.rect, Qt::IntersectClip);
    paintGround(painter, option, index.row());
    const auto cell = index.data(role::cell).value<Cell>();
    QRect room = contentRect(option);
    paintMarks(painter, option, index, cell, room);
    if (!cell.text.isEmpty() || !cell.suffix.isEmpty())
        paintTexts(painter, index, cell, option.font, room);
    if (!cell.tags.isEmpty()) {
        if (!cell.text.isEmpty())
            room.setLeft(room.left() + widthOf({.text = cell.text}, option.font) + Theme::px(6));
        paintTags(painter, cell, room, index);
    }
    painter->restore();
}

QSize TableDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int padding = 2 * (contentRect(option).left() - option.rect.left());
    const int width = widthOf(index.data(role::cell).value<Cell>(), option.font) + padding + 1;
    return {width, QFontMetrics(option.font).height() + Theme::px(8)};
}

bool TableDelegate::editorEvent(QEvent *event,
                                QAbstractItemModel *model,
                                const QStyleOptionViewItem &option,
                                const QModelIndex &index)
{
    Q_UNUSED(model)
    if (!index.flags().testFlag(Qt::ItemIsUserCheckable))
        return false;
    const bool press =
        event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonDblClick;
    if (!press && event->type() != QEvent::MouseButtonRelease)
        return false;
    const auto *mouse = static_cast<QMouseEvent *>(event);
    const QRect content = contentRect(option);
    const QRect target(
        content.left() - Theme::px(5), option.rect.top(), Theme::px(25), option.rect.height());
    if (mouse->button() != Qt::LeftButton || !target.contains(mouse->pos()))
        return false;
    if (press)
        return true;
    const auto cell = index.data(role::cell).value<Cell>();
    auto *view = qobject_cast<TableView *>(const_cast<QWidget *>(option.widget));
    if (view && cell.checked)
        view->commitCell(index, !*cell.checked);
    return true;
}

bool TableDelegate::helpEvent(QHelpEvent *event,
                              QAbstractItemView *view,
                              const QStyleOptionViewItem &option,
                              const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const auto cell = index.data(role::cell).value<Cell>();
    QString text = cell.toolTip;
    if (text.isEmpty() && sizeHint(option, index).width() > option.rect.width())
        text = cell.accessibleText();
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPos(), plainTip(text), view, option.rect);
    return true;
}

QWidget *TableDelegate::createEditor(QWidget *parent,
                                     const QStyleOptionViewItem &option,
                                     const QModelIndex &index) const
{
    auto *editor = new QLineEdit(parent);
    editor->setFont(option.font);
    editor->setAlignment(index.data(Qt::TextAlignmentRole).value<Qt::Alignment>()
                         | Qt::AlignVCenter);
    editor->setAccessibleName(
        index.model()
            ->headerData(index.column(), Qt::Horizontal, Qt::AccessibleTextRole)
            .toString());
    return editor;
}

void TableDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const QVariant value = index.data(Qt::EditRole);
    if (auto *combo = qobject_cast<QComboBox *>(editor)) {
        const int found = combo->findData(value);
        combo->setCurrentIndex(found >= 0 ? found : combo->findText(value.toString()));
    } else if (auto *line = qobject_cast<QLineEdit *>(editor)) {
        if (line->isModified())
            return;
        const bool real = value.typeId() == QMetaType::Double;
        line->setText(
            real ? QLocale().toString(value.toDouble(), 'g', QLocale::FloatingPointShortest)
                 : value.toString());
        line->selectAll();
    } else {
        QStyledItemDelegate::setEditorData(editor, index);
    }
}

void TableDelegate::updateEditorGeometry(QWidget *editor,
                                         const QStyleOptionViewItem &option,
                                         const QModelIndex &index) const
{
    Q_UNUSED(index)
    const int least = Theme::px(48);
    QRect rect = option.rect.adjusted(0, 1, 0, -1);
    if (rect.width() < least)
        rect.setWidth(least);
    editor->setGeometry(rect);
}

QVariant TableDelegate::editedValue(const QWidget *editor) const
{
    if (const auto *combo = qobject_cast<const QComboBox *>(editor)) {
        const QVariant value = combo->currentData();
        return value.isValid() ? value : QVariant(combo->currentText());
    }
    return editor->property(editor->metaObject()->userProperty().name());
}

void TableDelegate::paintGround(QPainter *painter, const QStyleOptionViewItem &option, int row)
{
    const Palette &palette = Theme::current();
    const auto *view = qobject_cast<const TableView *>(option.widget);
    if (option.state.testFlag(QStyle::State_Selected)) {
        const bool active = !view || (hasFocusWithin(view) && view->isActiveWindow());
        painter->fillRect(option.rect, active ? palette.selected : palette.selectedInactive);
    } else if (view && view->hoveredRow() == row) {
        painter->fillRect(option.rect, palette.hovered);
    }
}

QRect TableDelegate::contentRect(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const TableView *>(option.widget);
    const bool log = view && view->density() == Density::Log;
    const int padding = Theme::px(log ? 6 : 8);
    return option.rect.adjusted(padding, 0, -padding, 0);
}

QColor TableDelegate::textColor(const QModelIndex &index, bool secondary)
{
    const Palette &palette = Theme::current();
    return secondary || index.data(role::dimmed).toBool() ? palette.secondary : palette.text;
}

} // namespace gatehouse::ui
