#include "management/budgetjson.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::fail;
using base::Result;
using domain::Budget;
using domain::BudgetChange;
using domain::BudgetPeriod;

namespace {

struct NamedPeriod
{
    BudgetPeriod period;
    QStringView name;
};

constexpr std::array periods{NamedPeriod{BudgetPeriod::Once, u"once"},
                             NamedPeriod{BudgetPeriod::Day, u"day"},
                             NamedPeriod{BudgetPeriod::Week, u"week"},
                             NamedPeriod{BudgetPeriod::Month, u"month"}};

} // namespace

void addBudget(QJsonObject &json, const Budget &budget)
{
    for (const NamedPeriod &each : periods) {
        if (each.period == budget.period)
            json.insert(u"budget_period"_s, each.name.toString());
    }
    json.insert(u"budget_limit"_s, budget.limit.units);
    json.insert(u"budget_reset_time"_s, budget.resetsAt);
    json.insert(u"budget_warning"_s, budget.warning);
}

Result<BudgetChange> readBudget(const base::JsonReader &reader)
{
    const auto period = reader.string(u"budget_period");
    const auto limit = reader.integer(u"budget_limit");
    const auto warning = reader.integer(u"budget_warning");
    if (!period)
        return fail(period.error());
    for (const auto *number : {&limit, &warning}) {
        if (!*number)
            return fail(number->error());
    }
    BudgetChange change;
    if (*period) {
        const auto found = std::find_if(periods.begin(), periods.end(), [&](const auto &each) {
            return each.name == **period;
        });
        if (found == periods.end()) {
            return fail(base::ErrorCode::InvalidInput,
                        base::Message::verbatim(
                            u"The member \"budget_period\" must be once, day, week or month."_s));
        }
        change.period = found->period;
    }
    if (*limit)
        change.limit = domain::Quota{**limit};
    // Out of range stays out of range, whatever an int may hold.
    constexpr qint64 beyond = 1000;
    if (*warning)
        change.warning = static_cast<int>(std::clamp<qint64>(**warning, -1, beyond));
    return change;
}

} // namespace gatehouse::management
