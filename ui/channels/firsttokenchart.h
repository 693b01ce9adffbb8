#pragma once

#include "admin/statistics/statistics.h"
#include "charts/timeseries.h"

#include <QWidget>

namespace gatehouse::ui {

class SecondaryLabel;
class TimeSeriesChart;

// How long a channel took to its first token within the last hour: half of the requests, and 95 of a
// hundred.
class FirstTokenChart : public QWidget
{
    Q_OBJECT

public:
    explicit FirstTokenChart(QWidget *parent = nullptr);

    void setSource(const admin::Series &source);
    // While nothing is known yet.
    void clear() { setSource({}); }
    TimeSeriesChart &chart() { return *m_chart; }
    static TimeSeries timesOf(const admin::Series &source);

signals:
    // A minute of the chart was asked for.
    void periodActivated(const gatehouse::admin::TimeRange &range);

protected:
    void changeEvent(QEvent *event) override;

private:
    void setTexts();

    SecondaryLabel *m_title;
    SecondaryLabel *m_latest;
    TimeSeriesChart *m_chart;
};

} // namespace gatehouse::ui
