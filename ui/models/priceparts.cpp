#include "models/priceparts.h"

#include <QLocale>

#include <cmath>

namespace gatehouse::ui {

using base::Result;
using domain::TokenPrices;
using domain::UnitPrice;

namespace {

base::Error unreadable(const QString &why)
{
    return {base::ErrorCode::InvalidInput, base::Message::verbatim(why), {}};
}

// Absent: nothing was typed. `help` says what to type.
Result<std::optional<double>> dollarsFrom(const QString &typed, double most, const QString &help)
{
    QString text = typed.trimmed();
    text.remove(u'$');
    if (text.isEmpty())
        return std::optional<double>();
    bool valid = false;
    double dollars = QLocale().toDouble(text, &valid);
    if (!valid)
        dollars = QLocale::c().toDouble(text, &valid);
    if (!valid || !(dollars >= 0) || !std::isfinite(dollars))
        return base::fail(unreadable(help));
    if (dollars > most)
        return base::fail(
            unreadable(PriceParts::tr("At most %1.").arg(QLocale().toString(most, 'f', 0))));
    return std::optional(dollars);
}

// What is typed must not become free by being rounded.
Result<std::optional<UnitPrice>> priceOf(std::optional<double> dollars,
                                         UnitPrice (*rounded)(double))
{
    if (!dollars)
        return std::optional<UnitPrice>();
    const UnitPrice price = rounded(*dollars);
    if (*dollars > 0 && price.picoDollars == 0)
        return base::fail(
            unreadable(PriceParts::tr("This is too little to be charged; 0 is free.")));
    return std::optional(price);
}

} // namespace

QString PriceParts::title(PricePart part)
{
    switch (part) {
    case PricePart::Input:
        return tr("Input");
    case PricePart::Output:
        return tr("Output");
    case PricePart::CacheRead:
        return tr("Cache read");
    case PricePart::CacheWrite:
        return tr("Cache write, 5 min");
    case PricePart::CacheWriteLong:
        return tr("Cache write, 1 h");
    case PricePart::Reasoning:
        return tr("Reasoning");
    case PricePart::InputAudio:
        return tr("Input, audio");
    case PricePart::OutputAudio:
        return tr("Output, audio");
    }
    return {};
}

std::optional<UnitPrice> PriceParts::of(const TokenPrices &tokens, PricePart part)
{
    switch (part) {
    case PricePart::Input:
        return tokens.input;
    case PricePart::Output:
        return tokens.output;
    case PricePart::CacheRead:
        return tokens.cacheRead;
    case PricePart::CacheWrite:
        return tokens.cacheWrite;
    case PricePart::CacheWriteLong:
        return tokens.cacheWriteLong;
    case PricePart::Reasoning:
        return tokens.reasoning;
    case PricePart::InputAudio:
        return tokens.inputAudio;
    case PricePart::OutputAudio:
        return tokens.outputAudio;
    }
    return std::nullopt;
}

void PriceParts::set(TokenPrices &tokens, PricePart part, std::optional<UnitPrice> price)
{
    switch (part) {
    case PricePart::Input:
        tokens.input = price.value_or(UnitPrice{});
        break;
    case PricePart::Output:
        tokens.output = price.value_or(UnitPrice{});
        break;
    case PricePart::CacheRead:
        tokens.cacheRead = price;
        break;
    case PricePart::CacheWrite:
        tokens.cacheWrite = price;
        break;
    case PricePart::CacheWriteLong:
        tokens.cacheWriteLong = price;
        break;
    case PricePart::Reasoning:
        tokens.reasoning = price;
        break;
    case PricePart::InputAudio:
        tokens.inputAudio = price;
        break;
    case PricePart::OutputAudio:
        tokens.outputAudio = price;
        break;
    }
}

QString PriceParts::typed(UnitPrice price)
{
    return QLocale().toString(price.dollarsPerMillion(), 'f', QLocale::FloatingPointShortest);
}

QString PriceParts::typedEach(UnitPrice price)
{
    return QLocale().toString(price.dollars(), 'f', QLocale::FloatingPointShortest);
}

// Of some currencies tens of thousands are a dollar. In picounits each limit is far from what 64 bits hold,
// and so are its picodollars.
Result<std::optional<UnitPrice>> PriceParts::read(const QString &typed, const QByteArray &currency)
{
    const double most = currency.isEmpty() ? 1e6 : 1e9;
    const auto dollars =
        dollarsFrom(typed, most, tr("Enter the price of a million tokens, such as 2.50."));
    if (!dollars)
        return base::fail(dollars.error());
    return priceOf(*dollars, &UnitPrice::fromDollarsPerMillion);
}

Result<std::optional<UnitPrice>> PriceParts::readEach(const QString &typed,
                                                      const QByteArray &currency)
{
    const double most = currency.isEmpty() ? 1e4 : 1e6;
    const auto dollars = dollarsFrom(typed, most, tr("Enter a price, such as 0.04."));
    if (!dollars)
        return base::fail(dollars.error());
    return priceOf(*dollars, &UnitPrice::fromDollars);
}

Result<domain::ModelPrice>
PriceParts::with(domain::ModelPrice price, PricePart part, const QString &typed)
{
    if (!price.isInDollars() && typed.contains(u'$')) {
        return base::fail(unreadable(
            tr("This price is in %1, not in dollars.").arg(QString::fromLatin1(price.currency))));
    }
    const Result<std::optional<UnitPrice>> value = read(typed, price.currency);
    if (!value)
        return base::fail(value.error());
    if (isObligatory(part) && !*value) {
        return base::fail(unreadable(tr("The plain input and output need a price; 0 is free.")));
    }
    set(price.tokens, part, *value);
    return price;
}

} // namespace gatehouse::ui
