#pragma once

#include <QList>
#include <QStringList>
#include <QWidget>

class QAbstractButton;

namespace gatehouse::ui {

class TimeSeriesChart;

// The names of a chart's series with their colours. A click, or Space on the focus, hides or shows a
// series. Follows the chart, which must outlive it; stands where the page puts it.
class ChartLegend : public QWidget
{
    Q_OBJECT

public:
    explicit ChartLegend(TimeSeriesChart *chart, QWidget *parent = nullptr);

signals:
    // By the person.
    void seriesToggled(qsizetype series, bool shown);

private:
    void rebuild();
    void follow();

    TimeSeriesChart *const m_chart;
    QStringList m_names{};
    QList<QAbstractButton *> m_buttons{};
};

} // namespace gatehouse::ui
