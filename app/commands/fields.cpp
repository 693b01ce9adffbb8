#include "commands/fields.h"

#include "base/decimal.h"

#include <QDateTime>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::fail;
using base::Result;

namespace {

// A unit of account is two millionths of a dollar.
constexpr qint64 millionthsPerUnit = 1'000'000 / domain::Quota::perDollar;

tl::unexpected<base::Error> unusable(const QString &message)
{
    return fail(base::ErrorCode::InvalidInput, base::Message::verbatim(message));
}

void insertAt(QJsonObject &body, const QString &member, const QJsonValue &value)
{
    const qsizetype dot = member.indexOf(u'.');
    if (dot < 0) {
        body.insert(member, value);
        return;
    }
    QJsonObject inner = body.value(member.first(dot)).toObject();
    inner.insert(member.sliced(dot + 1), value);
    body.insert(member.first(dot), inner);
}

} // namespace

Result<domain::Quota> quotaFrom(const QString &dollars)
{
    static const QRegularExpression form(u"^\\$?([0-9]{1,10})(?:\\.([0-9]{1,6}))?$"_s);
    const QRegularExpressionMatch match = form.match(dollars);
    if (!match.hasMatch())
        return unusable(u"\"%1\" is no amount of dollars, such as 5 or 12.50."_s.arg(dollars));
    constexpr qsizetype digits = 6;
    const qint64 millionths = match.captured(1).toLongLong() * 1'000'000
                              + match.captured(2).leftJustified(digits, u'0').toLongLong();
    if (millionths % millionthsPerUnit != 0)
        return unusable(u"Amounts are counted in steps of $0.000002."_s);
    return domain::Quota{millionths / millionthsPerUnit};
}

QString dollarsText(domain::Quota amount)
{
    constexpr quint64 million = 1'000'000;
    // Also right for the most negative number.
    const bool isNegative = amount.units < 0;
    const quint64 units = isNegative ? ~quint64(amount.units) + 1 : quint64(amount.units);
    const quint64 millionths = units % quint64(domain::Quota::perDollar) * millionthsPerUnit;
    QString cents = u"%1"_s.arg(millionths % million, 6, 10, QChar(u'0'));
    while (cents.size() > 2 && cents.endsWith(u'0'))
        cents.chop(1);
    return u"%1$%2.%3"_s.arg(isNegative ? u"-"_s : QString())
        .arg(units / quint64(domain::Quota::perDollar))
        .arg(cents);
}

Result<qint64> momentFrom(const QString &text)
{
    if (text == "never"_L1)
        return -1;
    const QDate day = QDate::fromString(text, Qt::ISODate);
    const bool isDay = day.isValid() && text.size() == u"2026-01-31"_s.size();
    const QDateTime moment =
        isDay ? day.addDays(1).startOfDay() : QDateTime::fromString(text, Qt::ISODate);
    if (!moment.isValid() || moment.date().year() < 1970) {
        return unusable(u"\"%1\" is no day or time, such as 2026-12-31, 2026-12-31T18:00 or "
                        "2026-12-31T18:00:00Z; nor is it never."_s.arg(text));
    }
    return moment.toSecsSinceEpoch();
}

QString momentText(qint64 seconds)
{
    if (seconds <= 0)
        return u"never"_s;
    const QDateTime moment = QDateTime::fromSecsSinceEpoch(seconds);
    return moment.toOffsetFromUtc(moment.offsetFromUtc()).toString(Qt::ISODate);
}

Result<qint64> wholeFrom(const QString &text, qint64 least, qint64 most)
{
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (!isNumber || number < least || number > most) {
        return unusable(
            u"\"%1\" is no whole number from %2 to %3."_s.arg(text).arg(least).arg(most));
    }
    return number;
}

Result<bool> yesOrNoFrom(const QString &text)
{
    if (text == "yes"_L1 || text == "true"_L1)
        return true;
    if (text == "no"_L1 || text == "false"_L1)
        return false;
    return unusable(u"\"%1\" is neither yes nor no."_s.arg(text));
}

Field textField(const OptionRule &option, const QString &member, Empty empty)
{
    return {option, [member, empty](const QString &value, QJsonObject &body) -> Result<> {
                if (value.trimmed().isEmpty() && empty == Empty::Refused)
                    return unusable(u"Nothing stands there."_s);
                insertAt(body, member, value);
                return {};
            }};
}

Field wholeField(const OptionRule &option, const QString &member, qint64 least, qint64 most)
{
    return {option, [member, least, most](const QString &value, QJsonObject &body) -> Result<> {
                const Result<qint64> number = wholeFrom(value, least, most);
                if (!number)
                    return fail(number.error());
                insertAt(body, member, *number);
                return {};
            }};
}

Field numberField(const OptionRule &option, const QString &member, double least, double most)
{
    return {option, [member, least, most](const QString &value, QJsonObject &body) -> Result<> {
                const std::optional<double> number = base::decimalOf(value.toUtf8());
                if (!number || *number < least || *number > most) {
                    return unusable(
                        u"\"%1\" is no number from %2 to %3."_s.arg(value).arg(least).arg(most));
                }
                insertAt(body, member, *number);
                return {};
            }};
}

Field yesOrNoField(const OptionRule &option, const QString &member)
{
    return {option, [member](const QString &value, QJsonObject &body) -> Result<> {
                const Result<bool> answer = yesOrNoFrom(value);
                if (!answer)
                    return fail(answer.error());
                insertAt(body, member, *answer);
                return {};
            }};
}

Result<> putFields(const std::vector<Field> &fields, const Arguments &arguments, QJsonObject &body)
{
    for (const Field &field : fields) {
        const QStringList values = arguments.values(field.option.name);
        for (const QString &value : values) {
            if (const Result<> put = field.put(value, body); !put) {
                return unusable(field.option.name + u": "_s + put.error().message.english());
            }
        }
    }
    return {};
}

} // namespace gatehouse::app
