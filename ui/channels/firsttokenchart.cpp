#include "channels/firsttokenchart.h"

#include "charts/timeserieschart.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int firstTokenHeight = 104;

double orMissing(std::optional<qint64> milliseconds)
{
    return milliseconds ? static_cast<double>(*milliseconds)
                        : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

FirstTokenChart::FirstTokenChart(QWidget *parent)
    : QWidget(parent)
    , m_title(new SecondaryLabel(TextRole::SmallStrong, this))
    , m_latest(new SecondaryLabel(TextRole::Caption, this))
    , m_chart(new TimeSeriesChart(this))
{
    m_title->setPlain(true);
    m_chart->setOnBase(true);
    m_chart->setFixedHeight(Theme::px(firstTokenHeight));
    auto *heading = new QHBoxLayout;
    heading->addWidget(m_title, 1);
    heading->addWidget(m_latest);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(4));
    layout->addLayout(heading);
    layout->addWidget(m_chart);
    connect(m_chart, &TimeSeriesChart::stepActivated, this, [this](const ChartPeriod &period) {
        emit periodActivated({.since = period.from, .until = period.to});
    });
    setTexts();
}

TimeSeries FirstTokenChart::timesOf(const admin::Series &source)
{
    ChartSeries band{.name = tr("p50"),
                     .slot = ChartSlot::Blue,
                     .kind = SeriesKind::Band,
                     .upperName = tr("p95")};
    TimeSeries times;
    bool isMeasured = false;
    for (const admin::SeriesBucket &bucket : source.buckets) {
        times.starts.append(bucket.start);
        band.values.append(orMissing(bucket.firstByte.p50));
        band.upper.append(orMissing(bucket.firstByte.p95));
        isMeasured = isMeasured || bucket.firstByte.p50.has_value();
        if (bucket.running)
            continue;
        const qint64 end = bucket.start + source.bucket.count();
        if (!times.off.isEmpty() && times.off.last().to == bucket.start)
            times.off.last().to = end;
        else
            times.off.append({.from = bucket.start, .to = end});
    }
    if (isMeasured)
        times.series.append(std::move(band));
    if (!source.buckets.empty())
        times.end = source.buckets.back().start + source.bucket.count();
    times.format = [](double value) {
        return Format::duration(
            std::chrono::microseconds(static_cast<qint64>(std::llround(value * 1'000))));
    };
    return times;
}

void FirstTokenChart::setSource(const admin::Series &source)
{
    const TimeSeries times = timesOf(source);
    m_chart->setData(times);
    if (times.isEmpty()) {
        m_latest->clear();
        return;
    }
    const ChartSeries &band = times.series.front();
    m_latest->setText(tr("p50 %1, p95 %2")
                          .arg(times.text(TimeSeries::lastOf(band.values)),
                               times.text(TimeSeries::lastOf(band.upper))));
}

void FirstTokenChart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        setTexts();
}

void FirstTokenChart::setTexts()
{
    m_title->setText(tr("Time to first token"));
    m_latest->setToolTip(tr("Of the latest minute with an answer"));
    m_chart->setAccessibleName(tr("Time to first token"));
    m_chart->setEmptyText(tr("No answers in the last hour"));
}

} // namespace gatehouse::ui
