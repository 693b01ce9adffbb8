#include "charts/timeseries.h"

#include "theme/clockformat.h"
#include "theme/theme.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr qint64 dayLength = 24 * 3600 * qint64(1000);

// The words around times.
class ChartText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ChartText)

public:
    static QString date(const QDateTime &time)
    {
        return QLocale().toString(time, tr("d MMM", "the format of a date on a chart's axis"));
    }
    static QString month(const QDateTime &time)
    {
        return QLocale().toString(time, tr("MMM yyyy", "the format of a month on a chart's axis"));
    }
    static QString clock(const QDateTime &time)
    {
        return QLocale().toString(time, clockPattern(u"HH:mm"_s));
    }
    static QString exactClock(const QDateTime &time)
    {
        return QLocale().toString(time, clockPattern(u"HH:mm:ss"_s));
    }
    static QString today() { return tr("Today"); }
    static QString span(const QString &from, const QString &to)
    {
        return tr("%1 – %2", "a span of time").arg(from, to);
    }
    static QString dayAndSpan(const QString &day, const QString &span)
    {
        return tr("%1 %2", "a day and a time of it").arg(day, span);
    }
    static QString empty() { return tr("There is nothing to show."); }
    static QString range(const QString &from, const QString &to)
    {
        return tr("From %1 to %2.").arg(from, to);
    }
    static QString limit(const QString &name) { return tr("Dashed line: %1.").arg(name); }
    static QString numbers(const ChartColumn &column, const QStringList &values)
    {
        return tr("%1: least %2, most %3, last %4.")
            .arg(column.name, values.at(0), values.at(1), values.at(2));
    }
};

QDateTime timeOf(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time);
}

double sum(const QList<double> &values)
{
    double total = nothing;
    for (const double value : values) {
        if (!std::isnan(value))
            total = std::isnan(total) ? value : total + value;
    }
    return total;
}

double most(const QList<double> &values)
{
    double result = nothing;
    for (const double value : values) {
        if (!std::isnan(value) && !(result >= value))
            result = value;
    }
    return result;
}

QList<double> joinedValues(const QList<double> &values, qsizetype group, SeriesKind kind)
{
    const bool isTotal = kind == SeriesKind::Total || kind == SeriesKind::Forecast;
    QList<double> result;
    for (qsizetype i = 0; i < values.size(); i += group) {
        const QList<double> part = values.mid(i, group);
        result.append(kind == SeriesKind::Bar ? sum(part)
                      : isTotal               ? TimeSeries::lastOf(part)
                                              : most(part));
    }
    return result;
}

// As the plot has it, where bars stand on each other.
double greatestOf(const TimeSeries &series)
{
    const auto known = [](const QList<double> &values, qsizetype step) {
        const double value = values.value(step, nothing);
        return std::isnan(value) ? 0 : value;
    };
    double greatest = 0;
    for (qsizetype step = 0; step < series.starts.size(); ++step) {
        double stack = 0;
        for (const ChartSeries &each : series.series) {
            if (each.kind == SeriesKind::Bar)
                stack += known(each.values, step);
            greatest = std::max({greatest, known(each.values, step), known(each.upper, step)});
        }
        greatest = std::max(greatest, stack);
    }
    return greatest;
}

} // namespace

double TimeSeries::lastOf(const QList<double> &values)
{
    for (auto value = values.crbegin(); value != values.crend(); ++value) {
        if (!std::isnan(*value))
            return *value;
    }
    return nothing;
}

qint64 TimeSeries::endOf(qsizetype step) const
{
    return step + 1 < starts.size() ? starts.at(step + 1) : end;
}

qsizetype TimeSeries::stepAt(qint64 time) const
{
    if (starts.isEmpty() || time < starts.first() || time >= end)
        return -1;
    return std::upper_bound(starts.cbegin(), starts.cend(), time) - starts.cbegin() - 1;
}

QString TimeSeries::text(double value) const
{
    if (std::isnan(value))
        return u"—"_s;
    return format ? format(value) : QLocale().toString(value, 'g', 6);
}

QList<ChartColumn> TimeSeries::columns() const
{
    QList<ChartColumn> result;
    for (qsizetype i = 0; i < series.size(); ++i) {
        const ChartSeries &each = series.at(i);
        // In the order of the legend, whose band reads "p50 – p95".
        result.append({each.name, i, each.slot, each.values});
        if (each.kind == SeriesKind::Band)
            result.append({each.upperName, i, each.slot, each.upper});
    }
    return result;
}

