#include "widgets/fields/budgetfields.h"

#include "widgets/fields/form.h"
#include "widgets/fields/unitfield.h"

#include <QComboBox>
#include <QSpinBox>

namespace gatehouse::ui {

using domain::Budget;
using domain::BudgetPeriod;
using domain::Quota;

BudgetFields::BudgetFields(Form *form, std::function<QString()> balanceHelp)
    : QObject(form)
    , m_form(form)
    , m_period(new QComboBox(form))
    , m_balance(new MoneyField(form))
    , m_limit(new MoneyField(form))
    , m_warning(new QSpinBox(form))
{
    addPeriods(m_period);
    m_limit->setRange({1}, {std::numeric_limits<qint64>::max()});
    constexpr int wholePercent = 100;
    constexpr int warningStep = 5;
    m_warning->setRange(0, wholePercent);
    m_warning->setSingleStep(warningStep);
    m_warning->setSpecialValueText(tr("never"));
    m_warning->setSuffix(tr(" %", "percent, behind a number"));
    m_form->addField(m_period, [] { return tr("Budget"); });
    m_form->addField(
        m_balance, [] { return tr("Left to spend"); }, std::move(balanceHelp));
    m_form->addField(
        m_limit, [] { return tr("May spend"); }, [] { return tr("In dollars."); });
    m_form->addField(
        m_warning,
        [] { return tr("Warn at"); },
        [] { return tr("Of the budget: it then needs attention, and a notification says so."); });
    connect(m_period, &QComboBox::currentIndexChanged, this, [this] {
        showFields();
        emit edited();
    });
    connect(m_balance, &UnitField::edited, this, &BudgetFields::edited);
    connect(m_limit, &UnitField::edited, this, &BudgetFields::edited);
}

void BudgetFields::addPeriods(QComboBox *box)
{
    box->addItem(tr("Given once"), static_cast<int>(BudgetPeriod::Once));
    box->addItem(tr("For each day"), static_cast<int>(BudgetPeriod::Day));
    box->addItem(tr("For each week"), static_cast<int>(BudgetPeriod::Week));
    box->addItem(tr("For each month"), static_cast<int>(BudgetPeriod::Month));
}

void BudgetFields::fill(const Budget &budget, Quota balance)
{
    m_filled = budget;
    // More may have been spent than there was, which may stay so.
    if (balance < Quota{})
        m_balance->setRange(balance, {std::numeric_limits<qint64>::max()});
    m_balance->setAmount(balance);
    constexpr Quota usual{10 * Quota::perDollar};
    m_limit->setAmount(budget.isPeriodic() ? budget.limit : usual);
    m_warning->setValue(budget.warning);
    m_period->setCurrentIndex(m_period->findData(static_cast<int>(budget.period)));
    showFields();
}

void BudgetFields::setVisible(bool visible)
{
    m_visible = visible;
    showFields();
}

void BudgetFields::showFields()
{
    const bool periodic = period() != BudgetPeriod::Once;
    m_form->setFieldVisible(m_period, m_visible);
    m_form->setFieldVisible(m_balance, m_visible && !periodic);
    m_form->setFieldVisible(m_limit, m_visible && periodic);
    m_form->setFieldVisible(m_warning, m_visible);
    QString help;
    switch (period()) {
    case BudgetPeriod::Once:
        break;
    case BudgetPeriod::Day:
        help = tr("In dollars; it begins anew each midnight.");
        break;
    case BudgetPeriod::Week:
        help = tr("In dollars; it begins anew on Mondays.");
        break;
    case BudgetPeriod::Month:
        help = tr("In dollars; it begins anew on the first of the month.");
        break;
    }
    if (periodic)
        m_form->setHelp(m_limit, help);
}

void BudgetFields::review()
{
    const bool periodic = period() != BudgetPeriod::Once;
    m_form->setError(m_balance, m_visible && !periodic ? m_balance->problem() : QString());
    m_form->setError(m_limit, m_visible && periodic ? m_limit->problem() : QString());
}

Budget BudgetFields::budget() const
{
    Budget budget = m_filled;
    budget.period = period();
    budget.limit = budget.isPeriodic() ? m_limit->amount().value_or(budget.limit) : Quota{};
    budget.warning = m_warning->value();
    return budget;
}

std::optional<Quota> BudgetFields::balance() const
{
    return m_balance->amount();
}

BudgetPeriod BudgetFields::period() const
{
    return static_cast<BudgetPeriod>(m_period->currentData().toInt());
}

} // namespace gatehouse::ui
