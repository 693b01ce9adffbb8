#include "admin/prices/ratios.h"

#include "base/json.h"

#include <QSet>

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::ModelPrice;
using domain::TokenPrices;
using domain::UnitPrice;

namespace {

// A ratio of 1 stands for 2 dollars a million tokens.
constexpr double picoDollarsOfRatio = 2e6;
constexpr double largestRatio = 1e6;
constexpr qsizetype mostModels = 10'000;
constexpr qsizetype longestName = 200;

double quotient(UnitPrice price, UnitPrice by)
{
    return static_cast<double>(price.picoDollars) / static_cast<double>(by.picoDollars);
}

UnitPrice scaled(UnitPrice price, double factor)
{
    constexpr double largest = 9.2e18;
    const double value = std::round(static_cast<double>(price.picoDollars) * factor);
    return {static_cast<qint64>(std::min(value, largest))};
}

// True if tokens are what is paid for.
bool pricesTokens(const ModelPrice &price)
{
    return price.perCall.picoDollars == 0 && price.perCharacter.picoDollars == 0
           && (price.perImage.isEmpty() || price.tokens.input.picoDollars > 0);
}

std::optional<double> ratioOf(const ModelPrice &price, RatioKind kind)
{
    const TokenPrices &tokens = price.tokens;
    switch (kind) {
    case RatioKind::Model:
        if (!pricesTokens(price))
            return std::nullopt;
        return static_cast<double>(tokens.input.picoDollars) / picoDollarsOfRatio;
    case RatioKind::Completion:
        if (!pricesTokens(price) || tokens.input.picoDollars == 0)
            return std::nullopt;
        return quotient(tokens.output, tokens.input);
    case RatioKind::Cache:
        if (!pricesTokens(price) || tokens.input.picoDollars == 0 || !tokens.cacheRead)
            return std::nullopt;
        return quotient(*tokens.cacheRead, tokens.input);
    case RatioKind::Call:
        if (price.perCall.picoDollars == 0)
            return std::nullopt;
        return price.perCall.dollars();
    }
    return std::nullopt;
}

void scale(TokenPrices &tokens, double factor)
{
    tokens.input = scaled(tokens.input, factor);
    tokens.output = scaled(tokens.output, factor);
    for (auto *part : {&tokens.cacheRead,
                       &tokens.cacheWrite,
                       &tokens.cacheWriteLong,
                       &tokens.reasoning,
                       &tokens.inputAudio,
                       &tokens.outputAudio}) {
        if (*part)
            *part = scaled(**part, factor);
    }
}

// The plain ones, and those of longer inputs and of other hours.
template<typename Change>
void forAllTokens(ModelPrice &price, Change change)
{
    const auto ofTiers = [&change](std::vector<domain::PriceTier> &tiers) {
        for (domain::PriceTier &tier : tiers)
            change(tier.tokens);
    };
    change(price.tokens);
    ofTiers(price.tiers);
    for (domain::PriceWindow &window : price.windows) {
        change(window.tokens);
        ofTiers(window.tiers);
    }
}

void setModelRatio(ModelPrice &price, double value)
{
    const UnitPrice input{static_cast<qint64>(std::llround(value * picoDollarsOfRatio))};
    const bool wasPriced = pricesTokens(price) && price.tokens.input.picoDollars > 0;
    price.perCall = {};
    price.perCharacter = {};
    if (!wasPriced) {
        // Without a known relation, output costs what input does.
        price.tokens.input = input;
        if (price.tokens.output.picoDollars == 0)
            price.tokens.output = input;
        return;
    }
    const double factor = quotient(input, price.tokens.input);
    forAllTokens(price, [factor](TokenPrices &tokens) { scale(tokens, factor); });
    price.tokens.input = input;
}

void setCompletionRatio(TokenPrices &tokens, double value)
{
    const UnitPrice output = scaled(tokens.input, value);
    const bool known = tokens.output.picoDollars > 0;
    const double factor = known ? quotient(output, tokens.output) : 1;
    tokens.output = output;
    for (auto *part : {&tokens.reasoning, &tokens.outputAudio}) {
        if (*part && known)
            *part = scaled(**part, factor);
    }
}

} // namespace

