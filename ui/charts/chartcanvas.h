#pragma once

#include "charts/customplot.h"
#include "charts/timeseries.h"

namespace gatehouse::ui {

// Draws all of a TimeSeries into a plot: bars on whole pixels, lines, bands, limits, and the stretches
// for which there is nothing to know. The plot owns it; `data` is the plot's own and outlives it.
class ChartCanvas : public QCPAbstractPlottable
{
public:
    ChartCanvas(QCPAxis *time,
                QCPAxis *value,
                const TimeSeries &data,
                const QSet<qsizetype> &hidden);

    // The greatest value drawn between the steps; 0 if there is none.
    double greatest(qsizetype firstStep, qsizetype lastStep) const;
    // The least value above zero, for a logarithmic axis; 0 if there is none.
    double least(qsizetype firstStep, qsizetype lastStep) const;
    // The width that the names at the right of bands and totals need, in pixels.
    int labelWidth() const;
    // The series whose part of the stack of that step is drawn at that height, in pixels; -1: none is.
    qsizetype barAt(qsizetype step, double y) const;
    // Where a step stands on the axis: in its middle.
    double middle(qsizetype step) const;

    double selectTest(const QPointF &, bool, QVariant *) const override { return -1; }
    QCPRange getKeyRange(bool &found, QCP::SignDomain) const override;
    QCPRange getValueRange(bool &found, QCP::SignDomain, const QCPRange &) const override;

protected:
    QRect clipRect() const override;
    void draw(QCPPainter *painter) override;
    void drawLegendIcon(QCPPainter *, const QRectF &) const override {}

private:
    bool isShown(qsizetype series) const { return !m_hidden.contains(series); }
    void drawOff(QPainter *painter) const;
    void drawBars(QPainter *painter) const;
    // Calls `visit(series, top, bottom)` for each part of the stack of a step, from below, in pixels.
    template<typename Visit>
    void visitStack(qsizetype step, double scale, Visit visit) const;
    void drawBand(QPainter *painter, const ChartSeries &series) const;
    void drawLine(QPainter *painter, const QList<double> &values, const QPen &pen) const;
    void drawLimit(QPainter *painter) const;
    void drawLabels(QPainter *painter) const;
    QList<QPolygonF> stretches(const QList<double> &values) const;

    const TimeSeries &m_data;
    const QSet<qsizetype> &m_hidden;
};

} // namespace gatehouse::ui
