#include "protocol/balance.h"

#include "domain/providertype.h"

#include <QJsonArray>

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::protocol {

using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

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

Result<double> found(std::optional<double> figure)
{
    if (figure)
        return *figure;
    return base::fail(
        ErrorCode::Unavailable,
        Message::tr("The provider's answer does not say what is left on the account."));
}

std::optional<double> difference(std::optional<double> left, std::optional<double> right)
{
    return left && right ? std::optional(*left - *right) : std::nullopt;
}

std::optional<double> deepSeekBalance(const QJsonObject &answer)
{
    const QJsonArray accounts = answer.value(u"balance_infos"_s).toArray();
    for (const QString &currency : {u"USD"_s, u"CNY"_s}) {
        for (const QJsonValue &account : accounts) {
            if (account[u"currency"_s].toString() == currency)
                return numberIn(account[u"total_balance"_s]);
        }
    }
    return std::nullopt;
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

Result<double> balanceFrom(int type, const QList<QJsonObject> &answers)
{
    const QJsonObject first = answers.value(0);
    const QJsonValue data = first.value(u"data"_s);
    if (isOpenAi(type)) {
        const std::optional<double> used = numberIn(answers.value(1).value(u"total_usage"_s));
        return found(difference(numberIn(first.value(u"hard_limit_usd"_s)),
                                used ? std::optional(*used / 100) : std::nullopt));
    }
    switch (type) {
    case closeAi:
    case aigc2d:
        return found(numberIn(first.value(u"total_available"_s)));
    case api2Gpt:
        return found(numberIn(first.value(u"total_remaining"_s)));
    case domain::provider::openRouter:
        return found(
            difference(numberIn(data[u"total_credits"_s]), numberIn(data[u"total_usage"_s])));
    case deepSeek:
        return found(deepSeekBalance(first));
    case siliconFlow:
        return found(numberIn(data[u"totalBalance"_s]));
    default:
        return found(std::nullopt);
    }
}

} // namespace gatehouse::protocol