QPen seriesPen(ChartSlot slot, double width)
{
    QPen pen(Theme::current().slot(slot), width);
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCapStyle(Qt::FlatCap);
    switch (slot) {
    case ChartSlot::Orange:
        pen.setDashPattern({5, 3});
        break;
    case ChartSlot::Vermilion:
        pen.setDashPattern({1.5, 2});
        break;
    case ChartSlot::Green:
        pen.setDashPattern({5, 2, 1.5, 2});
        break;
    case ChartSlot::Purple:
        pen.setDashPattern({9, 3});
        break;
    case ChartSlot::Sky:
        pen.setWidthF(1);
        break;
    case ChartSlot::Blue:
    case ChartSlot::Grey:
        break;
    }
    return pen;
}

TimeSeries thinned(const TimeSeries &series, qsizetype limit)
{
    const qsizetype group = (series.starts.size() + limit - 1) / std::max<qsizetype>(limit, 1);
    if (group <= 1)
        return series;
    TimeSeries result = series;
    result.starts.clear();
    for (qsizetype i = 0; i < series.starts.size(); i += group)
        result.starts.append(series.starts.at(i));
    for (ChartSeries &each : result.series) {
        each.values = joinedValues(each.values, group, each.kind);
        each.upper = joinedValues(each.upper, group, each.kind);
    }
    return result;
}

QString csvText(QString text)
{
    // A spreadsheet would take these for a formula.
    if (!text.isEmpty() && u"=+-@\t\r"_s.contains(text.front()))
        text.prepend(u'\'');
    if (!text.contains(u',') && !text.contains(u'"') && !text.contains(u'\n'))
        return text;
    return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
}

QString toCsv(const TimeSeries &series)
{
    const QList<ChartColumn> columns = series.columns();
    QString text = u"time"_s;
    for (const ChartColumn &column : columns)
        text += u',' + csvText(column.name);
    text += u'\n';
    for (qsizetype step = 0; step < series.starts.size(); ++step) {
        const QDateTime time = timeOf(series.starts.at(step));
        text += time.toOffsetFromUtc(time.offsetFromUtc()).toString(Qt::ISODate);
        for (const ChartColumn &column : columns) {
            const double value = column.values.value(step, nothing);
            text += u',' + (std::isnan(value) ? QString() : QString::number(value, 'g', 12));
        }
        text += u'\n';
    }
    return text;
}

QString describe(const TimeSeries &series)
{
    if (series.isEmpty())
        return ChartText::empty();
    const auto moment = [](qint64 time) {
        return ChartText::dayAndSpan(ChartText::date(timeOf(time)), ChartText::clock(timeOf(time)));
    };
    QStringList sentences{ChartText::range(moment(series.starts.first()), moment(series.end))};
    for (const ChartColumn &column : series.columns()) {
        QList<double> known;
        std::copy_if(column.values.cbegin(),
                     column.values.cend(),
                     std::back_inserter(known),
                     [](double value) { return !std::isnan(value); });
        if (known.isEmpty())
            continue;
        const auto [least, greatest] = std::minmax_element(known.cbegin(), known.cend());
        sentences.append(ChartText::numbers(
            column, {series.text(*least), series.text(*greatest), series.text(known.last())}));
    }
    if (series.isLimitShown(greatestOf(series)))
        sentences.append(ChartText::limit(series.limitName));
    return sentences.join(u' ');
}

QString tickText(qint64 time, qint64 distance)
{
    const QDateTime moment = timeOf(time);
    if (distance >= 28 * dayLength)
        return ChartText::month(moment);
    if (distance >= dayLength || moment.time() == QTime(0, 0))
        return ChartText::date(moment);
    return ChartText::clock(moment);
}

QString periodText(const ChartPeriod &period, qint64 now)
{
    const QDateTime from = timeOf(period.from);
    const QDateTime to = timeOf(period.to);
    const QString day =
        from.date() == timeOf(now).date() ? ChartText::today() : ChartText::date(from);
    if (from.daysTo(to) >= 1 && from.time() == QTime(0, 0)) {
        const QDateTime lastDay = timeOf(period.to - 1);
        return lastDay.date() == from.date() ? day : ChartText::span(day, ChartText::date(lastDay));
    }
    constexpr qint64 minute = 60'000;
    const auto clock = period.to - period.from < minute ? ChartText::exactClock : ChartText::clock;
    const QString end = from.date() == timeOf(period.to - 1).date()
                            ? clock(to)
                            : ChartText::dayAndSpan(ChartText::date(to), clock(to));
    return ChartText::dayAndSpan(day, ChartText::span(clock(from), end));
}

} // namespace gatehouse::ui
