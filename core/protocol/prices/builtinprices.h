#pragma once

#include "base/result.h"
#include "domain/modelprice.h"

#include <QDate>

#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::protocol {

struct PricedModel;
struct PriceTable;

// The list prices that come with the program, made from @pydantic/genai-prices and a few entries of
// our own (resources/prices). Immutable; copies share one table, and any thread may ask.
//
// A provider is named as domain::ProviderType::priceProvider names it; an empty one means that
// nothing is known of it. Channels of local types cost nothing and should not be looked up: their
// models carry the names of ones that others charge for.
class BuiltinPrices
{
public:
    // Reads the table, which takes some milliseconds and about a megabyte.
    static base::Result<BuiltinPrices> load();

    // The price on the day `on`: the provider's own, else the one of whoever makes the model, else
    // that of a well-known reseller. nullopt: not known, or charged in units that ModelPrice lacks.
    std::optional<domain::ModelPrice>
    find(QByteArrayView priceProvider, QByteArrayView model, QDate on) const;
    std::optional<domain::ModelPrice> find(QByteArrayView priceProvider,
                                           QByteArrayView model) const;

    // The prices of all days, each with the moment from which on it is in force; the first one ever since.
    // Empty: not known.
    std::vector<domain::ModelPrice> history(QByteArrayView priceProvider,
                                            QByteArrayView model) const;

    // In tokens.
    std::optional<qint64> contextWindow(QByteArrayView priceProvider, QByteArrayView model) const;

    // Of the package that the table was made from.
    QByteArray version() const;
    QDate asOf() const;

private:
    struct Answer
    {
        const PricedModel *model = nullptr;
        bool ownProvider = false; // found where it was asked for
        bool isFree = false;      // by its name, whatever the model costs
    };

    explicit BuiltinPrices(std::shared_ptr<const PriceTable> table);
    Answer lookUp(QByteArrayView priceProvider, const QByteArray &name) const;
    Answer lookUpVariant(QByteArrayView priceProvider, const QByteArray &name) const;
    const PricedModel *elsewhere(const QByteArray &name) const;
    const PricedModel *ofProvider(QByteArrayView id, const QByteArray &name) const;

    std::shared_ptr<const PriceTable> m_table;
};

} // namespace gatehouse::protocol
