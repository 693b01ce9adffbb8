#pragma once

#include "charts/charttooltip.h"
#include "charts/timeseries.h"

#include <QWidget>

class QStackedLayout;
class QTableView;

namespace gatehouse::ui {

class ChartPlot;
class TimeSeriesModel;

// Numbers over time. Dragging selects a span to look at, a double click or Escape shows all again,
// the wheel and + and - zoom, the arrow keys move the crosshair, a click, Enter and the context menu
// report its step; so do the rows of the table.
class TimeSeriesChart : public QWidget
{
    Q_OBJECT

public:
    explicit TimeSeriesChart(QWidget *parent = nullptr);

    void setData(const TimeSeries &data);
    // What is shown: no more than 2,000 steps.
    const TimeSeries &data() const;
    // Stands in a pane, whose ground is that of tables.
    void setOnBase(bool onBase);
    // Shown in the middle while there is nothing to draw.
    void setEmptyText(const QString &text);

    bool isSeriesShown(qsizetype series) const;
    void setSeriesShown(qsizetype series, bool shown);

    bool isLogarithmic() const;
    void setLogarithmic(bool logarithmic);
    bool isTableShown() const;
    void setTableShown(bool shown);

    // What is visible; all of it unless a person zoomed.
    ChartPeriod visiblePeriod() const;
    void setVisiblePeriod(const ChartPeriod &period);
    void resetZoom();

    // The step under the crosshair; -1: there is no crosshair.
    qsizetype currentStep() const;
    void setCurrentStep(qsizetype step);

    // What the crosshair says beside the values while it stands at that step.
    void setNotes(const ChartPeriod &period, const QList<ToolTipRow> &rows);
    const QList<ToolTipRow> &notes() const;

    // Stand in the context menu in place of its own switches of the view; asked for each time.
    using Actions = std::function<QList<QAction *>()>;
    void setViewActions(Actions actions) { m_viewActions = std::move(actions); }

    QImage image() const;
    void copyImage() const;
    void copyCsv() const;

signals:
    // A step was clicked, Enter pressed on it, or it was asked for in the menu. `series` is the one whose bar,
    // or whose cell of the table, it was; -1: none in particular.
    void stepActivated(const gatehouse::ui::ChartPeriod &period, qsizetype series);
    // The crosshair has come to another step.
    void stepShown(const gatehouse::ui::ChartPeriod &period);
    void visiblePeriodChanged(const gatehouse::ui::ChartPeriod &period);
    void dataChanged();
    void seriesShownChanged();

protected:
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void restyle();
    void fillTable();
    void activate(qsizetype step, qsizetype series = -1);

    ChartPlot *const m_plot;
    QTableView *const m_table;
    QStackedLayout *const m_stack;
    TimeSeriesModel *const m_numbers; // of the table
    Actions m_viewActions{};
};

} // namespace gatehouse::ui
