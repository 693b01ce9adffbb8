#pragma once

#include "dashboard/chartseries.h"
#include "dashboard/panel.h"

class QHBoxLayout;
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
    TokensBy tokens() const;
    // Whether the chart shows the models of the source.
    bool needsModels() const { return kind() == ChartKind::Speed || isTokensByModel(); }
    TimeSeriesChart &chart() { return *m_chart; }

    // What the requests of a step failed with, the most frequent first; shown with the error rate.
    void setCodes(const admin::TimeRange &range, const std::vector<admin::FailureGroup> &codes);

signals:
    // The crosshair stands at a step of the error rate in which requests failed.
    void codesWanted(const gatehouse::admin::TimeRange &range);
    // A step of the chart was asked for; with a model, the part of the step that is its own.
    void periodActivated(const gatehouse::admin::TimeRange &range, const QString &model);
    void kindChanged();
    // The source lacks its models, which are to be shown from now on.
    void modelsWanted();

private:
    void setTexts();
    void showKind();
    void showSeries();
    void changeKind();
    void placeLegend();
    void askForCodes(const ChartPeriod &period);
    bool isTokensByModel() const;
    QString shownId() const;
    // By what a series is known again: a model by its name, others by their place.
    QString keyOf(qsizetype series) const;

    UiState &m_state;
    admin::Series m_source{};
    admin::CostOutlook m_outlook{};
    QMap<QString, QSet<QString>> m_hidden{}; // keyOf() what the legend switched off, by shownId()
    QTabBar *m_tabs;
    TimeSeriesChart *m_chart;
    SegmentedControl *m_latency;
    SegmentedControl *m_tokens;
    ChartLegend *m_legend;
    SecondaryLabel *m_bucket;
    QHBoxLayout *m_top;
    QHBoxLayout *m_below;
    Translated *m_texts;
};

} // namespace gatehouse::ui
