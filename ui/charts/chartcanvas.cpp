#include "charts/chartcanvas.h"

#include "charts/hatch.h"
#include "theme/theme.h"

#include <QCoreApplication>

#include <cmath>

namespace gatehouse::ui {

namespace {

class CanvasText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::CanvasText)

public:
    static QString off() { return tr("off", "the gateway did not run"); }
};

double key(qint64 time)
{
    return static_cast<double>(time);
}

double known(const QList<double> &values, qsizetype step)
{
    const double value = values.value(step, std::nan(""));
    return std::isnan(value) ? 0 : value;
}

bool isTotal(const ChartSeries &series)
{
    return series.kind == SeriesKind::Total || series.kind == SeriesKind::Forecast;
}

QPen penOf(const ChartSeries &series)
{
    QPen pen = seriesPen(series.slot, Theme::exact(1.5));
    if (series.kind == SeriesKind::Forecast)
        pen.setDashPattern({1, 2.5});
    return pen;
}

// A coordinate on the border of a pixel of the device.
double snapped(double coordinate, double scale)
{
    return std::round(coordinate * scale) / scale;
}

} // namespace

ChartCanvas::ChartCanvas(QCPAxis *time,
                         QCPAxis *value,
                         const TimeSeries &data,
                         const QSet<qsizetype> &hidden)
    : QCPAbstractPlottable(time, value)
    , m_data(data)
    , m_hidden(hidden)
{}

double ChartCanvas::middle(qsizetype step) const
{
    return (key(m_data.starts.at(step)) + key(m_data.endOf(step))) / 2;
}

double ChartCanvas::greatest(qsizetype firstStep, qsizetype lastStep) const
{
    double result = 0;
    for (qsizetype step = firstStep; step <= lastStep; ++step) {
        double stack = 0;
        for (qsizetype i = 0; i < m_data.series.size(); ++i) {
            const ChartSeries &series = m_data.series.at(i);
            if (!isShown(i))
                continue;
            if (series.kind == SeriesKind::Bar)
                stack += known(series.values, step);
            else
                result = std::max({result, known(series.values, step), known(series.upper, step)});
        }
        result = std::max(result, stack);
    }
    return result;
}

double ChartCanvas::least(qsizetype firstStep, qsizetype lastStep) const
{
    double result = 0;
    for (qsizetype i = 0; i < m_data.series.size(); ++i) {
        if (!isShown(i))
            continue;
        for (qsizetype step = firstStep; step <= lastStep; ++step) {
            const double value = known(m_data.series.at(i).values, step);
            if (value > 0 && (result == 0 || value < result))
                result = value;
        }
    }
    return result;
}

int ChartCanvas::labelWidth() const
{
    const QFontMetrics metrics(Theme::font(TextRole::Caption));
    int width = 0;
    for (const ChartSeries &series : m_data.series) {
        if (series.kind == SeriesKind::Band) {
            width = std::max({width,
                              metrics.horizontalAdvance(series.name),
                              metrics.horizontalAdvance(series.upperName)});
        }
        if (isTotal(series))
            width = std::max(
                width, metrics.horizontalAdvance(m_data.text(TimeSeries::lastOf(series.values))));
    }
    return width > 0 ? width + Theme::px(6) : 0;
}

QCPRange ChartCanvas::getKeyRange(bool &found, QCP::SignDomain) const
{
    found = !m_data.starts.isEmpty();
    return found ? QCPRange(key(m_data.starts.first()), key(m_data.end)) : QCPRange();
}

QCPRange ChartCanvas::getValueRange(bool &found, QCP::SignDomain, const QCPRange &) const
{
    found = !m_data.isEmpty();
    return {0, found ? greatest(0, m_data.starts.size() - 1) : 1};
}

QRect ChartCanvas::clipRect() const
{
    return mParentPlot->viewport();
}

