#include "widgets/timespan.h"

#include "admin/traffic/traffic.h"
#include "domain/filterquery.h"
#include "widgets/format.h"
#include "widgets/uistate.h"

#include <QDateTime>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;

constexpr QLatin1StringView rangeKey("dashboard/range");
constexpr QLatin1StringView sinceKey("dashboard/since");
constexpr QLatin1StringView untilKey("dashboard/until");

qint64 lengthOf(const QString &id)
{
    static const QHash<QString, qint64> lengths{{u"15m"_s, 15 * minute},
                                                {u"1h"_s, hour},
                                                {u"24h"_s, day},
                                                {u"7d"_s, 7 * day},
                                                {u"30d"_s, 30 * day}};
    return lengths.value(id);
}

} // namespace

QStringList TimeSpan::ids()
{
    return {u"15m"_s, u"1h"_s, u"24h"_s, u"7d"_s, u"30d"_s};
}

std::optional<TimeSpan> TimeSpan::last(const QString &id)
{
    if (lengthOf(id) == 0)
        return std::nullopt;
    TimeSpan span;
    span.m_id = id;
    return span;
}

std::optional<TimeSpan> TimeSpan::fixed(const admin::TimeRange &range)
{
    if (range.since < 0 || range.length() < minute)
        return std::nullopt;
    TimeSpan span;
    span.m_id = QString::fromLatin1(customId);
    span.m_fixed = range;
    return span;
}

TimeSpan TimeSpan::restored(const UiState &state)
{
    const QString id = state.value(rangeKey).toString();
    if (id == QLatin1StringView(customId)) {
        return fixed({.since = state.value(sinceKey).toLongLong(),
                      .until = state.value(untilKey).toLongLong()})
            .value_or(TimeSpan());
    }
    return last(id).value_or(TimeSpan());
}

void TimeSpan::remember(UiState &state) const
{
    state.setValue(rangeKey, m_id);
    if (!isFixed())
        return;
    state.setValue(sinceKey, m_fixed.since);
    state.setValue(untilKey, m_fixed.until);
}

bool TimeSpan::isFixed() const
{
    return m_id == QLatin1StringView(customId);
}

admin::TimeRange TimeSpan::range(qint64 now) const
{
    if (isFixed())
        return m_fixed;
    return {.since = now - lengthOf(m_id), .until = now};
}

std::chrono::seconds TimeSpan::refreshInterval() const
{
    return std::chrono::seconds(range(0).length() <= hour && !isFixed() ? 1 : 30);
}

QString TimeSpan::trafficTerms() const
{
    return isFixed() ? trafficTermsOf(m_fixed) : domain::exactTerm(u"since"_s, m_id);
}

QString TimeSpan::label() const
{
    if (m_id == u"15m")
        return tr("15 m", "range of 15 minutes");
    if (m_id == u"1h")
        return tr("1 h", "range of an hour");
    if (m_id == u"24h")
        return tr("24 h", "range of 24 hours");
    if (m_id == u"7d")
        return tr("7 d", "range of 7 days");
    if (m_id == u"30d")
        return tr("30 d", "range of 30 days");
    const QDateTime now = QDateTime::currentDateTime();
    return tr("%1 – %2", "from, until")
        .arg(Format::moment(QDateTime::fromMSecsSinceEpoch(m_fixed.since), now),
             Format::moment(QDateTime::fromMSecsSinceEpoch(m_fixed.until), now));
}

QString TimeSpan::description() const
{
    const QString zone =
        QTimeZone::systemTimeZone().displayName(QDateTime::currentDateTime(), QTimeZone::LongName);
    if (isFixed()) {
        return tr("From %1 to %2, times of %3")
            .arg(Format::full(QDateTime::fromMSecsSinceEpoch(m_fixed.since)),
                 Format::full(QDateTime::fromMSecsSinceEpoch(m_fixed.until)),
                 zone);
    }
    const int minutes = static_cast<int>(lengthOf(m_id) / minute);
    if (minutes < 60)
        return tr("The last %n minutes, times of %1", nullptr, minutes).arg(zone);
    if (minutes == 60)
        return tr("The last hour, times of %1").arg(zone);
    if (minutes == 24 * 60)
        return tr("The last 24 hours, times of %1").arg(zone);
    return tr("The last %n days, times of %1", nullptr, minutes / (24 * 60)).arg(zone);
}

QString TimeSpan::comparison() const
{
    if (m_id == u"15m")
        return tr("compared with the 15 minutes before");
    if (m_id == u"1h")
        return tr("compared with the hour before");
    if (m_id == u"24h")
        return tr("compared with the day before");
    if (m_id == u"7d")
        return tr("compared with the 7 days before");
    if (m_id == u"30d")
        return tr("compared with the 30 days before");
    return tr("compared with the same length before");
}

QString trafficTermsOf(const admin::TimeRange &range)
{
    const auto text = [](qint64 moment) {
        return QDateTime::fromMSecsSinceEpoch(moment).toString(u"yyyy-MM-dd'T'HH:mm:ss"_s);
    };
    return QString(domain::exactTerm(u"since"_s, text(range.since)) % u' '
                   % domain::exactTerm(u"until"_s, text(range.until)));
}

} // namespace gatehouse::ui
