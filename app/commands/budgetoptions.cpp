#include "commands/budgetoptions.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::fail;
using base::Result;

namespace {

const QString budgetOption = u"--budget"_s;
const QString periodMember = u"budget_period"_s;
const QString limitMember = u"budget_limit"_s;
const QString unlimitedMember = u"unlimited_quota"_s;
const QString oncePeriod = u"once"_s;
const QString unlimitedWord = u"unlimited"_s;

tl::unexpected<base::Error> noBudget(const QString &message)
{
    return fail(base::ErrorCode::InvalidInput, base::Message::verbatim(message));
}

Result<> putBudget(const QString &value, bool mayBeUnlimited, QJsonObject &body)
{
    if (value == unlimitedWord && mayBeUnlimited) {
        body.insert(budgetOption, unlimitedWord);
        return {};
    }
    const Result<domain::Quota> amount = quotaFrom(value);
    if (!amount)
        return fail(amount.error());
    body.insert(budgetOption, amount->units);
    return {};
}

Result<> putPeriod(const QString &value, QJsonObject &body)
{
    static const QStringList periods{oncePeriod, u"day"_s, u"week"_s, u"month"_s};
    if (!periods.contains(value))
        return noBudget(u"\"%1\" is none of once, day, week and month."_s.arg(value));
    body.insert(periodMember, value);
    return {};
}

// `budget` is what --budget says.
Result<> putLimit(const QJsonValue &budget, const QString &period, QJsonObject &body)
{
    if (budget.isString()) {
        if (body.contains(periodMember) && period != oncePeriod)
            return noBudget(u"An unlimited budget has no --period."_s);
        body.insert(unlimitedMember, true);
    } else if (budget.toInteger() == 0) {
        return noBudget(u"The budget of a period cannot be nothing."_s);
    } else {
        body.insert(limitMember, budget);
    }
    return {};
}

} // namespace

std::vector<Field> budgetFields(bool mayBeUnlimited)
{
    return {{{.name = budgetOption,
              .value = u"DOLLARS"_s,
              .help = mayBeUnlimited ? u"what may be spent, such as 5.00; or unlimited"_s
                                     : u"what may be spent, such as 5.00"_s},
             [mayBeUnlimited](const QString &value, QJsonObject &body) {
                 return putBudget(value, mayBeUnlimited, body);
             }},
            {{.name = u"--period"_s,
              .value = u"PERIOD"_s,
              .help = u"day, week or month: the budget begins anew with each; once: it does not"_s},
             putPeriod},
            wholeField({.name = u"--warn-at"_s,
                        .value = u"PERCENT"_s,
                        .help = u"who has used more of the budget is pointed out; 0: never"_s},
                       u"budget_warning"_s,
                       0,
                       100)};
}

Result<> completeBudget(QJsonObject &body, const QString &balance)
{
    const QJsonValue budget = body.take(budgetOption);
    const QString period = body.value(periodMember).toString(oncePeriod);
    if (budget.isUndefined()) {
        if (period != oncePeriod && !body.contains(limitMember))
            return noBudget(u"Say with --budget what may be spent in each --period."_s);
        return {};
    }
    if (budget.isString() || period != oncePeriod)
        return putLimit(budget, period, body);
    body.insert(balance, budget);
    return {};
}

Result<bool> changeBudgetOf(const QJsonObject &row, QJsonObject &body, const QString &balance)
{
    const QJsonValue budget = body.take(budgetOption);
    const QString former = row.value(periodMember).toString(oncePeriod);
    const QString period = body.value(periodMember).toString(former);
    if (budget.isUndefined()) {
        if (period != oncePeriod && former == oncePeriod && !body.contains(limitMember))
            return noBudget(u"Say with --budget what may be spent in each --period."_s);
        if (period == oncePeriod && former != oncePeriod)
            body.insert(limitMember, 0);
        return false;
    }
    if (!budget.isString() && row.contains(unlimitedMember))
        body.insert(unlimitedMember, false);
    if (budget.isString() || period != oncePeriod) {
        if (Result<> put = putLimit(budget, period, body); !put)
            return fail(put.error());
        return false;
    }
    body.insert(balance, budget);
    if (former == oncePeriod)
        return false;
    body.insert(limitMember, 0);
    return true;
}

QString budgetText(const QJsonObject &row)
{
    if (row.value(unlimitedMember).toBool())
        return u"no limit"_s;
    const QString period = row.value(periodMember).toString(oncePeriod);
    if (period == oncePeriod)
        return u"once"_s;
    return u"%1 each %2"_s.arg(dollarsText({row.value(limitMember).toInteger()}), period);
}

QString leftText(const QJsonObject &row, const QString &balance)
{
    return row.value(unlimitedMember).toBool() ? u"no limit"_s
                                               : dollarsText({row.value(balance).toInteger()});
}

} // namespace gatehouse::app
