#include "base/decimal.h"
#include "protocol/providererror.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <cmath>

namespace gatehouse::protocol {

using std::chrono::seconds;

namespace {

constexpr double longestSeconds = 86'400;

std::optional<double> numberOf(QByteArrayView text)
{
    const std::optional<double> value = base::decimalOf(text);
    return value && *value >= 0 ? value : std::nullopt;
}

seconds bounded(double value)
{
    return seconds(static_cast<qint64>(std::ceil(std::clamp(value, 0.0, longestSeconds))));
}

// RFC 9110, section 5.6.7, in the one form that is still made.
std::optional<std::chrono::sys_seconds> dateOf(QByteArrayView text)
{
    static const QString form = QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'");
    QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(text), form);
    if (!date.isValid())
        return std::nullopt;
    date.setTimeSpec(Qt::UTC);
    return std::chrono::sys_seconds(seconds(date.toSecsSinceEpoch()));
}

} // namespace

std::optional<seconds> retryAfter(const http::Headers &headers, std::chrono::sys_seconds now)
{
    if (const auto field = headers.value("retry-after-ms")) {
        constexpr double perSecond = 1000;
        if (const auto milliseconds = numberOf(field->trimmed()))
            return bounded(*milliseconds / perSecond);
    }
    const auto field = headers.value("retry-after");
    if (!field)
        return std::nullopt;
    const QByteArrayView text = field->trimmed();
    if (const auto value = numberOf(text))
        return bounded(*value);
    const auto date = dateOf(text);
    if (!date || now == std::chrono::sys_seconds{})
        return std::nullopt;
    return bounded(static_cast<double>((*date - now).count()));
}

} // namespace gatehouse::protocol
