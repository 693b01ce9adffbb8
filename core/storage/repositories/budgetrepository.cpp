#include "storage/repositories/budgetrepository.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

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
    const QString condition = u" WHERE budget_period <> 0"_s;
    Result<std::vector<BudgetRenewal>> all = rowsOf(
        m_database,
        execute(m_database,
                u"SELECT id, 0, balance, "_s % budgetColumns() % u" FROM users"_s % condition
                    % u" AND status <> 3 UNION ALL SELECT user_id, id, balance, "_s
                    % budgetColumns() % u" FROM tokens"_s % condition % u" AND deleted_at = 0"_s),
        [](const QSqlQuery &row) {
            return BudgetRenewal{.user = {row.value(0).toLongLong()},
                                 .token = {row.value(1).toLongLong()},
                                 .budget = budgetFrom(row, 3),
                                 .balance = {row.value(2).toLongLong()}};
        });
    if (all) {
        std::erase_if(*all, [now](const BudgetRenewal &each) {
            return !each.budget.isDue(now) && !each.budget.isAstray(now);
        });
    }
    return all;
}

Result<bool>
BudgetRepository::renew(const BudgetRenewal &renewal, domain::Quota balance, qint64 resetsAt)
{
    const bool ofUser = renewal.token.isNull();
    Bindings bindings{{u":balance"_s, balance.units},
                      {u":resets_at"_s, resetsAt},
                      {u":former"_s, renewal.budget.resetsAt},
                      {u":former_balance"_s, renewal.balance.units},
                      {u":id"_s, ofUser ? renewal.user.value : renewal.token.value}};
    QString status;
    if (!ofUser && balance > domain::Quota{}) {
        status = u", status = CASE WHEN status = :exhausted THEN :enabled ELSE status END"_s;
        bindings.push_back({u":exhausted"_s, static_cast<int>(domain::TokenStatus::Exhausted)});
        bindings.push_back({u":enabled"_s, static_cast<int>(domain::TokenStatus::Enabled)});
    }
    const QString table = ofUser ? u"users"_s : u"tokens"_s;
    const Result<QSqlQuery> changed = execute(
        m_database,
        u"UPDATE "_s % table % u" SET balance = :balance, budget_resets_at = :resets_at"_s % status
            % u" WHERE id = :id AND budget_resets_at = :former AND balance = :former_balance"_s,
        bindings);
    if (!changed)
        return base::fail(changed.error());
    return changed->numRowsAffected() > 0;
}

} // namespace gatehouse::storage
