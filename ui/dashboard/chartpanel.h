#pragma once

#include "dashboard/chartseries.h"
#include "dashboard/panel.h"

class QTabBar;

namespace gatehouse::ui {

class ChartLegend;
class SecondaryLabel;
class SegmentedControl;
class TimeSeriesChart;
class Translated;
class UiState;

// What happened over time, one chart for each tab.
class ChartPanel : public Panel
{
    Q_OBJECT

public:
    explicit ChartPanel(UiState &state, QWidget *parent = nullptr);

    void setSource(const admin::Series &source, const admin::CostOutlook &outlook = {});
    ChartKind kind() const;
    void setKind(ChartKind kind);
    LatencyOf latency() const;
    TimeSeriesChart &chart() { return *m_chart; }

signals:
    // A step of the chart was asked for.
    void periodActivated(const gatehouse::admin::TimeRange &range);
    void kindChanged();

private:
    void setTexts();
    void showKind();
    void showSeries();
    QString shownId() const;

    UiState &m_state;
    admin::Series m_source{};
    admin::CostOutlook m_outlook{};
    QMap<QString, QSet<qsizetype>> m_hidden{}; // series that the legend switched off, by shownId()
    QTabBar *m_tabs;
    TimeSeriesChart *m_chart;
    SegmentedControl *m_latency;
    ChartLegend *m_legend;
    SecondaryLabel *m_bucket;
    Translated *m_texts;
};

} // namespace gatehouse::ui
