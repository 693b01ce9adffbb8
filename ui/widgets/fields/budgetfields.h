#pragma once

#include "domain/budget.h"

#include <QObject>

#include <functional>

class QComboBox;
class QSpinBox;

namespace gatehouse::ui {

class Form;
class MoneyField;

// The rows of a form that say how a balance comes to be: how often it begins anew, how much may be spent
// and when to warn.
class BudgetFields : public QObject
{
    Q_OBJECT

public:
    // Adds its rows to `form`, which must live as long. `balanceHelp` stands under "Left to spend".
    BudgetFields(Form *form, std::function<QString()> balanceHelp);

    // How often it begins anew, with BudgetPeriod's numbers as data.
    static void addPeriods(QComboBox *box);

    void fill(const domain::Budget &budget, domain::Quota balance);
    // Hidden, they have no errors.
    void setVisible(bool visible);
    // Says under each field what is wrong with it.
    void review();

    // As the fields say, and what they do not show as it was filled in.
    domain::Budget budget() const;
    // Of a budget without a period; what is not understood is absent.
    std::optional<domain::Quota> balance() const;
    MoneyField *balanceField() const { return m_balance; }

signals:
    void edited();

private:
    domain::BudgetPeriod period() const;
    void showFields();

    Form *const m_form;
    QComboBox *const m_period;
    MoneyField *const m_balance;
    MoneyField *const m_limit;
    QSpinBox *const m_warning;
    domain::Budget m_filled{};
    bool m_visible = true;
};

} // namespace gatehouse::ui
