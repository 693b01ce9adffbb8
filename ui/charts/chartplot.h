#pragma once

#include "charts/chartcanvas.h"
#include "charts/charttickers.h"
#include "charts/charttooltip.h"

#include <QSet>
#include <QTimer>

namespace gatehouse::ui {

// The plot inside of a TimeSeriesChart: axes, crosshair, zoom.
class ChartPlot : public QCustomPlot
{
    Q_OBJECT

public:
    explicit ChartPlot(QWidget *parent);

    void setData(const TimeSeries &data);
    const TimeSeries &data() const { return m_data; }
    void setEmptyText(const QString &text);

    bool isSeriesShown(qsizetype series) const { return !m_hidden.contains(series); }
    void setSeriesShown(qsizetype series, bool shown);
    bool isLogarithmic() const { return m_logarithmic; }
    void setLogarithmic(bool logarithmic);

    ChartPeriod visiblePeriod() const { return m_visible; }
    // Clipped to the data, and not less than four steps.
    void setVisiblePeriod(const ChartPeriod &period);
    void resetZoom() { setVisiblePeriod(wholePeriod()); }

    qsizetype currentStep() const { return m_step; }
    void setCurrentStep(qsizetype step);
    ChartPeriod stepPeriod(qsizetype step) const;
    // What the crosshair says beside the values while it stands at that step.
    void setNotes(const ChartPeriod &period, const QList<ToolTipRow> &rows);
    const QList<ToolTipRow> &notes() const { return m_notes; }
    // Nothing is to be found in what is still to come.
    bool canActivate(qsizetype step) const;
    // Takes fonts and colours anew.
    void restyle();
    // Upon the ground of panes and tables instead of the window's.
    void setOnBase(bool onBase);

signals:
    // The crosshair has come to another step.
    void stepShown(const gatehouse::ui::ChartPeriod &period);
    void stepActivated(const gatehouse::ui::ChartPeriod &period, qsizetype series);
    void visiblePeriodChanged(const gatehouse::ui::ChartPeriod &period);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    ChartPeriod wholePeriod() const;
    bool isZoomed() const { return m_visible != wholePeriod(); }
    qsizetype stepUnder(const QPointF &position) const;
    qint64 timeAt(double x) const;
    void zoomBy(double factor, double x);
    void layOut();
    void setRanges();
    void fitValues();
    void showCrosshair();
    void placeToolTip();
    void activate(qsizetype step);
    void click(qsizetype step, qsizetype series);

    TimeSeries m_data{};
    QSet<qsizetype> m_hidden{};
    ChartPeriod m_visible{};
    bool m_logarithmic = false;
    bool m_isOnBase = false;
    bool m_hasBeenDrawn = false; // only then there are buffers to draw a layer alone
    bool m_isDrawDue = false;    // all of it, at the end of this turn
    qsizetype m_step = -1;
    std::optional<double> m_dragFrom{}; // where the button was pressed, in pixels
    ChartPeriod m_shown{};              // of the step of which stepShown() told
    ChartPeriod m_noted{};
    QList<ToolTipRow> m_notes{}; // of m_noted
    QTimer m_click{};            // until a click is known not to be the first of two
    ChartPeriod m_clicked{};
    qsizetype m_clickedSeries = -1;

    QSharedPointer<TimeTicker> m_timeTicker;
    QSharedPointer<ValueTicker> m_valueTicker;
    ChartCanvas *const m_canvas; // owned by the plot, as all of its parts
    QCPItemStraightLine *const m_crosshair;
    QCPItemRect *const m_dragged;
    QCPItemText *const m_empty;
    ChartToolTip *const m_toolTip;
};

} // namespace gatehouse::ui
