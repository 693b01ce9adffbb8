#include "widgets/fields/unitfield.h"

#include "theme/plaintip.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QEvent>
#include <QLocale>
#include <QTimer>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// A number as people of this locale, or programs, write it.
std::optional<double> numberFrom(const QString &text)
{
    bool valid = false;
    double number = QLocale().toDouble(text.trimmed(), &valid);
    if (!valid)
        number = QLocale::c().toDouble(text.trimmed(), &valid);
    if (!valid || !std::isfinite(number))
        return std::nullopt;
    return number;
}

// Doubles hold whole numbers exactly up to here.
constexpr qint64 largest = 9'000'000'000'000'000;

// What is beyond ends beside the largest, and so is told to be too much.
std::optional<qint64> wholeFrom(double value)
{
    if (std::isnan(value))
        return std::nullopt;
    constexpr auto end = static_cast<double>(largest + 1);
    return std::llround(std::clamp(value, -end, end));
}

// A quantity of several units: "1 h 30 min". `unitOf` gives the least units in one of a name, absent
// for an unknown name; the empty name is that of a bare number.
template<typename UnitOf>
std::optional<qint64> sumOf(const QString &text, UnitOf unitOf)
{
    double sum = 0;
    qsizetype at = 0;
    const QString rest = text.trimmed();
    if (rest.isEmpty())
        return std::nullopt;
    const auto isNameCharacter = [](QChar character) { return character.isLetter(); };
    while (at < rest.size()) {
        const qsizetype start = at;
        while (at < rest.size() && !isNameCharacter(rest.at(at)))
            ++at;
        const std::optional<double> number = numberFrom(rest.mid(start, at - start));
        const qsizetype name = at;
        while (at < rest.size() && isNameCharacter(rest.at(at)))
            ++at;
        const std::optional<double> unit = unitOf(rest.mid(name, at - name).toLower());
        if (!number || !unit)
            return std::nullopt;
        sum += *number * *unit;
        while (at < rest.size() && rest.at(at).isSpace())
            ++at;
    }
    return wholeFrom(sum);
}

} // namespace

UnitField::UnitField(QWidget *parent)
    : QLineEdit(parent)
{
    connect(this, &QLineEdit::textChanged, this, &UnitField::review);
    connect(this, &QLineEdit::textEdited, this, &UnitField::edited);
    connect(this, &QLineEdit::editingFinished, this, &UnitField::writeOut);
}

void UnitField::setOptional(bool optional)
{
    m_optional = optional;
    review();
}

void UnitField::setZeroText(const QString &text)
{
    if (text == m_zeroText)
        return;
    const bool isZero = quantity() == 0;
    m_zeroText = text;
    if (isZero)
        setText(shown(0));
    review();
}

std::optional<qint64> UnitField::understood(const QString &text) const
{
    const bool isZero =
        !m_zeroText.isEmpty() && text.trimmed().compare(m_zeroText, Qt::CaseInsensitive) == 0;
    return isZero ? 0 : parsed(text);
}

QString UnitField::shown(qint64 value) const
{
    return value == 0 && !m_zeroText.isEmpty() ? m_zeroText : written(value);
}

bool UnitField::showsZeroText() const
{
    return !m_zeroText.isEmpty() && text() == m_zeroText;
}

QString UnitField::problem() const
{
    if (text().trimmed().isEmpty())
        return m_optional ? QString() : tr("A value is missing.");
    const std::optional<qint64> value = understood(text());
    if (!value)
        return unreadable();
    if (*value < m_least)
        return tr("At least %1.").arg(written(m_least));
    if (const qint64 most = std::min(m_most, largest); *value > most)
        return tr("At most %1.").arg(written(most));
    return {};
}

std::optional<qint64> UnitField::quantity() const
{
    const std::optional<qint64> value = understood(text());
    return value && problem().isEmpty() ? value : std::nullopt;
}

void UnitField::setQuantity(std::optional<qint64> value)
{
    setText(value ? shown(*value) : QString());
}

void UnitField::setLimits(qint64 least, qint64 most)
{
    m_least = least;
    m_most = most;
    review();
}

void UnitField::review()
{
    m_lastUnderstood = quantity();
    const QString reason = text().isEmpty() ? QString() : problem();
    setInvalid(this, !reason.isEmpty());
    setToolTip(plainTip(reason));
    setAccessibleDescription(reason);
}

void UnitField::writeOut()
{
    if (const std::optional<qint64> value = quantity())
        setText(shown(*value));
}

void UnitField::changeEvent(QEvent *event)
{
    QLineEdit::changeEvent(event);
    if (event->type() != QEvent::LanguageChange)
        return;
    // In the new language the old text might not be understood.
    if (m_lastUnderstood)
        setText(shown(*m_lastUnderstood));
    review();
}

// A number is typed over the word, not into it. Later: a click puts the cursor first.
void UnitField::focusInEvent(QFocusEvent *event)
{
    QLineEdit::focusInEvent(event);
    if (!showsZeroText())
        return;
    QTimer::singleShot(0, this, [this] {
        if (hasFocus() && showsZeroText())
            selectAll();
    });
}

MoneyField::MoneyField(QWidget *parent)
    : UnitField(parent)
{}

std::optional<domain::Quota> MoneyField::amount() const
{
    const std::optional<qint64> units = quantity();
    return units ? std::optional(domain::Quota{*units}) : std::nullopt;
}

void MoneyField::setAmount(std::optional<domain::Quota> amount)
{
    setQuantity(amount ? std::optional(amount->units) : std::nullopt);
}

