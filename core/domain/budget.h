#pragma once

#include "domain/quota.h"

#include <QTimeZone>

#include <optional>

namespace gatehouse::domain {

// How often a budget begins anew. The numbers are stored.
enum class BudgetPeriod { Once = 0, Day = 1, Week = 2, Month = 3 };

// How a balance comes to be: given once and topped up by people, or filled up to a limit when a day, a
// week or a month begins. What is left of it is the balance beside it.
struct Budget
{
    static constexpr int usualWarning = 80;

    BudgetPeriod period = BudgetPeriod::Once;
    Quota limit{};       // of one period; 0 without one
    qint64 resetsAt = 0; // when the next period begins, seconds since 1970, UTC; 0 without one
    int warning = usualWarning; // percent; people are told when more is used. 0: never

    bool isPeriodic() const { return period != BudgetPeriod::Once; }
    bool isDue(qint64 now) const { return isPeriodic() && resetsAt <= now; }
    // The next period lies farther ahead than one lasts: the clock was wrong when it was noted.
    bool isAstray(qint64 now) const;
    bool operator==(const Budget &) const = default;
};

// What is to be changed of a budget; what is absent stays.
struct BudgetChange
{
    std::optional<BudgetPeriod> period{};
    std::optional<Quota> limit{};
    std::optional<int> warning{};

    static BudgetChange between(const Budget &from, const Budget &to);
    Budget appliedTo(Budget budget) const;
    bool operator==(const BudgetChange &) const = default;
};

// The beginning of the period after the one that holds `now`, both in seconds since 1970, UTC: midnight,
// that before Monday or that before the first of a month, by the clocks of `zone`. Of a day without
// midnight, its first moment.
qint64 nextPeriod(BudgetPeriod period, qint64 now, const QTimeZone &zone);

// Gives a balance another budget: `budget` becomes `wanted`, and `balance` what is left of it. With the
// same period, what was spent in it stays spent; more than that is not taken away. Another period begins
// now.
void applyBudget(Budget &budget, Quota &balance, Budget wanted, qint64 now, const QTimeZone &zone);

// The share of the budget that is used, from 0 to 1. `used` is all that was ever spent.
double usedShare(const Budget &budget, Quota used, Quota balance);
// True if people wanted to be told by now.
bool isNearlyUsed(const Budget &budget, Quota used, Quota balance);

} // namespace gatehouse::domain
