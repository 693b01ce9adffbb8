#include "charts/charttickers.h"

#include <QDateTime>

#include <array>
#include <cmath>
#include <optional>

namespace gatehouse::ui {

namespace {

constexpr qint64 minute = 60 * qint64(1000);
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;
constexpr std::array<qint64, 12> partsOfDay = {minute,
                                               2 * minute,
                                               5 * minute,
                                               10 * minute,
                                               15 * minute,
                                               30 * minute,
                                               hour,
                                               2 * hour,
                                               3 * hour,
                                               6 * hour,
                                               12 * hour,
                                               day};
constexpr std::array<qint64, 4> days = {1, 2, 7, 14};
constexpr std::array<int, 5> months = {1, 2, 3, 6, 12};

QDateTime at(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time);
}

// Where the clocks are not changed, moments are as far apart as local time says, and only the ends need
// be converted: a chart that lives asks for them every second.
std::optional<qint64> commonOffset(qint64 from, qint64 to)
{
    constexpr qint64 betweenChanges = 14 * day;
    if (to - from > betweenChanges)
        return std::nullopt;
    const qint64 offset = at(from).offsetFromUtc() * qint64(1000);
    return offset == at(to).offsetFromUtc() * qint64(1000) ? std::optional(offset) : std::nullopt;
}

// Each day's moments are counted from its own midnight, so that they stay full hours when the clocks
// are changed.
QList<qint64> inDays(qint64 from, qint64 to, qint64 distance)
{
    QList<qint64> result;
    if (const std::optional<qint64> offset = commonOffset(from, to)) {
        const qint64 behind = ((from + *offset) % distance + distance) % distance;
        for (qint64 moment = from + (distance - behind) % distance; moment <= to;
             moment += distance)
            result.append(moment);
        return result;
    }
    for (QDate date = at(from).date(); date <= at(to).date(); date = date.addDays(1)) {
        for (qint64 time = 0; time < day; time += distance) {
            const QTime clock = QTime::fromMSecsSinceStartOfDay(static_cast<int>(time));
            const qint64 moment = QDateTime(date, clock).toMSecsSinceEpoch();
            const bool later = result.isEmpty() || moment > result.last();
            if (moment >= from && moment <= to && later)
                result.append(moment);
        }
    }
    return result;
}

QList<qint64> everyDays(qint64 from, qint64 to, qint64 distance)
{
    QList<qint64> result;
    for (QDate date = at(from).date(); date <= at(to).date(); date = date.addDays(1)) {
        const qint64 moment = date.startOfDay().toMSecsSinceEpoch();
        if (date.toJulianDay() % distance == 0 && moment >= from && moment <= to)
            result.append(moment);
    }
    return result;
}

QList<qint64> everyMonths(qint64 from, qint64 to, int distance)
{
    QList<qint64> result;
    const QDate first = at(from).date();
    for (QDate date(first.year(), first.month(), 1); date <= at(to).date();
         date = date.addMonths(1)) {
        const qint64 moment = date.startOfDay().toMSecsSinceEpoch();
        if ((date.month() - 1) % distance == 0 && moment >= from && moment <= to)
            result.append(moment);
    }
    return result;
}

} // namespace

double valueDistance(double greatest, bool whole)
{
    if (!(greatest > 0))
        return 1;
    double power = std::pow(10, std::floor(std::log10(greatest)) - 1);
    while (true) {
        for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
            const double distance = factor * power;
            if (whole && distance != std::floor(distance))
                continue;
            if (std::ceil(greatest / distance - 1e-9) <= 4)
                return distance;
        }
        power *= 10;
    }
}

QList<qint64> niceMoments(qint64 from, qint64 to, int most, qint64 &distance)
{
    const qint64 least = (to - from) / std::max(most, 1);
    for (const qint64 part : partsOfDay) {
        distance = part;
        if (part >= least)
            return inDays(from, to, part);
    }
    for (const qint64 count : days) {
        distance = count * day;
        if (distance >= least)
            return everyDays(from, to, count);
    }
    for (const int count : months) {
        distance = count * 30 * day;
        if (distance >= least || count == months.back())
            return everyMonths(from, to, count);
    }
    return {};
}

void TimeTicker::generate(const QCPRange &range,
                          const QLocale &,
                          QChar,
                          int,
                          QVector<double> &ticks,
                          QVector<double> *subTicks,
                          QVector<QString> *tickLabels)
{
    qint64 distance = 0;
    const QList<qint64> moments = niceMoments(
        static_cast<qint64>(range.lower), static_cast<qint64>(range.upper), m_most, distance);
    ticks.clear();
    if (subTicks)
        subTicks->clear();
    if (tickLabels)
        tickLabels->clear();
    for (const qint64 moment : moments) {
        ticks.append(static_cast<double>(moment));
        if (tickLabels)
            tickLabels->append(tickText(moment, distance));
    }
}

void ValueTicker::generate(const QCPRange &range,
                           const QLocale &,
                           QChar,
                           int,
                           QVector<double> &ticks,
                           QVector<double> *subTicks,
                           QVector<QString> *tickLabels)
{
    ticks.clear();
    if (subTicks)
        subTicks->clear();
    if (m_distance > 0) {
        const int count = static_cast<int>(std::lround(range.upper / m_distance));
        for (int i = 0; i <= count; ++i)
            ticks.append(i * m_distance);
    } else {
        for (double power = range.lower; power <= range.upper * 1.0001; power *= 10)
            ticks.append(power);
    }
    if (!tickLabels)
        return;
    tickLabels->clear();
    for (const double tick : ticks)
        tickLabels->append(m_data.text(tick));
}

} // namespace gatehouse::ui
