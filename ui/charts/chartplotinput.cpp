#include "charts/chartplot.h"
#include "charts/charttooltip.h"
#include "theme/theme.h"

#include <QApplication>

#include <cmath>

namespace gatehouse::ui {

namespace {

constexpr double shortestDrag = 4; // pixels; less is a click
constexpr double zoomStep = 1.25;

} // namespace

qint64 ChartPlot::timeAt(double x) const
{
    return static_cast<qint64>(xAxis->pixelToCoord(x));
}

qsizetype ChartPlot::stepUnder(const QPointF &position) const
{
    const QRectF area = QRectF(axisRect()->rect());
    if (position.x() < area.left() || position.x() > area.right() || m_data.isEmpty())
        return -1;
    return m_data.stepAt(timeAt(position.x()));
}

void ChartPlot::zoomBy(double factor, double x)
{
    const double anchor = xAxis->pixelToCoord(x);
    const double from = anchor - (anchor - static_cast<double>(m_visible.from)) / factor;
    const double to = anchor + (static_cast<double>(m_visible.to) - anchor) / factor;
    setVisiblePeriod({static_cast<qint64>(from), static_cast<qint64>(to)});
}

void ChartPlot::activate(qsizetype step)
{
    if (canActivate(step))
        emit stepActivated(stepPeriod(step), -1);
}

// While the chart is zoomed a second click may follow, which shows all of it.
void ChartPlot::click(qsizetype step, qsizetype series)
{
    if (!canActivate(step))
        return;
    m_clicked = stepPeriod(step);
    m_clickedSeries = series;
    m_click.start(isZoomed() ? QApplication::doubleClickInterval() : 0);
}

void ChartPlot::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_data.isEmpty()) {
        event->ignore();
        return;
    }
    m_click.stop();
    m_dragFrom = event->position().x();
}

void ChartPlot::mouseMoveEvent(QMouseEvent *event)
{
    setCurrentStep(stepUnder(event->position()));
    if (!m_dragFrom)
        return;
    const double from = xAxis->pixelToCoord(*m_dragFrom);
    const double to = xAxis->pixelToCoord(event->position().x());
    const bool far = std::abs(event->position().x() - *m_dragFrom) >= shortestDrag;
    m_dragged->setVisible(far);
    m_dragged->topLeft->setCoords(std::min(from, to), yAxis->range().upper);
    m_dragged->bottomRight->setCoords(std::max(from, to), yAxis->range().lower);
    showCrosshair();
}

void ChartPlot::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_dragFrom) {
        event->ignore();
        return;
    }
    const double from = *std::exchange(m_dragFrom, std::nullopt);
    const double to = event->position().x();
    m_dragged->setVisible(false);
    const qsizetype step = stepUnder(event->position());
    if (std::abs(to - from) >= shortestDrag)
        setVisiblePeriod({timeAt(std::min(from, to)), timeAt(std::max(from, to))});
    else
        click(step, step < 0 ? -1 : m_canvas->barAt(step, event->position().y()));
    showCrosshair();
}

void ChartPlot::mouseDoubleClickEvent(QMouseEvent *)
{
    m_dragFrom.reset();
    m_click.stop();
    resetZoom();
}

void ChartPlot::wheelEvent(QWheelEvent *event)
{
    const int turns = event->angleDelta().y();
    // What the chart has no use for scrolls the page.
    if (turns == 0 || m_data.isEmpty() || (turns < 0 && !isZoomed())) {
        event->ignore();
        return;
    }
    zoomBy(std::pow(zoomStep, turns / 120.0), event->position().x());
    event->accept();
}

void ChartPlot::keyPressEvent(QKeyEvent *event)
{
    const qsizetype first = m_data.stepAt(m_visible.from);
    const qsizetype last = m_data.stepAt(m_visible.to - 1);
    const double middle = axisRect()->rect().center().x();
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrentStep(m_step < 0 ? last : std::max(first, m_step - 1));
        return;
    case Qt::Key_Right:
        setCurrentStep(m_step < 0 ? first : std::min(last, m_step + 1));
        return;
    case Qt::Key_Home:
        setCurrentStep(first);
        return;
    case Qt::Key_End:
        setCurrentStep(last);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(zoomStep, m_step < 0 ? middle : xAxis->coordToPixel(m_canvas->middle(m_step)));
        return;
    case Qt::Key_Minus:
        zoomBy(1 / zoomStep, middle);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activate(m_step);
        return;
    case Qt::Key_Escape:
        if (isZoomed()) {
            resetZoom();
            return;
        }
        if (m_step >= 0) {
            setCurrentStep(-1);
            return;
        }
        break;
    default:
        break;
    }
    QCustomPlot::keyPressEvent(event);
}

void ChartPlot::focusInEvent(QFocusEvent *event)
{
    QCustomPlot::focusInEvent(event);
    // The crosshair shows that the keys go here.
    const bool byKey =
        event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byKey && m_step < 0 && !m_data.isEmpty())
        setCurrentStep(m_data.stepAt(m_visible.to - 1));
}

void ChartPlot::focusOutEvent(QFocusEvent *event)
{
    QCustomPlot::focusOutEvent(event);
    setCurrentStep(-1);
}

void ChartPlot::leaveEvent(QEvent *event)
{
    QCustomPlot::leaveEvent(event);
    if (!hasFocus())
        setCurrentStep(-1);
}

void ChartPlot::resizeEvent(QResizeEvent *event)
{
    Q_UNUSED(event)
    // Not by way of the plot's own, which would draw once before the ranges fit and need a second time.
    setViewport(rect());
    setRanges();
    replot(rpQueuedRefresh);
    if (m_step >= 0)
        placeToolTip();
}

void ChartPlot::showEvent(QShowEvent *event)
{
    setBufferDevicePixelRatio(devicePixelRatioF());
    QCustomPlot::showEvent(event);
    layOut();
}

} // namespace gatehouse::ui