void ChartCanvas::draw(QCPPainter *painter)
{
    if (m_data.starts.isEmpty())
        return;
    const QRect area = mKeyAxis->axisRect()->rect();
    painter->save();
    // Lines alone: bars stand on the borders of pixels, where it only takes time. It also takes back the
    // half of a pixel by which the plot moves what it smooths.
    painter->setAntialiasing(false);
    painter->setClipRect(area.adjusted(0, -1, 1, 1));
    drawOff(painter);
    drawBars(painter);
    painter->setRenderHint(QPainter::Antialiasing);
    for (qsizetype i = 0; i < m_data.series.size(); ++i) {
        const ChartSeries &series = m_data.series.at(i);
        if (!isShown(i))
            continue;
        if (series.kind == SeriesKind::Band)
            drawBand(painter, series);
        else if (series.kind != SeriesKind::Bar)
            drawLine(painter, series.values, penOf(series));
    }
    drawLimit(painter);
    painter->restore();
    drawLabels(painter);
}

void ChartCanvas::drawOff(QPainter *painter) const
{
    const Palette &palette = Theme::current();
    const QRect area = mKeyAxis->axisRect()->rect();
    for (const ChartPeriod &period : m_data.off) {
        const double left = mKeyAxis->coordToPixel(key(period.from));
        const double right = mKeyAxis->coordToPixel(key(period.to));
        const QRectF rect = QRectF(QPointF(left, area.top()), QPointF(right, area.bottom() + 1))
                                .intersected(QRectF(area));
        if (rect.isEmpty())
            continue;
        painter->fillRect(rect, palette.window);
        paintHatch(painter, rect, palette.edge, Theme::exact(7), 1);
        const QFont font = Theme::font(TextRole::Caption);
        const QFontMetrics metrics(font);
        const QString word = CanvasText::off();
        if (rect.width() < metrics.horizontalAdvance(word) + Theme::px(8))
            continue;
        QRectF label(0, 0, metrics.horizontalAdvance(word) + Theme::px(4), metrics.height());
        label.moveTopLeft({rect.center().x() - label.width() / 2, rect.top() + 2});
        painter->fillRect(label, palette.window);
        painter->setFont(font);
        painter->setPen(palette.secondary);
        painter->drawText(label, Qt::AlignCenter, word);
    }
}

template<typename Visit>
void ChartCanvas::visitStack(qsizetype step, double scale, Visit visit) const
{
    double sum = 0;
    double bottom = snapped(mValueAxis->coordToPixel(mValueAxis->range().lower), scale);
    for (qsizetype i = 0; i < m_data.series.size(); ++i) {
        const ChartSeries &series = m_data.series.at(i);
        const double value = known(series.values, step);
        if (series.kind != SeriesKind::Bar || !isShown(i) || value <= 0)
            continue;
        sum += value;
        // What happened at all takes a pixel at the least.
        const double top =
            std::min(snapped(mValueAxis->coordToPixel(sum), scale), bottom - 1 / scale);
        visit(i, top, bottom);
        bottom = top;
    }
}

qsizetype ChartCanvas::barAt(qsizetype step, double y) const
{
    qsizetype found = -1;
    visitStack(step,
               parentPlot()->devicePixelRatioF(),
               [&found, y](qsizetype series, double top, double bottom) {
                   if (top <= y && y < bottom)
                       found = series;
               });
    return found;
}

void ChartCanvas::drawBars(QPainter *painter) const
{
    const double scale = painter->device()->devicePixelRatioF();
    const QRect area = mKeyAxis->axisRect()->rect();
    QList<QColor> colors;
    bool first = true;
    for (const ChartSeries &series : m_data.series) {
        QColor color = Theme::current().slot(series.slot);
        if (series.kind == SeriesKind::Bar && std::exchange(first, false))
            color.setAlphaF(0.78F);
        colors.append(color);
    }
    for (qsizetype step = 0; step < m_data.starts.size(); ++step) {
        const double left = snapped(mKeyAxis->coordToPixel(key(m_data.starts.at(step))), scale);
        const double end = snapped(mKeyAxis->coordToPixel(key(m_data.endOf(step))), scale);
        if (end < area.left() || left > area.right() + 1)
            continue;
        const double width = end - left >= 3 ? end - left - 1 : std::max(end - left, 1 / scale);
        visitStack(step, scale, [&](qsizetype series, double top, double bottom) {
            painter->fillRect(QRectF(left, top, width, bottom - top), colors.at(series));
        });
    }
}

