#pragma once

#include <QColor>
#include <QRectF>

class QPainter;

namespace gatehouse::ui {

// Fills with lines that rise to the right, `spacing` apart on the horizontal; for "no data" and for an
// open breaker.
void paintHatch(
    QPainter *painter, const QRectF &rect, const QColor &color, double spacing, double width);

} // namespace gatehouse::ui