std::vector<NamedPrice>
namedPrices(const domain::Catalog &catalog, const std::vector<ModelPrice> &edited, qint64 now)
{
    std::vector<NamedPrice> named;
    QHash<QByteArray, ModelPrice> known;
    for (const ModelPrice &price : edited) {
        if (price.channel)
            continue;
        known.insert(price.model, price);
        named.push_back({QString::fromUtf8(price.model), price});
    }
    QSet<QString> ofTypes;
    for (const auto &channel : catalog.channels()) {
        if (channel->type->local)
            continue;
        for (const QString &requested : channel->channel.models) {
            const QByteArray model = channel->providerModel(requested.toUtf8());
            const ModelPrice *price = catalog.price(channel->channel.id, model, now);
            if (!price || !price->isInDollars())
                continue;
            const auto first = known.constFind(model);
            if (first == known.cend()) {
                known.insert(model, *price);
                named.push_back({QString::fromUtf8(model), *price});
                continue;
            }
            const bool same = first->tokens == price->tokens && first->perCall == price->perCall;
            const QString name =
                u"%1(%2)"_s.arg(QString::fromUtf8(model)).arg(channel->channel.type);
            if (same || ofTypes.contains(name))
                continue;
            ofTypes.insert(name);
            named.push_back({name, *price});
        }
    }
    return named;
}

Ratios ratiosOf(const std::vector<NamedPrice> &prices, RatioKind kind)
{
    Ratios ratios;
    for (const NamedPrice &named : prices) {
        if (const std::optional<double> ratio = ratioOf(named.price, kind))
            ratios.insert(named.name, *ratio);
    }
    return ratios;
}

Result<Ratios> ratiosFrom(const QString &json)
{
    const Result<QJsonObject> object = base::parseJsonObject(json.toUtf8());
    if (!object)
        return fail(object.error());
    if (object->size() > mostModels)
        return fail(ErrorCode::InvalidInput, Message::tr("There are too many entries."));
    Ratios ratios;
    for (auto it = object->constBegin(); it != object->constEnd(); ++it) {
        const double value = it->toDouble(std::nan(""));
        if (!it->isDouble() || !std::isfinite(value) || value < 0 || value > largestRatio) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("The value of \"%1\" must be a number from 0 to %2.")
                            .arg(it.key().left(longestName))
                            .arg(largestRatio, 0, 'f', 0));
        }
        if (it.key().isEmpty() || it.key().size() > longestName)
            return fail(ErrorCode::InvalidInput, Message::tr("A name is empty or too long."));
        ratios.insert(it.key(), value);
    }
    return ratios;
}

QString jsonOf(const Ratios &ratios)
{
    QJsonObject object;
    for (auto it = ratios.cbegin(); it != ratios.cend(); ++it)
        object.insert(it.key(), it.value());
    return QString::fromUtf8(base::compactJson(object));
}

ModelPrice withRatio(ModelPrice price, RatioKind kind, double value)
{
    switch (kind) {
    case RatioKind::Model:
        setModelRatio(price, value);
        break;
    case RatioKind::Completion:
        forAllTokens(price, [value](TokenPrices &tokens) { setCompletionRatio(tokens, value); });
        break;
    case RatioKind::Cache:
        forAllTokens(price, [value](TokenPrices &tokens) {
            tokens.cacheRead = scaled(tokens.input, value);
        });
        break;
    case RatioKind::Call:
        price.tokens = {};
        price.tiers.clear();
        price.windows.clear();
        price.perCharacter = {};
        price.perImage.clear();
        price.perCall = UnitPrice::fromDollars(value);
        break;
    }
    return price;
}

} // namespace gatehouse::admin
