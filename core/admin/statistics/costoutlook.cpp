#include "admin/statistics/costoutlook.h"

#include "domain/catalog.h"

#include <algorithm>

namespace gatehouse::admin {

using domain::Budget;
using domain::BudgetPeriod;
using domain::Catalog;

namespace {

constexpr qint64 second = 1'000;
constexpr qint64 hour = 3'600 * second;
constexpr qint64 day = 24 * hour;

// What the series is about as long as; Once: none of them.
BudgetPeriod periodOf(const Series &series)
{
    const qint64 length = series.range.length();
    if (length <= 36 * hour)
        return BudgetPeriod::Day;
    if (length <= 10 * day)
        return BudgetPeriod::Week;
    return length <= 45 * day ? BudgetPeriod::Month : BudgetPeriod::Once;
}

// Of the periods that began from `from` on, before `until`.
std::vector<qint64>
beginningsWithin(BudgetPeriod period, qint64 from, qint64 until, const QTimeZone &zone)
{
    std::vector<qint64> beginnings;
    if (period == BudgetPeriod::Once)
        return beginnings;
    qint64 moment = domain::nextPeriod(period, from / second - 1, zone);
    for (; moment * second < until; moment = domain::nextPeriod(period, moment, zone))
        beginnings.push_back(moment * second);
    return beginnings;
}

bool counts(const Budget &budget, BudgetPeriod period)
{
    return budget.period == period && budget.limit.units > 0;
}

bool canSpend(const domain::Token &token)
{
    const bool usable = token.status == domain::TokenStatus::Enabled
                        || token.status == domain::TokenStatus::Exhausted;
    return usable && !token.unlimited;
}

CostBudget budgetOf(BudgetPeriod period, const Catalog &catalog)
{
    CostBudget sum{.period = period};
    const auto add = [&sum](const Budget &budget) {
        sum.limit += budget.limit;
        ++sum.budgets;
    };
    for (const domain::User &user : catalog.users()) {
        if (user.isEnabled() && counts(user.budget, period))
            add(user.budget);
    }
    for (const auto &each : catalog.tokens()) {
        const bool within =
            each->user && each->user->isEnabled() && !counts(each->user->budget, period);
        if (within && canSpend(each->token) && counts(each->token.budget, period))
            add(each->token.budget);
    }
    return sum;
}

std::optional<CostForecast>
forecastOf(const Series &series, BudgetPeriod period, qint64 now, const QTimeZone &zone)
{
    const SeriesBucket &last = series.buckets.back();
    const bool isLive = last.start <= now && now < last.start + 2 * series.bucket.count();
    const auto first = std::find_if(series.buckets.begin(),
                                    series.buckets.end(),
                                    [](const SeriesBucket &bucket) { return bucket.running; });
    if (!isLive || !series.complete || first == series.buckets.end() || now - first->start < day)
        return std::nullopt;
    double cost = 0;
    for (auto bucket = first; bucket != series.buckets.end(); ++bucket)
        cost += static_cast<double>(bucket->sums.cost.nanoDollars);
    if (cost <= 0)
        return std::nullopt;
    return CostForecast{.since = now,
                        .until = domain::nextPeriod(period, now / second, zone) * second,
                        .nanoDollarsPerMillisecond =
                            cost / static_cast<double>(now - first->start)};
}

} // namespace

CostOutlook
costOutlook(const Series &series, const Catalog &catalog, qint64 now, const QTimeZone &zone)
{
    CostOutlook outlook;
    if (series.buckets.empty() || series.bucket.count() <= 0)
        return outlook;
    const BudgetPeriod period = periodOf(series);
    const qint64 end = series.buckets.back().start + series.bucket.count();
    const qint64 until = std::min(now, end);
    std::vector<qint64> beginnings =
        beginningsWithin(period, series.buckets.front().start, until, zone);
    if (!beginnings.empty()) {
        CostBudget budget = budgetOf(period, catalog);
        budget.beginnings = std::move(beginnings);
        if (budget.budgets > 0)
            outlook.budget = std::move(budget);
    }
    outlook.forecast = forecastOf(series, outlook.budget ? period : BudgetPeriod::Day, now, zone);
    return outlook;
}

} // namespace gatehouse::admin
