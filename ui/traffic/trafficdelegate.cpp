#include "traffic/trafficdelegate.h"

#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "traffic/trafficmodel.h"
#include "widgets/table/celltext.h"
#include "widgets/table/tableview.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

bool isGroup(const QModelIndex &index)
{
    return index.data(TrafficModel::kindRole).toInt()
           == static_cast<int>(TrafficModel::Kind::Group);
}

bool hasSum(const QAbstractItemModel &model, int row, int column)
{
    const int status = 0;
    return column != status
           && !model.index(row, column).data(role::cell).value<Cell>().text.isEmpty();
}

// From the left edge to the first column with a sum, in the coordinates of the viewport.
QRect titleRect(const QTableView &view, const QStyleOptionViewItem &option, int row)
{
    const QHeaderView *header = view.horizontalHeader();
    int right = header->length();
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        if (header->isSectionHidden(column) || !hasSum(*view.model(), row, column))
            continue;
        right = header->sectionPosition(column);
        break;
    }
    return {-header->offset(), option.rect.top(), right, option.rect.height()};
}

bool isFirstColumn(const QTableView &view, int column)
{
    const QHeaderView *header = view.horizontalHeader();
    for (int visual = 0; visual < header->count(); ++visual) {
        if (!header->isSectionHidden(header->logicalIndex(visual)))
            return header->logicalIndex(visual) == column;
    }
    return false;
}

} // namespace

void TrafficDelegate::paint(QPainter *painter,
                            const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const auto *view = qobject_cast<const QTableView *>(option.widget);
    if (view && isGroup(index))
        return paintGroup(painter, option, index);
    const bool within = index.data(TrafficModel::depthRole).toInt() > 0;
    if (!view || !within || !isFirstColumn(*view, index.column()))
        return TableDelegate::paint(painter, option, index);
    paintGround(painter, option, index.row());
    QStyleOptionViewItem inner(option);
    inner.rect.setLeft(option.rect.left() + Theme::px(18));
    TableDelegate::paint(painter, inner, index);
}

void TrafficDelegate::paintGroup(QPainter *painter,
                                 const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    const auto *view = qobject_cast<const QTableView *>(option.widget);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const auto *table = qobject_cast<const TableView *>(view);
    if (!selected && (!table || table->hoveredRow() != index.row()))
        painter->fillRect(option.rect, Theme::current().alternate);
    else
        paintGround(painter, option, index.row());
    const QRect title = titleRect(*view, option, index.row());
    if (option.rect.left() >= title.right())
        return paintSum(painter, option, index);
    painter->save();
    painter->setClipRect(option.rect, Qt::IntersectClip);
    const int padding = Theme::px(6);
    const int side = Theme::px(12);
    const QRect chevron(
        title.left() + padding, title.top() + (title.height() - side) / 2, side, side);
    const bool open = index.data(TrafficModel::openRole).toBool();
    paintIcon(painter,
              chevron,
              open ? u"chevron-down"_s : u"chevron-right"_s,
              Theme::current().secondary);
    const auto cell = index.data(TrafficModel::titleRole).value<Cell>();
    QRect room = title.adjusted(2 * padding + side, 0, -padding, 0);
    const QFont strong = Theme::font(TextRole::SmallStrong);
    const QFontMetrics metrics(strong);
    const int most = qMax(room.width() / 2, room.width() - Theme::px(300));
    const QString name = metrics.elidedText(cell.text, Qt::ElideMiddle, most);
    painter->setFont(strong);
    painter->setPen(Theme::current().text);
    painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, name);
    room.setLeft(room.left() + metrics.horizontalAdvance(name) + Theme::px(10));
    painter->setFont(option.font);
    painter->setPen(Theme::current().secondary);
    painter->drawText(
        room,
        Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        QFontMetrics(option.font).elidedText(cell.suffix, Qt::ElideRight, room.width()));
    painter->restore();
}

void TrafficDelegate::paintSum(QPainter *painter,
                               const QStyleOptionViewItem &option,
                               const QModelIndex &index) const
{
    const auto cell = index.data(role::cell).value<Cell>();
    const QRect room = contentRect(option);
    const auto alignment = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
    painter->save();
    painter->setPen(Theme::current().text);
    CellText::paint(
        painter, room, alignment | Qt::AlignVCenter, option.font, cell.text, Qt::ElideRight);
    painter->restore();
}

bool TrafficDelegate::helpEvent(QHelpEvent *event,
                                QAbstractItemView *view,
                                const QStyleOptionViewItem &option,
                                const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !isGroup(index))
        return TableDelegate::helpEvent(event, view, option, index);
    const auto title = index.data(TrafficModel::titleRole).value<Cell>();
    const QString text = title.text + u'\n' + title.toolTip;
    QToolTip::showText(event->globalPos(), plainTip(text), view, option.rect);
    return true;
}

} // namespace gatehouse::ui