void MoneyField::setRange(domain::Quota least, domain::Quota most)
{
    setLimits(least.units, most.units);
}

std::optional<qint64> MoneyField::parsed(const QString &text) const
{
    QString number = text;
    number.remove(u'$').remove(u"USD"_s, Qt::CaseInsensitive).remove(u"US"_s, Qt::CaseInsensitive);
    const std::optional<double> dollars = numberFrom(number);
    return dollars ? wholeFrom(*dollars * double(domain::Quota::perDollar)) : std::nullopt;
}

QString MoneyField::written(qint64 value) const
{
    return Format::exactMoney(domain::Quota{value});
}

QString MoneyField::unreadable() const
{
    return tr("This is not an amount of dollars, such as “5” or “12.50”.");
}

DurationField::DurationField(QWidget *parent, std::chrono::milliseconds usualUnit)
    : UnitField(parent)
    , m_usualUnit(usualUnit)
{}

std::optional<std::chrono::milliseconds> DurationField::duration() const
{
    const std::optional<qint64> value = quantity();
    return value ? std::optional(std::chrono::milliseconds(*value)) : std::nullopt;
}

void DurationField::setDuration(std::optional<std::chrono::milliseconds> duration)
{
    setQuantity(duration ? std::optional(qint64(duration->count())) : std::nullopt);
}

void DurationField::setRange(std::chrono::milliseconds least, std::chrono::milliseconds most)
{
    setLimits(least.count(), most.count());
}

std::optional<qint64> DurationField::parsed(const QString &text) const
{
    const QList<QPair<QStringList, double>> units{
        {{u"ms"_s, tr("ms").toLower()}, 1},
        {{u"s"_s, u"sec"_s, tr("s").toLower()}, 1000},
        {{u"min"_s, u"m"_s, tr("min").toLower()}, 60'000},
        {{u"h"_s, tr("h").toLower()}, 3'600'000},
        {{u"d"_s, u"day"_s, u"days"_s, tr("d").toLower()}, 86'400'000}};
    return sumOf(text, [&](const QString &name) -> std::optional<double> {
        if (name.isEmpty())
            return static_cast<double>(m_usualUnit.count());
        for (const auto &[names, length] : units) {
            if (names.contains(name))
                return length;
        }
        return std::nullopt;
    });
}

QString DurationField::written(qint64 value) const
{
    const QList<QPair<QString, qint64>> units{{tr("d"), 86'400'000},
                                              {tr("h"), 3'600'000},
                                              {tr("min"), 60'000},
                                              {tr("s"), 1000},
                                              {tr("ms"), 1}};
    QStringList parts;
    qint64 rest = value;
    for (const auto &[name, length] : units) {
        const bool last = length == 1 || rest % length == 0;
        if (rest >= length)
            parts.append(
                tr("%1 %2", "a number and its unit").arg(QLocale().toString(rest / length), name));
        rest %= length;
        if (last && rest == 0)
            break;
    }
    return parts.isEmpty() ? tr("%1 %2", "a number and its unit").arg(u"0"_s, tr("s"))
                           : parts.join(u' ');
}

QString DurationField::unreadable() const
{
    return tr("This is not a length of time, such as “90 s” or “5 min”.");
}

BytesField::BytesField(QWidget *parent)
    : UnitField(parent)
{}

std::optional<qint64> BytesField::parsed(const QString &text) const
{
    return sumOf(text, [](const QString &name) -> std::optional<double> {
        static const QHash<QString, double> units{{u""_s, 1e6},
                                                  {u"b"_s, 1},
                                                  {u"kb"_s, 1e3},
                                                  {u"mb"_s, 1e6},
                                                  {u"gb"_s, 1e9},
                                                  {u"tb"_s, 1e12},
                                                  {u"kib"_s, 1024.0},
                                                  {u"mib"_s, 1024.0 * 1024},
                                                  {u"gib"_s, 1024.0 * 1024 * 1024},
                                                  {u"tib"_s, 1024.0 * 1024 * 1024 * 1024}};
        const auto found = units.constFind(name);
        return found == units.constEnd() ? std::nullopt : std::optional(*found);
    });
}

QString BytesField::written(qint64 value) const
{
    static const QList<QPair<QString, qint64>> units{{u"GiB"_s, qint64(1) << 30},
                                                     {u"GB"_s, 1'000'000'000},
                                                     {u"MiB"_s, 1 << 20},
                                                     {u"MB"_s, 1'000'000},
                                                     {u"KiB"_s, 1 << 10},
                                                     {u"kB"_s, 1'000}};
    for (const auto &[name, size] : units) {
        if (value >= size && value % size == 0)
            return u"%1 %2"_s.arg(QLocale().toString(value / size), name);
    }
    return u"%1 B"_s.arg(QLocale().toString(value));
}

QString BytesField::unreadable() const
{
    return tr("This is not a size, such as “32 MiB” or “1.5 GB”.");
}

TokensField::TokensField(QWidget *parent)
    : UnitField(parent)
{
    constexpr qint64 most = 100'000'000; // more than any model takes
    setLimits(1, most);
}

std::optional<qint64> TokensField::parsed(const QString &text) const
{
    return sumOf(text, [](const QString &name) -> std::optional<double> {
        if (name.isEmpty())
            return 1;
        if (name == "k"_L1)
            return 1e3;
        return name == "m"_L1 ? std::optional(1e6) : std::nullopt;
    });
}

QString TokensField::written(qint64 value) const
{
    return QLocale().toString(value);
}

QString TokensField::unreadable() const
{
    return tr("This is not a number of tokens, such as “8000” or “128k”.");
}

} // namespace gatehouse::ui
