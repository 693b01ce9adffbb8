#pragma once

#include "domain/token.h"
#include "widgets/services.h"

#include <QObject>

#include <optional>

class QComboBox;
class QDateTimeEdit;
class QLineEdit;

namespace gatehouse::ui {

class Form;

// The row of a form that says until when tokens are valid.
class ExpiryFields : public QObject
{
    Q_OBJECT

public:
    // Adds its row to `form`, which must live as long.
    explicit ExpiryFields(Form *form);

    // The moment that a token, or all of several, has; -1: never.
    void fill(qint64 expiresAt);
    // Of several that differ.
    void fillMixed();
    // Seconds since 1970, UTC, or -1: never. Absent: it shall stay as it is.
    std::optional<qint64> expiresAt() const;
    // Says under the field what is wrong with it.
    void review();

signals:
    void edited();

private:
    void addChoices(const QString &keep);

    Form *const m_form;
    QComboBox *const m_choice;
    QDateTimeEdit *const m_moment;
};

// The rows of a form that say from where tokens may be used.
class NetworkFields : public QObject
{
    Q_OBJECT

public:
    // Adds its rows to `form`, which must live as long.
    explicit NetworkFields(Form *form);

    void fill(const QList<domain::AddressRange> &ranges);
    // Of several that differ.
    void fillMixed();
    // Absent: it shall stay as it is, or what was typed is not understood.
    std::optional<QList<domain::AddressRange>> ranges() const;
    // Says under the fields what is wrong with them.
    void review();

signals:
    void edited();

private:
    int choice() const;
    void addChoices();

    Form *const m_form;
    QComboBox *const m_choice;
    QLineEdit *const m_ranges;
};

// The choices of TokenCapture, with its numbers as data.
void addCaptures(QComboBox *box);
// The models that there are to choose from, in the order in which people look for them.
QStringList offeredModels(const Services &services);

} // namespace gatehouse::ui
