#include "widgets/fields/bulkbudgetfields.h"

#include "theme/theme.h"
#include "widgets/fields/budgetfields.h"
#include "widgets/fields/form.h"
#include "widgets/fields/mixedvalue.h"
#include "widgets/fields/unitfield.h"

#include <QComboBox>
#include <QLineEdit>

#include <limits>

namespace gatehouse::ui {

using domain::BudgetPeriod;
using domain::Quota;

namespace {

// Besides the numbers of the periods.
constexpr int mixedBudgets = -2;
constexpr int noBudget = -1;
constexpr qint64 mostWarning = 100;

int choiceOf(const BudgetState &state)
{
    return state.unlimited ? noBudget : static_cast<int>(state.budget.period);
}

} // namespace

BulkBudgetFields::BulkBudgetFields(Form *form, QList<BudgetState> present, const QString &unlimited)
    : QObject(form)
    , m_form(form)
    , m_present(std::move(present))
    , m_period(new QComboBox(form))
    , m_balance(new MoneyField(form))
    , m_limit(new MoneyField(form))
    , m_warning(new QLineEdit(form))
{
    for (QLineEdit *field :
         {static_cast<QLineEdit *>(m_balance), static_cast<QLineEdit *>(m_limit), m_warning}) {
        field->setMaximumWidth(Theme::px(140));
        field->setPlaceholderText(mixedText());
        connect(field, &QLineEdit::textChanged, this, &BulkBudgetFields::edited);
    }
    m_limit->setRange({1}, {std::numeric_limits<qint64>::max()});
    m_balance->setOptional(true);
    m_limit->setOptional(true);
    m_form->addField(m_period, [] { return tr("Budget"); });
    m_form->addField(
        m_balance,
        [] { return tr("Left to spend"); },
        [] { return tr("In dollars, for each of them. Empty: each keeps what it has left."); });
    m_form->addField(
        m_limit,
        [] { return tr("May spend"); },
        [] { return tr("In dollars, each of them in each period."); });
    m_form->addField(
        m_warning,
        [] { return tr("Warn at"); },
        [] { return tr("Percent of the budget; 0: never. Empty: each keeps its own."); });
    fill(unlimited);
    showFields();
    connect(m_period, &QComboBox::currentIndexChanged, this, [this] {
        showFields();
        emit edited();
    });
}

void BulkBudgetFields::fill(const QString &unlimited)
{
    using State = BudgetState;
    m_shownChoice = commonValue<int>(m_present, &choiceOf);
    if (!m_shownChoice)
        m_period->addItem(mixedText(), mixedBudgets);
    if (!unlimited.isEmpty())
        m_period->addItem(unlimited, noBudget);
    BudgetFields::addPeriods(m_period);
    m_period->setCurrentIndex(m_period->findData(m_shownChoice.value_or(mixedBudgets)));
    if (m_shownChoice == static_cast<int>(BudgetPeriod::Once))
        m_shown.balance = commonValue<Quota>(m_present, [](const State &s) { return s.balance; });
    if (m_shownChoice.value_or(noBudget) > 0) {
        m_shown.change.limit =
            commonValue<Quota>(m_present, [](const State &s) { return s.budget.limit; });
    }
    m_shown.change.warning =
        commonValue<int>(m_present, [](const State &s) { return s.budget.warning; });
    // More may have been spent than there was, which may stay so.
    if (m_shown.balance && *m_shown.balance < Quota{})
        m_balance->setRange(*m_shown.balance, {std::numeric_limits<qint64>::max()});
    m_balance->setAmount(m_shown.balance);
    m_limit->setAmount(m_shown.change.limit);
    showNumber(m_warning, m_shown.change.warning);
}

int BulkBudgetFields::choice() const
{
    return m_period->currentData().toInt();
}

bool BulkBudgetFields::isPeriodic() const
{
    return choice() > static_cast<int>(BudgetPeriod::Once);
}

void BulkBudgetFields::showFields()
{
    m_form->setFieldVisible(m_balance, choice() == static_cast<int>(BudgetPeriod::Once));
    m_form->setFieldVisible(m_limit, isPeriodic());
    m_form->setFieldVisible(m_warning, choice() != noBudget);
}

void BulkBudgetFields::review()
{
    const bool once = choice() == static_cast<int>(BudgetPeriod::Once);
    // What has no budget of that kind needs one.
    const auto lacks = [this](auto isMissing) {
        return std::any_of(m_present.begin(), m_present.end(), isMissing);
    };
    QString balance = once ? m_balance->problem() : QString();
    if (once && m_balance->text().trimmed().isEmpty()
        && lacks([](const BudgetState &state) { return state.unlimited; }))
        balance = tr("Some of them had no limit: enter what they may spend.");
    QString limit = isPeriodic() ? m_limit->problem() : QString();
    if (isPeriodic() && m_limit->text().trimmed().isEmpty()
        && lacks([](const BudgetState &state) { return !state.budget.isPeriodic(); }))
        limit = tr("Some of them had no such limit: enter what they may spend.");
    m_form->setError(m_balance, balance);
    m_form->setError(m_limit, limit);
    m_form->setError(m_warning,
                     choice() == noBudget ? QString() : rangeProblem(m_warning, 0, mostWarning));
}

BulkBudget BulkBudgetFields::wanted() const
{
    BulkBudget wanted;
    if (choice() != mixedBudgets && choice() != m_shownChoice) {
        const bool anyUnlimited = std::any_of(
            m_present.begin(), m_present.end(), [](const BudgetState &s) { return s.unlimited; });
        if (choice() == noBudget)
            wanted.unlimited = true;
        else if (anyUnlimited)
            wanted.unlimited = false;
        if (choice() != noBudget)
            wanted.change.period = static_cast<BudgetPeriod>(choice());
    }
    if (choice() == noBudget)
        return wanted;
    if (choice() == static_cast<int>(BudgetPeriod::Once)) {
        if (wanted.change.period)
            wanted.change.limit = Quota{};
        if (const auto balance = m_balance->amount(); balance && balance != m_shown.balance)
            wanted.balance = balance;
    }
    if (isPeriodic()) {
        if (const auto limit = m_limit->amount(); limit && limit != m_shown.change.limit)
            wanted.change.limit = limit;
    }
    wanted.change.warning =
        ifTouched<int>(wholeNumber(m_warning, 0, mostWarning), m_shown.change.warning);
    return wanted;
}

} // namespace gatehouse::ui
