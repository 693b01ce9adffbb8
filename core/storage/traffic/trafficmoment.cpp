// How points in time are written in a filter.
#include "storage/traffic/trafficcondition.h"

#include <QDateTime>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

namespace {

std::optional<qint64> spanFrom(const QString &value)
{
    constexpr qint64 second = 1000;
    constexpr qint64 minute = 60 * second;
    constexpr qint64 hour = 60 * minute;
    constexpr qint64 day = 24 * hour;
    static const std::array<std::pair<QString, qint64>, 6> units{{{u"min"_s, minute},
                                                                  {u"s"_s, second},
                                                                  {u"m"_s, minute},
                                                                  {u"h"_s, hour},
                                                                  {u"d"_s, day},
                                                                  {u"w"_s, 7 * day}}};
    for (const auto &[unit, length] : units) {
        if (!value.endsWith(unit))
            continue;
        bool valid = false;
        const double count = value.chopped(unit.size()).toDouble(&valid);
        constexpr double most = 1e6;
        if (valid && count >= 0 && count <= most)
            return static_cast<qint64>(count * static_cast<double>(length));
    }
    return std::nullopt;
}

} // namespace

std::optional<qint64> momentFrom(const QString &value, qint64 now, const QTimeZone &zone)
{
    const QString text = value.trimmed().toLower();
    if (const auto span = spanFrom(text))
        return now - *span;
    const QDate today = QDateTime::fromMSecsSinceEpoch(now, zone).date();
    if (text == "today"_L1)
        return today.startOfDay(zone).toMSecsSinceEpoch();
    if (text == "yesterday"_L1)
        return today.addDays(-1).startOfDay(zone).toMSecsSinceEpoch();
    const QString iso = value.trimmed().toUpper();
    if (const QDate date = QDate::fromString(iso, Qt::ISODate);
        date.isValid() && !iso.contains(u'T'))
        return date.startOfDay(zone).toMSecsSinceEpoch();
    QDateTime time = QDateTime::fromString(iso, Qt::ISODate);
    if (!time.isValid())
        return std::nullopt;
    if (time.timeSpec() == Qt::LocalTime)
        time = QDateTime(time.date(), time.time(), zone);
    return time.toMSecsSinceEpoch();
}

} // namespace gatehouse::storage
