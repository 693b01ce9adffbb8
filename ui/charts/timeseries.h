#pragma once

#include "theme/palette.h"

#include <QList>
#include <QPen>
#include <QString>

#include <functional>
#include <optional>

namespace gatehouse::ui {

enum class SeriesKind {
    Bar,      // stacked upon the bars before it
    Line,     // with a gap where nothing was measured
    Band,     // between `values` and `upper`, such as p50 to p95
    Total,    // a line that adds up, with its value at its end
    Forecast, // how a total may go on: dotted, with its value at its end
};

// One row of numbers of a chart.
struct ChartSeries
{
    QString name{};
    ChartSlot slot = ChartSlot::Blue;
    SeriesKind kind = SeriesKind::Bar;
    QList<double> values{}; // one for each step; NaN: nothing was measured
    QList<double> upper{};  // of a band
    QString upperName{};    // of a band: "p95"
    QString id{};           // what it stands for, where its name does not say it in full
};

// A stretch of time, in milliseconds since the epoch.
struct ChartPeriod
{
    qint64 from = 0;
    qint64 to = 0;

    bool operator==(const ChartPeriod &) const = default;
};

// One column of numbers, as tables and tool tips have them: a band makes two of one series.
struct ChartColumn
{
    QString name{};
    qsizetype series = 0; // the index of its series
    ChartSlot slot = ChartSlot::Blue;
    QList<double> values{};
};

// What a TimeSeriesChart shows.
struct TimeSeries
{
    QList<qint64> starts{}; // of the steps, ascending, in milliseconds since the epoch
    qint64 end = 0;         // of the last step
    QList<ChartSeries> series{};
    QList<ChartPeriod> off{};      // when the gateway did not run
    std::optional<double> limit{}; // a dashed line, such as a budget's
    QString limitName{};
    std::function<QString(double)> format{}; // a value with its unit; none: plain numbers
    bool isCount = false; // its values are counted, so that there is nothing between two whole ones

    bool isEmpty() const { return starts.isEmpty() || series.isEmpty(); }
    // The last value that is known; NaN: none is.
    static double lastOf(const QList<double> &values);
    qint64 endOf(qsizetype step) const;
    // The step that holds that time; -1 outside of all.
    qsizetype stepAt(qint64 time) const;
    // The value with its unit, or a dash.
    QString text(double value) const;
    QList<ChartColumn> columns() const;
    // One far above the greatest value would flatten what was used.
    bool isLimitShown(double greatest) const { return limit && *limit <= greatest * 4; }
};

// The pen of a line in a slot: its colour and its own pattern.
QPen seriesPen(ChartSlot slot, double width);

// Not more than `most` steps: neighbours are joined, bars by their sum, lines and bands by their
// extreme, totals by their last.
TimeSeries thinned(const TimeSeries &series, qsizetype most = 2000);

// A text as one value of a table with commas.
QString csvText(QString text);
// Comma-separated, with a heading, times in ISO 8601 with the offset of local time.
QString toCsv(const TimeSeries &series);
// What a screen reader says of it: the span, and for each series the least, the most and the last.
QString describe(const TimeSeries &series);
// "14:00", "22 Nov", "Nov 2025", by how far the ticks are apart.
QString tickText(qint64 time, qint64 distance);
// "Today 12:30 – 12:45".
QString periodText(const ChartPeriod &period, qint64 now);

} // namespace gatehouse::ui
