#pragma once

#include "domain/budget.h"

#include <QList>
#include <QObject>

class QComboBox;
class QLineEdit;

namespace gatehouse::ui {

class Form;
class MoneyField;

// How the balance of one of several users or tokens comes to be.
struct BudgetState
{
    domain::Budget budget{};
    domain::Quota balance{};
    bool unlimited = false;
};

// What is wanted of the budgets of several; what is absent stays as each of them has it.
struct BulkBudget
{
    std::optional<bool> unlimited{};
    std::optional<domain::Quota> balance{}; // of a budget that is given once
    domain::BudgetChange change{};

    bool operator==(const BulkBudget &) const = default;
};

// The rows of a form that say how the balances of several come to be: as BudgetFields, but where they
// differ "— (mixed)" is said.
class BulkBudgetFields : public QObject
{
    Q_OBJECT

public:
    // Adds its rows to `form`, which must live as long. `unlimited`: the words for having no budget, where
    // that can be chosen.
    BulkBudgetFields(Form *form, QList<BudgetState> present, const QString &unlimited = {});

    // Says under each field what is wrong with it.
    void review();
    // What was touched.
    BulkBudget wanted() const;

signals:
    void edited();

private:
    void fill(const QString &unlimited);
    void showFields();
    int choice() const;
    bool isPeriodic() const;

    Form *const m_form;
    const QList<BudgetState> m_present;
    std::optional<int> m_shownChoice{};
    BulkBudget m_shown{}; // what the fields say before they are touched
    QComboBox *const m_period;
    MoneyField *const m_balance;
    MoneyField *const m_limit;
    QLineEdit *const m_warning;
};

} // namespace gatehouse::ui
