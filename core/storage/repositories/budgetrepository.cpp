#include "storage/repositories/budgetrepository.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Message;
using base::Result;
using domain::Budget;

QString budgetColumns()
{
    return u"budget_period, budget_limit, budget_resets_at, budget_warning"_s;
}

QString budgetPlaceholders()
{
    return u":budget_period, :budget_limit, :budget_resets_at, :budget_warning"_s;
}

QString budgetAssignments()
{
    return u"budget_period = :budget_period, budget_limit = :budget_limit,"
           " budget_resets_at = :budget_resets_at, budget_warning = :budget_warning"_s;
}

Bindings budgetBindings(const Budget &budget)
{
    return {{u":budget_period"_s, static_cast<int>(budget.period)},
            {u":budget_limit"_s, budget.limit.units},
            {u":budget_resets_at"_s, budget.resetsAt},
            {u":budget_warning"_s, budget.warning}};
}

Budget budgetFrom(const QSqlQuery &row, int column)
{
    return {.period = static_cast<domain::BudgetPeriod>(row.value(column).toInt()),
            .limit = {row.value(column + 1).toLongLong()},
            .resetsAt = row.value(column + 2).toLongLong(),
            .warning = row.value(column + 3).toInt()};
}

Result<std::vector<BudgetRenewal>> BudgetRepository::due(qint64 now) const
{
    const QString condition = u" WHERE budget_period <> 0 AND budget_resets_at <= :now"_s;
    return rowsOf(
        m_database,
        execute(m_database,
                u"SELECT id, 0, balance, "_s % budgetColumns() % u" FROM users"_s % condition
                    % u" AND status <> 3 UNION ALL SELECT user_id, id, balance, "_s
                    % budgetColumns() % u" FROM tokens"_s % condition % u" AND deleted_at = 0"_s,
                {{u":now"_s, now}}),
        [](const QSqlQuery &row) {
            return BudgetRenewal{.user = {row.value(0).toLongLong()},
                                 .token = {row.value(1).toLongLong()},
                                 .budget = budgetFrom(row, 3),
                                 .balance = {row.value(2).toLongLong()}};
        });
}

Result<> BudgetRepository::renew(const BudgetRenewal &renewal, qint64 resetsAt)
{
    const QString change = u" SET balance = :balance, budget_resets_at = :resets_at"_s;
    Bindings bindings{{u":balance"_s, renewal.budget.limit.units}, {u":resets_at"_s, resetsAt}};
    if (renewal.token.isNull()) {
        bindings.push_back({u":id"_s, renewal.user.value});
        return expectChange(
            execute(m_database, u"UPDATE users"_s % change % u" WHERE id = :id"_s, bindings),
            Message::tr("This user does not exist."));
    }
    bindings.insert(bindings.end(),
                    {{u":id"_s, renewal.token.value},
                     {u":exhausted"_s, static_cast<int>(domain::TokenStatus::Exhausted)},
                     {u":enabled"_s, static_cast<int>(domain::TokenStatus::Enabled)}});
    return expectChange(execute(m_database,
                                u"UPDATE tokens"_s % change
                                    % u", status = CASE WHEN status = :exhausted THEN :enabled"
                                      " ELSE status END WHERE id = :id"_s,
                                bindings),
                        Message::tr("This token does not exist."));
}

} // namespace gatehouse::storage
