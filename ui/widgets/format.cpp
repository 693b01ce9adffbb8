#include "widgets/format.h"

#include "theme/clockformat.h"

#include <QEvent>
#include <QLocale>

#include <array>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qint64 nanoPerDollar = 1'000'000'000;
constexpr qint64 nanoPerUnit = nanoPerDollar / domain::Quota::perDollar;

qint64 powerOfTen(int exponent)
{
    qint64 power = 1;
    for (int i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

domain::Cost costFrom(domain::Quota amount)
{
    return {domain::saturatedProduct(amount.units, nanoPerUnit)};
}

// `nano` / 1e9 with `decimals` digits after the point, of which zeros beyond `least` are left out.
QString dollars(qint64 nano, int decimals, int least)
{
    const QLocale locale;
    const quint64 magnitude =
        nano < 0 ? quint64(0) - static_cast<quint64>(nano) : static_cast<quint64>(nano);
    const auto step = static_cast<quint64>(powerOfTen(9 - decimals));
    const quint64 rounded = magnitude / step + (magnitude % step >= (step + 1) / 2 ? 1 : 0);
    const auto scale = static_cast<quint64>(powerOfTen(decimals));
    QString fraction = QString::number(rounded % scale).rightJustified(decimals, u'0');
    while (fraction.size() > least && fraction.endsWith(u'0'))
        fraction.chop(1);
    QString digits;
    for (const QChar digit : std::as_const(fraction))
        digits += locale.toString(digit.digitValue());
    const QString whole = locale.toString(static_cast<qulonglong>(rounded / scale));
    const QString number = digits.isEmpty() ? whole : whole + locale.decimalPoint() + digits;
    return (nano < 0 ? locale.negativeSign() : QString()) + u"$"_s + number;
}

bool &sizesAreDecimal()
{
    static bool decimal = false;
    return decimal;
}

// Three significant digits.
QString threeDigits(double value)
{
    const int decimals = value < 1 ? 2 : value < 10 ? 2 : value < 100 ? 1 : 0;
    return QLocale().toString(value, 'f', decimals);
}

} // namespace

QString Format::money(domain::Cost cost, int decimals)
{
    const qint64 least = powerOfTen(9 - decimals);
    if (cost.nanoDollars > 0 && cost.nanoDollars < (least + 1) / 2)
        return tr("<%1").arg(dollars(least, decimals, decimals));
    return dollars(cost.nanoDollars, decimals, decimals);
}

QString Format::money(domain::Quota amount, int decimals)
{
    return money(costFrom(amount), decimals);
}

QString Format::shortMoney(domain::Quota amount)
{
    const double value = static_cast<double>(amount.units) / domain::Quota::perDollar;
    const double size = std::abs(value);
    if (size < 1e4)
        return money(amount);
    const QString shortened =
        size < 999'500 ? tr("$%1k", "thousands of dollars").arg(threeDigits(size / 1e3))
        : size < 999.5e6
            ? tr("$%1M", "millions of dollars").arg(threeDigits(size / 1e6))
            : tr("$%1B", "thousands of millions of dollars").arg(threeDigits(size / 1e9));
    return value < 0 ? QString(QLocale().negativeSign() + shortened) : shortened;
}

QString Format::exactMoney(domain::Cost cost)
{
    return dollars(cost.nanoDollars, 9, 2);
}

QString Format::exactMoney(domain::Quota amount)
{
    return exactMoney(costFrom(amount));
}

std::pair<QString, QString> Format::moneyApart(domain::Cost one, domain::Cost other)
{
    constexpr int usual = 2;
    constexpr int all = 9;
    const auto isSmall = [](domain::Cost cost) {
        constexpr qint64 cent = nanoPerDollar / 100;
        return cost.nanoDollars != 0 && cost.nanoDollars > -cent && cost.nanoDollars < cent;
    };
    if (isSmall(one) || isSmall(other))
        return {exactMoney(one), exactMoney(other)};
    std::pair<QString, QString> texts;
    for (int decimals = usual; decimals <= all; ++decimals) {
        texts = {money(one, decimals), money(other, decimals)};
        if (texts.first != texts.second || one == other)
            break;
    }
    return texts;
}

QString Format::price(domain::UnitPrice price)
{
    // 1e-12 dollars each is 1e-6 dollars, or 1000 nano-dollars, a million.
    return dollars(domain::saturatedProduct(price.picoDollars, 1000), 9, 2);
}

QString Format::price(domain::UnitPrice price, const QByteArray &currency)
{
    QString text = Format::price(price);
    if (currency.isEmpty())
        return text;
    constexpr QChar noBreakSpace(0xa0);
    return text.remove(u'$') + noBreakSpace + QString::fromLatin1(currency);
}

QString Format::balance(const domain::AccountBalance &balance)
{
    constexpr int decimals = 2;
    const QLocale locale;
    const QString number = locale.toString(std::abs(balance.amount), 'f', decimals);
    const QString sign = balance.amount < 0 ? locale.negativeSign() : QString();
    if (balance.currency.isEmpty())
        return tr("%1 points").arg(sign + number);
    if (balance.currency == "USD")
        return sign + u'$' + number;
    if (balance.currency == "CNY")
        return sign + QChar(0xa5) + number; // the sign of the yuan
    constexpr QChar noBreakSpace(0xa0);
    return sign + number + noBreakSpace + QString::fromLatin1(balance.currency);
}

QString Format::count(qint64 count)
{
    return QLocale().toString(count);
}

QString Format::tokens(qint64 count)
{
    const QLocale locale;
    const double value = static_cast<double>(count);
    if (std::abs(value) < 1000)
        return locale.toString(count);
    if (std::abs(value) < 999'500)
        return tr("%1k", "thousands").arg(threeDigits(value / 1e3));
    if (std::abs(value) < 999.5e6)
        return tr("%1 M", "millions").arg(threeDigits(value / 1e6));
    return tr("%1 G", "thousands of millions").arg(threeDigits(value / 1e9));
}

QString Format::percent(double share)
{
    const double value = share * 100;
    const bool whole = value == 0 || value == 100;
    // What is not all must not look like all.
    const double shown = value < 100 && value > 99.9 ? std::floor(value * 10) / 10 : value;
    return tr("%1 %").arg(QLocale().toString(shown, 'f', whole ? 0 : 1));
}

QString Format::bytes(qint64 size)
{
    const bool isDecimal = sizesAreDecimal();
    const qint64 step = isDecimal ? 1000 : 1024;
    qint64 unit = 1;
    while (size / unit >= step)
        unit *= step;
    const bool isExact = size % unit == 0 || size / unit >= 10;
    return QLocale().formattedDataSize(
        size, isExact ? 0 : 1, isDecimal ? QLocale::DataSizeSIFormat : QLocale::DataSizeIecFormat);
}

void Format::setDecimalSizes(bool decimal)
{
    if (std::exchange(sizesAreDecimal(), decimal) == decimal || !QCoreApplication::instance())
        return;
    QEvent event(QEvent::LanguageChange);
    QCoreApplication::sendEvent(QCoreApplication::instance(), &event);
}

QString Format::rate(double perSecond)
{
    return tr("%1 tok/s").arg(QLocale().toString(perSecond, 'f', perSecond < 10 ? 1 : 0));
}

QString Format::duration(std::chrono::microseconds length)
{
    const auto count = static_cast<double>(length.count());
    if (count == 0)
        return tr("0 ms");
    if (count < 999'500)
        return tr("%1 ms").arg(threeDigits(count / 1e3));
    if (count < 60e6 - 50'000)
        return tr("%1 s").arg(threeDigits(count / 1e6));
    const auto seconds = std::chrono::round<std::chrono::seconds>(length).count();
    if (seconds < 3600) {
        const QString minutes = QLocale().toString(static_cast<qlonglong>(seconds / 60));
        if (seconds % 60 == 0)
            return tr("%1 min").arg(minutes);
        return tr("%1 min %2 s").arg(minutes).arg(seconds % 60);
    }
    const qlonglong hours = seconds / 3600;
    if (hours >= 48)
        return tr("%n days", nullptr, static_cast<int>(qMin<qlonglong>(hours / 24, 100'000'000)));
    if (seconds % 3600 / 60 == 0)
        return tr("%1 h").arg(hours);
    return tr("%1 h %2 min").arg(hours).arg(seconds % 3600 / 60);
}

QString Format::relative(const QDateTime &moment, const QDateTime &now)
{
    if (!moment.isValid())
        return absent();
    const qint64 ahead = now.secsTo(moment);
    const qint64 distance = std::abs(ahead);
    if (distance < 10)
        return tr("just now");
    const auto whole = [distance](qint64 unit) { return static_cast<int>(distance / unit); };
    const bool past = ahead < 0;
    if (distance < 60)
        return past ? tr("%n s ago", nullptr, whole(1)) : tr("in %n s", nullptr, whole(1));
    if (distance < 3600)
        return past ? tr("%n min ago", nullptr, whole(60)) : tr("in %n min", nullptr, whole(60));
    if (distance < 86'400)
        return past ? tr("%n h ago", nullptr, whole(3600)) : tr("in %n h", nullptr, whole(3600));
    if (distance < 45 * 86'400)
        return past ? tr("%n days ago", nullptr, whole(86'400))
                    : tr("in %n days", nullptr, whole(86'400));
    return Format::moment(moment, now);
}

QString Format::moment(const QDateTime &moment, const QDateTime &now)
{
    if (!moment.isValid())
        return absent();
    const QLocale locale;
    const QDateTime local = moment.toLocalTime();
    const qint64 days = local.date().daysTo(now.toLocalTime().date());
    if (days == 0)
        return clock(moment);
    if (days > 0 && days < 7)
        return locale.toString(local.date(), tr("ddd", "a weekday"));
    if (local.date().year() == now.toLocalTime().date().year())
        return locale.toString(local.date(), tr("d MMM", "a day of this year"));
    return day(local.date());
}

QString Format::day(const QDate &day)
{
    return day.isValid() ? QLocale().toString(day, dayPattern()) : absent();
}

QString Format::dayPattern()
{
    return tr("d MMM yyyy", "a day");
}

QString Format::momentPattern()
{
    return dayPattern() + u' ' + clockPattern(tr("HH:mm", "a time of day"));
}

QString Format::time(const QDateTime &moment)
{
    if (!moment.isValid())
        return absent();
    return QLocale().toString(moment.toLocalTime().time(),
                              clockPattern(tr("HH:mm:ss", "a time of day")));
}

QString Format::clock(const QDateTime &moment)
{
    if (!moment.isValid())
        return absent();
    return QLocale().toString(moment.toLocalTime().time(),
                              clockPattern(tr("HH:mm", "a time of day")));
}

QString Format::full(const QDateTime &moment)
{
    if (!moment.isValid())
        return absent();
    return QLocale().toString(moment.toLocalTime(),
                              clockPattern(tr("d MMM yyyy, HH:mm:ss", "a moment")));
}

QString Format::absent()
{
    return u"—"_s;
}

QString Format::quoted(const QString &text)
{
    return tr("“%1”").arg(text);
}

QString Format::masked(const QString &key)
{
    if (key.size() < 12)
        return QString(qMin<qsizetype>(key.size(), 8), u'•');
    return key.left(5) + u"…"_s + key.right(4);
}

QString Format::list(const QStringList &parts)
{
    if (parts.size() < 2)
        return parts.value(0);
    QString text = parts.front();
    for (qsizetype i = 1; i + 1 < parts.size(); ++i)
        text = tr("%1, %2", "parts of a list").arg(text, parts.at(i));
    return tr("%1 and %2", "the end of a list").arg(text, parts.back());
}

} // namespace gatehouse::ui
