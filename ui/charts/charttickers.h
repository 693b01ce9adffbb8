#pragma once

#include "charts/customplot.h"
#include "charts/timeseries.h"

namespace gatehouse::ui {

// The distance of at most four lines that reach at least `greatest`: 1, 2, 2.5 or 5 times a power of
// ten; whole if all values are.
double valueDistance(double greatest, bool whole);

// The moments between `from` and `to`, in milliseconds since the epoch, that are worth a label if there
// is room for `most`: full hours, days, months of local time. `distance` becomes their distance.
QList<qint64> niceMoments(qint64 from, qint64 to, int most, qint64 &distance);

// Labels the horizontal axis with local time.
class TimeTicker : public QCPAxisTicker
{
public:
    void setMost(int most) { m_most = most; }
    void generate(const QCPRange &range,
                  const QLocale &locale,
                  QChar formatChar,
                  int precision,
                  QVector<double> &ticks,
                  QVector<double> *subTicks,
                  QVector<QString> *tickLabels) override;

private:
    int m_most = 8;
};

// Labels the vertical axis with values and their units, at equal distances or at powers of ten.
class ValueTicker : public QCPAxisTicker
{
public:
    explicit ValueTicker(const TimeSeries &data)
        : m_data(data)
    {}

    void setDistance(double distance) { m_distance = distance; } // 0: powers of ten
    void generate(const QCPRange &range,
                  const QLocale &locale,
                  QChar formatChar,
                  int precision,
                  QVector<double> &ticks,
                  QVector<double> *subTicks,
                  QVector<QString> *tickLabels) override;

private:
    const TimeSeries &m_data;
    double m_distance = 1;
};

} // namespace gatehouse::ui
