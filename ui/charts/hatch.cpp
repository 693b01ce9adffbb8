#include "charts/hatch.h"

#include <QLineF>
#include <QList>
#include <QPainter>

#include <cmath>

namespace gatehouse::ui {

void paintHatch(
    QPainter *painter, const QRectF &rect, const QColor &color, double spacing, double width)
{
    if (rect.isEmpty() || spacing <= 0)
        return;
    // Lines keep their places when the rectangle moves by less than a spacing, so that neighbouring
    // stretches join without a seam.
    const double first =
        std::floor((rect.left() + rect.top()) / spacing) * spacing - rect.top() - rect.height();
    QList<QLineF> lines;
    for (double x = first; x < rect.right() + rect.height(); x += spacing)
        lines.append(QLineF(x, rect.bottom() + 1, x + rect.height() + 2, rect.top() - 1));

    painter->save();
    painter->setClipRect(rect, Qt::IntersectClip);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    painter->drawLines(lines);
    painter->restore();
}

} // namespace gatehouse::ui
