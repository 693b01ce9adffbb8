#pragma once

#include "domain/quota.h"

#include <QLineEdit>

#include <chrono>
#include <limits>
#include <optional>

namespace gatehouse::ui {

// A field for a quantity that is typed as people write it. Says at once, by a red edge and words,
// what cannot be understood; never changes the text while it is typed, but writes it out on leaving.
class UnitField : public QLineEdit
{
    Q_OBJECT

public:
    // Whether nothing is an answer, such as "no limit"; at first it is not.
    void setOptional(bool optional);
    bool isOptional() const { return m_optional; }
    // What is shown, and understood, for 0 where that is something else, such as "No limit".
    void setZeroText(const QString &text);
    // Why the text cannot be taken, as a sentence; empty: it can.
    QString problem() const;

signals:
    // By the person, whether it can be taken or not.
    void edited();

protected:
    explicit UnitField(QWidget *parent);

    // The whole number of least units that `text` means.
    virtual std::optional<qint64> parsed(const QString &text) const = 0;
    virtual QString written(qint64 value) const = 0;
    virtual QString unreadable() const = 0;

    std::optional<qint64> quantity() const;
    void setQuantity(std::optional<qint64> value);
    void setLimits(qint64 least, qint64 most);
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void review();
    void writeOut();
    std::optional<qint64> understood(const QString &text) const;
    QString shown(qint64 value) const;
    bool showsZeroText() const;

    bool m_optional = false;
    QString m_zeroText{}; // empty: 0 is a number as any other
    std::optional<qint64> m_lastUnderstood{};
    qint64 m_least = 0;
    qint64 m_most = std::numeric_limits<qint64>::max();
};

// Dollars: "5", "$ 12.50".
class MoneyField : public UnitField
{
    Q_OBJECT

public:
    explicit MoneyField(QWidget *parent = nullptr);

    // Absent: nothing or nothing understandable.
    std::optional<domain::Quota> amount() const;
    void setAmount(std::optional<domain::Quota> amount);
    void setRange(domain::Quota least, domain::Quota most);

protected:
    std::optional<qint64> parsed(const QString &text) const override;
    QString written(qint64 value) const override;
    QString unreadable() const override;
};

// A length of time: "90 s", "5 min", "1.5 h", "500 ms"; a bare number counts in the usual unit.
class DurationField : public UnitField
{
    Q_OBJECT

public:
    explicit DurationField(QWidget *parent = nullptr,
                           std::chrono::milliseconds usualUnit = std::chrono::seconds(1));

    std::optional<std::chrono::milliseconds> duration() const;
    void setDuration(std::optional<std::chrono::milliseconds> duration);
    void setRange(std::chrono::milliseconds least, std::chrono::milliseconds most);

protected:
    std::optional<qint64> parsed(const QString &text) const override;
    QString written(qint64 value) const override;
    QString unreadable() const override;

private:
    const std::chrono::milliseconds m_usualUnit;
};

// A size: "32 MiB", "1.5 GB"; a bare number is in MB.
class BytesField : public UnitField
{
    Q_OBJECT

public:
    explicit BytesField(QWidget *parent = nullptr);

    std::optional<qint64> bytes() const { return quantity(); }
    void setBytes(std::optional<qint64> bytes) { setQuantity(bytes); }
    void setRange(qint64 least, qint64 most) { setLimits(least, most); }

protected:
    std::optional<qint64> parsed(const QString &text) const override;
    QString written(qint64 value) const override;
    QString unreadable() const override;
};

// A number of tokens: "8,000", "128k", "1.5M".
class TokensField : public UnitField
{
    Q_OBJECT

public:
    explicit TokensField(QWidget *parent = nullptr);

    std::optional<qint64> tokens() const { return quantity(); }
    void setTokens(std::optional<qint64> tokens) { setQuantity(tokens); }

protected:
    std::optional<qint64> parsed(const QString &text) const override;
    QString written(qint64 value) const override;
    QString unreadable() const override;
};

} // namespace gatehouse::ui
