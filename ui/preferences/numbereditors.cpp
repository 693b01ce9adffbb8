#include "preferences/numbereditors.h"

#include "preferences/settingtext.h"
#include "theme/theme.h"

#include <QLabel>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::SettingView;
using std::chrono::milliseconds;
using Kind = SettingView::Kind;

QuantityEditor::QuantityEditor(QWidget *parent)
    : SettingEditor(parent)
{}

void QuantityEditor::setField(UnitField *field, int width)
{
    m_field = field;
    field->setFixedWidth(Theme::px(width));
    m_unit = new QLabel(this);
    add(field);
    add(m_unit);
    addStretch();
    connect(field, &QLineEdit::textChanged, this, &QuantityEditor::showUnit);
    connect(field, &UnitField::edited, this, &SettingEditor::edited);
    connect(field, &QLineEdit::editingFinished, this, &SettingEditor::committed);
}

QString QuantityEditor::problem() const
{
    return m_field->problem();
}

void QuantityEditor::retranslate(const SettingView &setting)
{
    m_zeroText = SettingText::zero(setting);
    m_field->setZeroText(m_zeroText);
    m_unit->setText(SettingText::unit(setting));
    showUnit();
}

// A word in place of the number has none.
void QuantityEditor::showUnit()
{
    m_unit->setVisible(!m_unit->text().isEmpty()
                       && (m_zeroText.isEmpty() || m_field->text() != m_zeroText));
}

IntegerField::IntegerField(QWidget *parent)
    : UnitField(parent)
{}

std::optional<qint64> IntegerField::parsed(const QString &text) const
{
    bool valid = false;
    qint64 number = QLocale().toLongLong(text.trimmed(), &valid);
    if (!valid)
        number = text.trimmed().toLongLong(&valid);
    return valid ? std::optional(number) : std::nullopt;
}

QString IntegerField::written(qint64 value) const
{
    return QLocale().toString(value);
}

QString IntegerField::unreadable() const
{
    return tr("This is not a whole number.");
}

IntegerEditor::IntegerEditor(const SettingView &setting, QWidget *parent)
    : QuantityEditor(parent)
    , m_number(new IntegerField(this))
{
    m_number->setRange(static_cast<qint64>(setting.least), static_cast<qint64>(setting.most));
    setField(m_number, 96);
}

void IntegerEditor::setValue(const QString &value)
{
    m_number->setNumber(value.toLongLong());
}

QString IntegerEditor::value() const
{
    return QString::number(m_number->number().value_or(0));
}

MoneyEditor::MoneyEditor(const SettingView &setting, QWidget *parent)
    : QuantityEditor(parent)
    , m_money(new MoneyField(this))
{
    m_money->setRange({static_cast<qint64>(setting.least)}, {static_cast<qint64>(setting.most)});
    setField(m_money, 128);
}

bool MoneyEditor::isFor(const SettingView &setting)
{
    return setting.key.endsWith("_quota"_L1) || setting.key.endsWith("remind_threshold"_L1);
}

void MoneyEditor::setValue(const QString &value)
{
    m_money->setAmount(domain::Quota{value.toLongLong()});
}

QString MoneyEditor::value() const
{
    return QString::number(m_money->amount().value_or(domain::Quota{}).units);
}

DurationEditor::DurationEditor(const SettingView &setting, QWidget *parent)
    : QuantityEditor(parent)
    , m_unit(unitOf(setting.kind))
    , m_duration(new DurationField(this, m_unit))
{
    m_duration->setRange(m_unit * static_cast<qint64>(setting.least),
                         m_unit * static_cast<qint64>(setting.most));
    setField(m_duration, 128);
}

milliseconds DurationEditor::unitOf(Kind kind)
{
    switch (kind) {
    case Kind::Seconds:
        return std::chrono::seconds(1);
    case Kind::Minutes:
        return std::chrono::minutes(1);
    case Kind::Hours:
        return std::chrono::hours(1);
    default:
        return milliseconds(1);
    }
}

void DurationEditor::setValue(const QString &value)
{
    m_duration->setDuration(m_unit * value.toLongLong());
}

QString DurationEditor::value() const
{
    return QString::number(m_duration->duration().value_or(milliseconds(0)) / m_unit);
}

QString DurationEditor::problem() const
{
    const QString reason = QuantityEditor::problem();
    const auto length = m_duration->duration();
    if (!reason.isEmpty() || !length || *length % m_unit == milliseconds(0))
        return reason;
    if (m_unit == std::chrono::hours(1))
        return tr("Only whole hours can be kept.");
    return m_unit == std::chrono::minutes(1) ? tr("Only whole minutes can be kept.")
                                             : tr("Only whole seconds can be kept.");
}

BytesEditor::BytesEditor(const SettingView &setting, QWidget *parent)
    : QuantityEditor(parent)
    , m_bytes(new BytesField(this))
{
    m_bytes->setRange(static_cast<qint64>(setting.least), static_cast<qint64>(setting.most));
    setField(m_bytes, 128);
}

void BytesEditor::setValue(const QString &value)
{
    m_bytes->setBytes(value.toLongLong());
}

QString BytesEditor::value() const
{
    return QString::number(m_bytes->bytes().value_or(0));
}

DecimalEditor::DecimalEditor(const SettingView &setting, QWidget *parent)
    : SettingEditor(parent)
    , m_least(setting.least)
    , m_most(setting.most)
    , m_field(new QLineEdit(this))
    , m_unit(new QLabel(this))
{
    m_field->setFixedWidth(Theme::px(96));
    add(m_field);
    add(m_unit);
    addStretch();
    connect(m_field, &QLineEdit::textChanged, this, &DecimalEditor::showUnit);
    connect(m_field, &QLineEdit::textEdited, this, &SettingEditor::edited);
    connect(m_field, &QLineEdit::editingFinished, this, &SettingEditor::committed);
}

void DecimalEditor::retranslate(const SettingView &setting)
{
    const bool showsWord = !m_zeroText.isEmpty() && m_field->text() == m_zeroText;
    m_zeroText = SettingText::zero(setting);
    if (showsWord)
        m_field->setText(m_zeroText);
    m_unit->setText(SettingText::unit(setting));
    showUnit();
}

// A word in place of the number has none.
void DecimalEditor::showUnit()
{
    m_unit->setVisible(!m_unit->text().isEmpty()
                       && (m_zeroText.isEmpty() || m_field->text() != m_zeroText));
}

std::optional<double> DecimalEditor::number() const
{
    if (!m_zeroText.isEmpty()
        && m_field->text().trimmed().compare(m_zeroText, Qt::CaseInsensitive) == 0)
        return 0;
    bool valid = false;
    double number = QLocale().toDouble(m_field->text().trimmed(), &valid);
    if (!valid)
        number = m_field->text().trimmed().toDouble(&valid);
    return valid && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

void DecimalEditor::setValue(const QString &value)
{
    const double shown = value.toDouble();
    const bool isWord = shown == 0 && !m_zeroText.isEmpty();
    m_field->setText(isWord ? m_zeroText : QLocale().toString(shown, 'g', 12));
}

QString DecimalEditor::value() const
{
    return QString::number(number().value_or(0), 'g', 12);
}

QString DecimalEditor::problem() const
{
    const std::optional<double> entered = number();
    if (!entered)
        return tr("This is not a number.");
    if (*entered < m_least)
        return tr("At least %1.").arg(QLocale().toString(m_least, 'g', 12));
    if (*entered > m_most)
        return tr("At most %1.").arg(QLocale().toString(m_most, 'g', 12));
    return {};
}

} // namespace gatehouse::ui
