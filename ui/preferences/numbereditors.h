#pragma once

#include "preferences/settingeditor.h"
#include "widgets/fields/unitfield.h"

namespace gatehouse::ui {

// What the editors of quantities have in common: a field that understands units.
class QuantityEditor : public SettingEditor
{
    Q_OBJECT

public:
    QString problem() const override;
    void retranslate(const admin::SettingView &setting) override;

protected:
    explicit QuantityEditor(QWidget *parent);
    void setField(UnitField *field, int width);

private:
    void showUnit();

    UnitField *m_field = nullptr;
    QLabel *m_unit = nullptr; // behind it
    QString m_zeroText{};
};

// A whole number, with the digits grouped.
class IntegerField : public UnitField
{
    Q_OBJECT

public:
    explicit IntegerField(QWidget *parent = nullptr);

    std::optional<qint64> number() const { return quantity(); }
    void setNumber(qint64 number) { setQuantity(number); }
    void setRange(qint64 least, qint64 most) { setLimits(least, most); }

protected:
    std::optional<qint64> parsed(const QString &text) const override;
    QString written(qint64 value) const override;
    QString unreadable() const override;
};

class IntegerEditor : public QuantityEditor
{
    Q_OBJECT

public:
    IntegerEditor(const admin::SettingView &setting, QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;

private:
    IntegerField *m_number;
};

// Units of One API, entered as dollars.
class MoneyEditor : public QuantityEditor
{
    Q_OBJECT

public:
    MoneyEditor(const admin::SettingView &setting, QWidget *parent);
    static bool isFor(const admin::SettingView &setting);

    void setValue(const QString &value) override;
    QString value() const override;

private:
    MoneyField *m_money;
};

// A length of time, stored in whole units of the setting's own.
class DurationEditor : public QuantityEditor
{
    Q_OBJECT

public:
    DurationEditor(const admin::SettingView &setting, QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;

    // How long one unit of that kind is.
    static std::chrono::milliseconds unitOf(admin::SettingView::Kind kind);

private:
    const std::chrono::milliseconds m_unit;
    DurationField *m_duration;
};

class BytesEditor : public QuantityEditor
{
    Q_OBJECT

public:
    BytesEditor(const admin::SettingView &setting, QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;

private:
    BytesField *m_bytes;
};

// A number with a fraction.
class DecimalEditor : public SettingEditor
{
    Q_OBJECT

public:
    DecimalEditor(const admin::SettingView &setting, QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;
    void retranslate(const admin::SettingView &setting) override;

private:
    std::optional<double> number() const;
    void showUnit();

    QString m_zeroText{}; // that stands for 0; empty: the number does
    const double m_least;
    const double m_most;
    QLineEdit *m_field;
    QLabel *m_unit;
};

} // namespace gatehouse::ui
