#pragma once

#include "domain/token.h"
#include "storage/database.h"
#include "storage/statement.h"

#include <vector>

namespace gatehouse::storage {

// The columns of a budget, which the tables of users and of tokens both have.
QString budgetColumns();
QString budgetPlaceholders();
QString budgetAssignments(); // for UPDATE
Bindings budgetBindings(const domain::Budget &budget);
// From the columns of budgetColumns(), the first of which is `column`.
domain::Budget budgetFrom(const QSqlQuery &row, int column);

// A balance that begins anew.
struct BudgetRenewal
{
    domain::UserId user{};
    domain::TokenId token{}; // null: the balance of the user
    domain::Budget budget{};
    domain::Quota balance{}; // before
};

// The budgets of users and tokens whose next period begins.
class BudgetRepository
{
public:
    explicit BudgetRepository(Database &database)
        : m_database(database)
    {}

    // Those that begin anew by `now`, in seconds since 1970, and those whose next period lies farther ahead
    // than one lasts, since the clock was wrong when it was noted.
    base::Result<std::vector<BudgetRenewal>> due(qint64 now) const;
    // Stores the balance, and when the next period begins. A token that had ended as used up begins again
    // if there is something to spend. False: it was renewed or changed meanwhile.
    base::Result<bool> renew(const BudgetRenewal &renewal, domain::Quota balance, qint64 resetsAt);

private:
    Database &m_database;
};

} // namespace gatehouse::storage
