#pragma once

#include "admin/statistics/statistics.h"
#include "domain/budget.h"

#include <QTimeZone>

namespace gatehouse::domain {
class Catalog;
} // namespace gatehouse::domain

namespace gatehouse::admin {

// The budgets that are held against the cost of a time series.
struct CostBudget
{
    domain::BudgetPeriod period = domain::BudgetPeriod::Day;
    domain::Quota limit{}; // of all of them together, in one period
    int budgets = 0;
    std::vector<qint64> beginnings{}; // of the periods within the series, ascending

    bool operator==(const CostBudget &) const = default;
};

// The cost goes on at the mean rate of the series, from now until then.
struct CostForecast
{
    qint64 since = 0;
    qint64 until = 0;
    double nanoDollarsPerMillisecond = 0;

    bool operator==(const CostForecast &) const = default;
};

// What the cost of a time series is heading for.
struct CostOutlook
{
    std::optional<CostBudget> budget{};
    std::optional<CostForecast> forecast{};

    bool operator==(const CostOutlook &) const = default;
};

// Moments are milliseconds since 1970, UTC. A series of about a day is held against the budgets of a day,
// one of about a week or a month against those of a week or a month, if such a period began within it: the
// cost is then that since its beginning. What users may spend counts, and where a user has no budget of that
// period, what their tokens may; disabled ones do not. There is a forecast until the end of the period, and
// without a budget of the day, if the series goes up to `now` and tells of 24 hours at the least, in which
// the gateway may have been off at times, but not before.
CostOutlook costOutlook(const Series &series,
                        const domain::Catalog &catalog,
                        qint64 now,
                        const QTimeZone &zone);

} // namespace gatehouse::admin
