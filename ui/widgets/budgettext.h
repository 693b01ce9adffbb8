#pragma once

#include "base/result.h"
#include "domain/budget.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// The words for a budget.
class BudgetText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::BudgetText)

public:
    // What is spent and what was given: "$31.02 / $50.00".
    static QString amounts(const domain::Budget &budget, domain::Quota used, domain::Quota balance);
    // The same where there is little room: "$12.00 / $1.00B".
    static QString
    briefAmounts(const domain::Budget &budget, domain::Quota used, domain::Quota balance);
    // The amounts, if they can be shortened, and when the budget begins anew; may be empty.
    static QString toolTip(const domain::Budget &budget, domain::Quota used, domain::Quota balance);
    // "a day", or "in total" where more is left than a day gives; empty without a period.
    static QString period(const domain::Budget &budget, domain::Quota balance);
    // "It begins anew on ….", and what was given beside the period; empty without a period.
    static QString reset(const domain::Budget &budget, domain::Quota balance);
    // What was typed: "5", "$ 12.50". Fails with what to type instead.
    static base::Result<domain::Quota> amountFrom(const QString &typed);
    // The amount as it is edited: "12.50".
    static QString edited(domain::Quota amount);
};

} // namespace gatehouse::ui
