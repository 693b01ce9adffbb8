#pragma once

#include "domain/catalog.h"

#include <QMap>
#include <QString>

namespace gatehouse::admin {

// The views of prices that One API and its descendants have.
enum class RatioKind {
    Model,      // ModelRatio: dollars for 500,000 input tokens
    Completion, // CompletionRatio: output price by input price
    Cache,      // CacheRatio: price of what is read from a cache by input price
    Call,       // ModelPrice: dollars for one call
};

using Ratios = QMap<QString, double>;

// One price of the catalog under the name that the views give it: the provider's name of the model,
// and "name(type)" where channels of another type have another price.
struct NamedPrice
{
    QString name{};
    domain::ModelPrice price{};
};

// The edited prices of models, of which each has one, and those in force at `now` (milliseconds since 1970) of the models that channels name. Channels of
// local types are left out.
std::vector<NamedPrice> namedPrices(const domain::Catalog &catalog,
                                    const std::vector<domain::ModelPrice> &edited,
                                    qint64 now);
Ratios ratiosOf(const std::vector<NamedPrice> &prices, RatioKind kind);

// The option's text, a JSON object of numbers. Negative, infinite and absurd ones are refused.
base::Result<Ratios> ratiosFrom(const QString &json);
QString jsonOf(const Ratios &ratios);

// `price` after the ratio was set to `value`. Setting the model ratio scales the other token prices
// along; setting a price for each call ends the prices of tokens.
domain::ModelPrice withRatio(domain::ModelPrice price, RatioKind kind, double value);

} // namespace gatehouse::admin
