#pragma once

#include "base/json.h"
#include "domain/budget.h"

namespace gatehouse::management {

// The members by which users and tokens show their budgets, which One API has not.
void addBudget(QJsonObject &json, const domain::Budget &budget);
base::Result<domain::BudgetChange> readBudget(const base::JsonReader &reader);

} // namespace gatehouse::management
