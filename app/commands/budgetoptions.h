#pragma once

#include "commands/fields.h"

#include <QJsonObject>

namespace gatehouse::app {

// Budgets as people write them, --budget and --period, and as the management API has them: a balance,
// or a limit that is filled up to. What --budget says stands in the body under the name of the option
// until one of the functions below makes members of it.

// --budget, --period and --warn-at.
std::vector<Field> budgetFields(bool mayBeUnlimited);

// Of a new thing, whose balance is the given member: "quota", "remain_quota".
base::Result<> completeBudget(QJsonObject &body, const QString &balance);
// Of a change of `row`. True: the period has to be ended by a change of its own before this one,
// since the balance is what is left of it otherwise.
base::Result<bool>
changeBudgetOf(const QJsonObject &row, QJsonObject &body, const QString &balance);

// "$5.00 each month", "once", "no limit".
QString budgetText(const QJsonObject &row);
QString leftText(const QJsonObject &row, const QString &balance); // "$3.20"

} // namespace gatehouse::app