QList<QPolygonF> ChartCanvas::stretches(const QList<double> &values) const
{
    QList<QPolygonF> result{QPolygonF()};
    const double floor = mValueAxis->range().lower;
    for (qsizetype step = 0; step < m_data.starts.size(); ++step) {
        const double value = values.value(step, std::nan(""));
        if (std::isnan(value)) {
            if (!result.last().isEmpty())
                result.append(QPolygonF());
            continue;
        }
        result.last().append(QPointF(mKeyAxis->coordToPixel(middle(step)),
                                     mValueAxis->coordToPixel(std::max(value, floor))));
    }
    if (result.last().isEmpty())
        result.removeLast();
    return result;
}

void ChartCanvas::drawLine(QPainter *painter, const QList<double> &values, const QPen &pen) const
{
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    for (const QPolygonF &part : stretches(values)) {
        if (part.size() > 1) {
            painter->drawPolyline(part);
            continue;
        }
        // A lonely value is a dot, which a line would not show, and large enough to be seen.
        const double radius = std::max(pen.widthF(), Theme::exact(2.5));
        painter->setPen(Qt::NoPen);
        painter->setBrush(pen.color());
        painter->drawEllipse(part.first(), radius, radius);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(pen);
    }
}

void ChartCanvas::drawBand(QPainter *painter, const ChartSeries &series) const
{
    const QColor color = Theme::current().slot(series.slot);
    QColor fill = color;
    fill.setAlphaF(0.1F);
    const QList<QPolygonF> lower = stretches(series.values);
    const QList<QPolygonF> upper = stretches(series.upper);
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    for (qsizetype i = 0; i < std::min(lower.size(), upper.size()); ++i) {
        QPolygonF area = lower.at(i);
        for (auto point = upper.at(i).crbegin(); point != upper.at(i).crend(); ++point)
            area.append(*point);
        painter->drawPolygon(area);
    }
    QPen dashed(color, 1);
    dashed.setDashPattern({3, 2});
    drawLine(painter, series.upper, dashed);
    drawLine(painter, series.values, QPen(color, Theme::exact(1.6)));
}

void ChartCanvas::drawLimit(QPainter *painter) const
{
    if (!m_data.limit || *m_data.limit > mValueAxis->range().upper)
        return;
    const Palette &palette = Theme::current();
    const QRect area = mKeyAxis->axisRect()->rect();
    const double y = std::floor(mValueAxis->coordToPixel(*m_data.limit)) + 0.5;
    QPen pen(palette.caution.mark, 1);
    pen.setDashPattern({5, 4});
    painter->setPen(pen);
    painter->drawLine(QPointF(area.left(), y), QPointF(area.right() + 1, y));
    painter->setPen(palette.caution.text);
    painter->setFont(Theme::font(TextRole::Caption));
    painter->drawText(QRectF(area.left() + 4, y - Theme::px(17), area.width() - 8, Theme::px(16)),
                      Qt::AlignLeft | Qt::AlignBottom,
                      m_data.limitName);
}

void ChartCanvas::drawLabels(QPainter *painter) const
{
    const QRect area = mKeyAxis->axisRect()->rect();
    const qint64 last = m_data.starts.last();
    if (!mKeyAxis->range().contains(key(last)))
        return;
    painter->setFont(Theme::font(TextRole::Caption));
    painter->setPen(Theme::current().secondary);
    double former = std::nan(""); // where the label before stands
    const auto label = [&](double value, const QString &text) {
        if (std::isnan(value))
            return;
        QRectF rect(area.right() + Theme::px(5), 0, labelWidth(), Theme::px(16));
        rect.moveTop(mValueAxis->coordToPixel(value) - rect.height() / 2);
        // A total and its forecast may be all but the same, and then one number says it.
        if (std::abs(rect.top() - former) < rect.height())
            return;
        former = rect.top();
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, text);
    };
    for (qsizetype i = 0; i < m_data.series.size(); ++i) {
        const ChartSeries &series = m_data.series.at(i);
        if (!isShown(i) || series.values.isEmpty())
            continue;
        if (isTotal(series)) {
            const double value = TimeSeries::lastOf(series.values);
            label(value, m_data.text(value));
        }
        if (series.kind == SeriesKind::Band) {
            label(series.values.last(), series.name);
            label(series.upper.value(m_data.starts.size() - 1, std::nan("")), series.upperName);
        }
    }
}

} // namespace gatehouse::ui
