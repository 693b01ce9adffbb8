#include "domain/budget.h"

#include <QDate>
#include <QDateTime>

#include <algorithm>

namespace gatehouse::domain {

bool Budget::isAstray(qint64 now) const
{
    // The longest of each, with a day to spare for clocks that are changed.
    constexpr qint64 day = 86'400;
    const qint64 longest = period == BudgetPeriod::Day ? 2 : period == BudgetPeriod::Week ? 8 : 32;
    return isPeriodic() && resetsAt > now + longest * day;
}

BudgetChange BudgetChange::between(const Budget &from, const Budget &to)
{
    BudgetChange change;
    if (from.period != to.period)
        change.period = to.period;
    if (from.limit != to.limit)
        change.limit = to.limit;
    if (from.warning != to.warning)
        change.warning = to.warning;
    return change;
}

Budget BudgetChange::appliedTo(Budget budget) const
{
    budget.period = period.value_or(budget.period);
    budget.limit = limit.value_or(budget.limit);
    budget.warning = warning.value_or(budget.warning);
    return budget;
}

qint64 nextPeriod(BudgetPeriod period, qint64 now, const QTimeZone &zone)
{
    // A computer may have no zone that is known, such as a container without zone information.
    const QTimeZone known = zone.isValid() ? zone : QTimeZone::utc();
    const QDate today = QDateTime::fromSecsSinceEpoch(now, known).date();
    QDate next = today.addDays(1);
    switch (period) {
    case BudgetPeriod::Once:
        return 0;
    case BudgetPeriod::Day:
        break;
    case BudgetPeriod::Week:
        next = today.addDays(8 - today.dayOfWeek());
        break;
    case BudgetPeriod::Month:
        next = QDate(today.year(), today.month(), 1).addMonths(1);
        break;
    }
    return std::max(next.startOfDay(known).toSecsSinceEpoch(), now + 1);
}

void applyBudget(Budget &budget, Quota &balance, Budget wanted, qint64 now, const QTimeZone &zone)
{
    const Budget former = budget;
    budget = wanted;
    if (!wanted.isPeriodic()) {
        budget.limit = {};
        budget.resetsAt = 0;
        return;
    }
    if (wanted.period == former.period) {
        budget.resetsAt = former.resetsAt;
        const Quota changed = balance + (wanted.limit - former.limit);
        balance = std::max(changed, std::min(balance, Quota{}));
        return;
    }
    budget.resetsAt = nextPeriod(wanted.period, now, zone);
    balance = wanted.limit;
}

double usedShare(const Budget &budget, Quota used, Quota balance)
{
    const auto left = static_cast<double>(balance.units);
    const double whole = budget.isPeriodic() ? static_cast<double>(budget.limit.units)
                                             : static_cast<double>(used.units) + left;
    const bool isKnown = whole > 0 && (budget.isPeriodic() || used.units >= 0);
    if (!isKnown)
        return balance.units < 0 || (balance.units == 0 && budget.isPeriodic()) ? 1 : 0;
    return std::clamp((whole - left) / whole, 0.0, 1.0);
}

bool isNearlyUsed(const Budget &budget, Quota used, Quota balance)
{
    constexpr double percent = 100;
    return budget.warning > 0 && usedShare(budget, used, balance) * percent >= budget.warning;
}

} // namespace gatehouse::domain
