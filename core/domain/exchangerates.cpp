#include "domain/exchangerates.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

constexpr qint64 millionthsOfUnit = 1'000'000;

// A number of at most six digits on either side of the point, in millionths. Nothing: it is none, or 0.
std::optional<qint64> millionthsFrom(const QString &text)
{
    static const QRegularExpression form(u"^([0-9]{1,6})(?:\\.([0-9]{1,6}))?$"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const qint64 whole = match.captured(1).toLongLong();
    const qint64 fraction = match.captured(2).leftJustified(6, u'0').toLongLong();
    const qint64 millionths = whole * millionthsOfUnit + fraction;
    return millionths > 0 ? std::optional(millionths) : std::nullopt;
}

// price x 1e6 / millionths in two steps, so that it neither overflows nor loses the remainder: that is
// below 1e12, and so its product fits.
UnitPrice converted(UnitPrice price, qint64 millionths)
{
    const qint64 whole = price.picoDollars / millionths;
    const qint64 rest = price.picoDollars % millionths * millionthsOfUnit;
    const qint64 part = rest / millionths + (rest % millionths > 0 ? 1 : 0);
    return {saturatedSum(saturatedProduct(whole, millionthsOfUnit), part)};
}

void convert(std::optional<UnitPrice> &price, qint64 millionths)
{
    if (price)
        price = converted(*price, millionths);
}

void convert(TokenPrices &tokens, qint64 millionths)
{
    tokens.input = converted(tokens.input, millionths);
    tokens.output = converted(tokens.output, millionths);
    for (auto *part : {&tokens.cacheRead,
                       &tokens.cacheWrite,
                       &tokens.cacheWriteLong,
                       &tokens.reasoning,
                       &tokens.inputAudio,
                       &tokens.outputAudio})
        convert(*part, millionths);
}

void convert(std::vector<PriceTier> &tiers, qint64 millionths)
{
    for (PriceTier &tier : tiers)
        convert(tier.tokens, millionths);
}

} // namespace

bool isCurrency(QByteArrayView code)
{
    constexpr qsizetype lengthOfCode = 3;
    return code.size() == lengthOfCode && std::all_of(code.begin(), code.end(), [](char letter) {
               return letter >= 'A' && letter <= 'Z';
           });
}

Result<ExchangeRates> ExchangeRates::from(const QString &text)
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    const QStringList words = text.split(separators, Qt::SkipEmptyParts);
    ExchangeRates rates;
    for (qsizetype i = 0; i < words.size(); i += 2) {
        const QByteArray code = words[i].toUtf8();
        const std::optional<qint64> millionths = millionthsFrom(words.value(i + 1));
        if (!isCurrency(code) || code == "USD" || rates.m_millionths.contains(code)
            || !millionths) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr("Exchange rates are pairs of a currency, each named once, and of how "
                            "much of it is a dollar, such as \"CNY 7.1 EUR 0.92\": up to six "
                            "digits before and behind the point. This is none: \"%1\".")
                    .arg(QString(words[i] + u' ' + words.value(i + 1)).left(100)));
        }
        rates.m_millionths.insert(code, *millionths);
    }
    return rates;
}

bool ExchangeRates::knows(const QByteArray &currency) const
{
    return currency.isEmpty() || m_millionths.contains(currency);
}

std::optional<UnitPrice> ExchangeRates::inDollars(UnitPrice price, const QByteArray &currency) const
{
    if (currency.isEmpty())
        return price;
    const auto rate = m_millionths.constFind(currency);
    return rate == m_millionths.cend() ? std::nullopt : std::optional(converted(price, *rate));
}

std::optional<ModelPrice> ExchangeRates::inDollars(const ModelPrice &price) const
{
    if (price.currency.isEmpty())
        return price;
    const auto rate = m_millionths.constFind(price.currency);
    if (rate == m_millionths.cend())
        return std::nullopt;
    ModelPrice dollars = price;
    dollars.currency.clear();
    convert(dollars.tokens, *rate);
    convert(dollars.tiers, *rate);
    for (PriceWindow &window : dollars.windows) {
        convert(window.tokens, *rate);
        convert(window.tiers, *rate);
    }
    dollars.perCall = converted(dollars.perCall, *rate);
    dollars.perCharacter = converted(dollars.perCharacter, *rate);
    for (UnitPrice &picture : dollars.perImage)
        picture = converted(picture, *rate);
    return dollars;
}

std::optional<double> ExchangeRates::inDollars(const AccountBalance &balance) const
{
    if (balance.currency == "USD")
        return balance.amount;
    const auto rate = m_millionths.constFind(balance.currency);
    if (rate == m_millionths.cend())
        return std::nullopt;
    return balance.amount * static_cast<double>(millionthsOfUnit) / static_cast<double>(*rate);
}

} // namespace gatehouse::domain
