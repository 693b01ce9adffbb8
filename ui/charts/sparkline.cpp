#include "charts/sparkline.h"

#include "theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace gatehouse::ui {

namespace {

constexpr double dotRadius = 1.8;
constexpr double lineWidth = 1.4;

struct Range
{
    double low = 0;
    double high = 0;
    bool known = false;
};

Range rangeOf(const Sparkline &line)
{
    Range range;
    for (const double value : line.values) {
        if (std::isnan(value))
            continue;
        range.low = range.known ? std::min(range.low, value) : value;
        range.high = range.known ? std::max(range.high, value) : value;
        range.known = true;
    }
    if (line.fromZero)
        range.low = std::min(range.low, 0.0);
    return range;
}

// The stretches of the line between what was not measured.
QList<QPolygonF> stretches(const Sparkline &line, const QRectF &rect, const Range &range)
{
    const double step =
        rect.width() / static_cast<double>(std::max<qsizetype>(line.values.size() - 1, 1));
    const double span = range.high - range.low;
    QList<QPolygonF> result{QPolygonF()};
    for (qsizetype i = 0; i < line.values.size(); ++i) {
        const double value = line.values.at(i);
        if (std::isnan(value)) {
            if (!result.last().isEmpty())
                result.append(QPolygonF());
            continue;
        }
        // What never changes lies on the ground, or in the middle if the ground has no meaning.
        const double share = span > 0 ? (value - range.low) / span : line.fromZero ? 0 : 0.5;
        result.last().append(QPointF(rect.left() + step * static_cast<double>(i),
                                     rect.bottom() - share * rect.height()));
    }
    if (result.last().isEmpty())
        result.removeLast();
    return result;
}

void fillUnder(QPainter *painter, const QPolygonF &stretch, double bottom, QColor color)
{
    QPolygonF area = stretch;
    area.append(QPointF(stretch.last().x(), bottom));
    area.append(QPointF(stretch.first().x(), bottom));
    color.setAlphaF(0.1F);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPolygon(area);
}

} // namespace

void paintSparkline(QPainter *painter, const QRectF &rect, const Sparkline &line)
{
    const Range range = rangeOf(line);
    if (!range.known)
        return;
    const double dot = Theme::exact(dotRadius);
    const QRectF inner = rect.adjusted(1, dot, -dot, -dot);
    const QColor color = Theme::current().slot(line.slot);
    const QList<QPolygonF> parts = stretches(line, inner, range);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    for (const QPolygonF &part : parts) {
        if (line.filled && part.size() > 1)
            fillUnder(painter, part, rect.bottom(), color);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(
            QPen(color, Theme::exact(lineWidth), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPolyline(part);
    }
    if (!parts.isEmpty() && !std::isnan(line.values.last())) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawEllipse(parts.last().last(), dot, dot);
    }
    painter->restore();
}

SparklineWidget::SparklineWidget(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SparklineWidget::setLine(const Sparkline &line)
{
    if (line == m_line)
        return;
    m_line = line;
    update();
}

QSize SparklineWidget::sizeHint() const
{
    return {Theme::px(44), Theme::px(18)};
}

void SparklineWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintSparkline(&painter, rect(), m_line);
}

SparklineDelegate::SparklineDelegate(int role, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_role(role)
{}

void SparklineDelegate::paint(QPainter *painter,
                              const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    QRectF rect(0, 0, option.rect.width() - 2 * Theme::px(8), Theme::px(18));
    rect.moveCenter(QRectF(option.rect).center());
    paintSparkline(painter, rect, index.data(m_role).value<Sparkline>());
}

QSize SparklineDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {Theme::px(60) + 2 * Theme::px(8), Theme::px(28)};
}

} // namespace gatehouse::ui
