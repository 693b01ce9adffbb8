#include "protocol/balance.h"

#include "domain/exchangerates.h"
#include "domain/providertype.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::protocol {

using base::ErrorCode;
using base::Message;
using base::Result;
using domain::AccountBalance;

namespace {

const QByteArray dollar = "USD"_ba;
const QByteArray yuan = "CNY"_ba;
const QByteArray points{};

// One API's numbers of the types that have no name in domain::provider.
constexpr int closeAi = 4;
constexpr int api2Gpt = 12;
constexpr int aigc2d = 13;
constexpr int deepSeek = 36;
constexpr int siliconFlow = 44;

bool isOpenAi(int type)
{
    return type == domain::provider::openAi || type == domain::provider::custom
           || type == domain::provider::openAiCompatible;
}

// A number, or a text that holds one.
std::optional<double> numberIn(const QJsonValue &value)
{
    bool isNumber = value.isDouble();
    const double number = isNumber ? value.toDouble() : value.toString().toDouble(&isNumber);
    if (!isNumber || !std::isfinite(number))
        return std::nullopt;
    return number;
}

Result<AccountBalance> found(const std::optional<AccountBalance> &balance)
{
    if (balance)
        return *balance;
    return base::fail(
        ErrorCode::Unavailable,
        Message::tr("The provider's answer does not say what is left on the account."));
}

std::optional<AccountBalance> of(std::optional<double> amount, const QByteArray &currency)
{
    return amount ? std::optional(AccountBalance{*amount, currency}) : std::nullopt;
}

std::optional<double> difference(std::optional<double> left, std::optional<double> right)
{
    return left && right ? std::optional(*left - *right) : std::nullopt;
}

// An account may have one purse for each currency: the one with money in it, that in dollars before
// others; where all are empty, the first.
std::optional<AccountBalance> deepSeekBalance(const QJsonObject &answer)
{
    QList<AccountBalance> purses;
    for (const QJsonValue &purse : answer.value(u"balance_infos"_s).toArray()) {
        const QByteArray currency = purse[u"currency"_s].toString().toUtf8();
        const std::optional<double> amount = numberIn(purse[u"total_balance"_s]);
        if (!amount || !domain::isCurrency(currency))
            continue;
        if (currency == dollar)
            purses.prepend({*amount, currency});
        else
            purses.append({*amount, currency});
    }
    if (purses.isEmpty())
        return std::nullopt;
    const auto filled = std::find_if(
        purses.cbegin(), purses.cend(), [](const AccountBalance &each) { return each.amount > 0; });
    return filled == purses.cend() ? purses.first() : *filled;
}

// The platform for China counts in yuan, the international one in dollars; neither says so.
QByteArray siliconFlowCurrency(const QString &host)
{
    return host.endsWith(u"siliconflow.com"_s, Qt::CaseInsensitive) ? dollar : yuan;
}

// OpenAI's way, which One API offers too: a limit and, in hundredths, what was used.
QByteArray usagePath(const QJsonObject &subscription, const QDate &today)
{
    constexpr int longestSpan = 100;
    const bool isMonthly = subscription.value(u"has_payment_method"_s).toBool();
    const QDate first =
        isMonthly ? QDate(today.year(), today.month(), 1) : today.addDays(-longestSpan);
    return "/v1/dashboard/billing/usage?start_date=" + first.toString(Qt::ISODate).toLatin1()
           + "&end_date=" + today.toString(Qt::ISODate).toLatin1();
}

} // namespace

bool tellsBalance(int type)
{
    return nextBalancePath(type, {}, QDate(2000, 1, 1)).has_value();
}

std::optional<QByteArray>
nextBalancePath(int type, const QList<QJsonObject> &answers, const QDate &today)
{
    if (isOpenAi(type) && answers.size() == 1)
        return usagePath(answers.first(), today);
    if (!answers.isEmpty())
        return std::nullopt;
    if (isOpenAi(type))
        return "/v1/dashboard/billing/subscription";
    switch (type) {
    case closeAi:
    case api2Gpt:
    case aigc2d:
        return "/dashboard/billing/credit_grants";
    case domain::provider::openRouter:
        return "/v1/credits";
    case deepSeek:
        return "/user/balance";
    case siliconFlow:
        return "/v1/user/info";
    default:
        return std::nullopt;
    }
}

Result<AccountBalance> balanceFrom(int type, const QList<QJsonObject> &answers, const QString &host)
{
    const QJsonObject first = answers.value(0);
    const QJsonValue data = first.value(u"data"_s);
    if (isOpenAi(type)) {
        const std::optional<double> used = numberIn(answers.value(1).value(u"total_usage"_s));
        return found(of(difference(numberIn(first.value(u"hard_limit_usd"_s)),
                                   used ? std::optional(*used / 100) : std::nullopt),
                        dollar));
    }
    switch (type) {
    case closeAi:
        return found(of(numberIn(first.value(u"total_available"_s)), yuan));
    case aigc2d:
        return found(of(numberIn(first.value(u"total_available"_s)), points));
    case api2Gpt:
        return found(of(numberIn(first.value(u"total_remaining"_s)), yuan));
    case domain::provider::openRouter:
        return found(
            of(difference(numberIn(data[u"total_credits"_s]), numberIn(data[u"total_usage"_s])),
               dollar));
    case deepSeek:
        return found(deepSeekBalance(first));
    case siliconFlow:
        return found(of(numberIn(data[u"totalBalance"_s]), siliconFlowCurrency(host)));
    default:
        return found(std::nullopt);
    }
}

} // namespace gatehouse::protocol
