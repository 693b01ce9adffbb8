#pragma once

#include "base/result.h"
#include "domain/modelprice.h"

#include <QDate>
#include <QRegularExpression>

#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::protocol {

// Whether a model's name, in lower case, is meant by an entry of the price table.
struct NameRule
{
    enum class Kind { Equals, StartsWith, EndsWith, Contains, Matches, Any, All };

    Kind kind = Kind::Equals;
    QByteArray text{};
    std::shared_ptr<const QRegularExpression> pattern{}; // of Kind::Matches
    std::vector<NameRule> parts{};                       // of Kind::Any and Kind::All

    bool covers(QByteArrayView name) const;
};

// Prices that hold from a day on.
struct DatedPrice
{
    QDate from{}; // null: ever since
    domain::TokenPrices tokens{};
    std::vector<domain::PriceTier> tiers{};
    std::vector<domain::PriceWindow> windows{};
    domain::UnitPrice perCall{};
    domain::UnitPrice perCharacter{};
    QMap<QByteArray, domain::UnitPrice> perImage{};

    bool isFree() const;
};

struct PricedModel
{
    NameRule names{};
    qint64 contextWindow = 0; // tokens; 0: unknown
    // By rising date. Empty: the provider charges in units that a ModelPrice does not know.
    std::vector<DatedPrice> prices{};
    QDate asOf{};

    // Null only if there are no prices at all.
    const DatedPrice *priceOn(QDate day) const;
};

struct PricedProvider
{
    QByteArray id{};
    std::optional<NameRule> claims{}; // the names that are this provider's own
    std::vector<QByteArray> fallbacks{};
    std::vector<PricedModel> models{};

    const PricedModel *model(QByteArrayView name) const;
};

// The price table of resources/prices, as packaging/make-prices.mjs writes it.
struct PriceTable
{
    std::vector<PricedProvider> providers{};
    QByteArray version{};
    QDate asOf{};

    const PricedProvider *provider(QByteArrayView id) const;
    // Also looks into the providers that this one resells.
    const PricedModel *model(const PricedProvider &provider, QByteArrayView name) const;
};

// Adds what `json` lists to `table`. A model that is added to a provider the table has already
// comes after those that it had.
base::Result<> readPrices(QByteArrayView json, PriceTable &table);

} // namespace gatehouse::protocol
