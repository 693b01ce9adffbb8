#include "widgets/budgettext.h"

#include "widgets/format.h"

#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace gatehouse::ui {

using domain::BudgetPeriod;
using domain::Quota;

namespace {

// What was topped up beside a period, as far as it is left.
Quota extraOf(const domain::Budget &budget, Quota balance)
{
    return budget.isPeriodic() ? std::max(balance - budget.limit, Quota{}) : Quota{};
}

struct SpentAndGiven
{
    Quota spent{};
    Quota given{};
};

SpentAndGiven spentAndGiven(const domain::Budget &budget, Quota used, Quota balance)
{
    const Quota given = budget.isPeriodic() ? std::max(budget.limit, balance) : used + balance;
    const Quota spent = budget.isPeriodic() ? std::max(given - balance, Quota{}) : used;
    return {.spent = spent, .given = given};
}

} // namespace

QString BudgetText::amounts(const domain::Budget &budget, Quota used, Quota balance)
{
    const auto [spent, given] = spentAndGiven(budget, used, balance);
    return tr("%1 / %2", "spent, given").arg(Format::money(spent), Format::money(given));
}

QString BudgetText::briefAmounts(const domain::Budget &budget, Quota used, Quota balance)
{
    const auto [spent, given] = spentAndGiven(budget, used, balance);
    return tr("%1 / %2", "spent, given").arg(Format::shortMoney(spent), Format::shortMoney(given));
}

QString BudgetText::toolTip(const domain::Budget &budget, Quota used, Quota balance)
{
    QStringList lines;
    const QString whole = amounts(budget, used, balance);
    if (whole != briefAmounts(budget, used, balance))
        lines.append(whole);
    if (const QString anew = reset(budget, balance); !anew.isEmpty())
        lines.append(anew);
    return lines.join(u'\n');
}

QString BudgetText::period(const domain::Budget &budget, Quota balance)
{
    if (extraOf(budget, balance) > Quota{})
        return tr("in total");
    switch (budget.period) {
    case BudgetPeriod::Once:
        break;
    case BudgetPeriod::Day:
        return tr("a day");
    case BudgetPeriod::Week:
        return tr("a week");
    case BudgetPeriod::Month:
        return tr("a month");
    }
    return {};
}

QString BudgetText::reset(const domain::Budget &budget, Quota balance)
{
    if (!budget.isPeriodic())
        return {};
    const QString anew = tr("It begins anew %1.", "moment")
                             .arg(Format::full(QDateTime::fromSecsSinceEpoch(budget.resetsAt)));
    const Quota extra = extraOf(budget, balance);
    if (extra <= Quota{})
        return anew;
    return tr("%1 +%2 once. %3", "budget of a period, what was added to it, when it begins anew")
        .arg(tr("%1 %2", "amount, a month")
                 .arg(Format::money(budget.limit), period(budget, budget.limit)),
             Format::money(extra),
             anew);
}

base::Result<Quota> BudgetText::amountFrom(const QString &typed)
{
    QString text = typed.trimmed();
    if (text.startsWith(u'$'))
        text = text.mid(1).trimmed();
    bool isNumber = false;
    double dollars = QLocale().toDouble(text, &isNumber);
    if (!isNumber)
        dollars = QLocale::c().toDouble(text, &isNumber);
    constexpr double most = 1e9;
    const auto refused = [](const QString &why) {
        return base::fail(base::ErrorCode::InvalidInput, base::Message::verbatim(why));
    };
    if (!isNumber || !(dollars >= 0) || !std::isfinite(dollars))
        return refused(tr("Enter an amount in dollars, such as 12.50."));
    if (dollars > most)
        return refused(tr("At most $%1.").arg(QLocale().toString(most, 'f', 0)));
    return Quota{qRound64(dollars * static_cast<double>(Quota::perDollar))};
}

QString BudgetText::edited(Quota amount)
{
    return QLocale::c().toString(static_cast<double>(amount.units) / Quota::perDollar, 'f', 2);
}

} // namespace gatehouse::ui
