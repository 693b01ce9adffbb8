#pragma once

#include "domain/catalog.h"

#include <functional>
#include <optional>

namespace gatehouse::admin {

// Looks a model up in the built-in table: the id of a provider in it (empty: any), the provider's
// name of the model. Called in a pool's thread.
using BuiltInPrice =
    std::function<std::optional<domain::ModelPrice>(QByteArrayView provider, QByteArrayView model)>;

// Completes the edited prices of a catalog with those of the built-in table. What was looked up is
// kept for the day, since some list prices change with the date. Used in one thread at a time.
class PricesInForce
{
public:
    explicit PricesInForce(BuiltInPrice builtIn)
        : m_builtIn(std::move(builtIn))
    {}

    // Adds a price for each model of each channel that has neither an edited price of its own nor one for
    // the model, nor one whose pattern names it, or none that has been in force ever since: keyed by the
    // provider's name of the model and by the channel. Channels of local types are left out, since what
    // they serve costs nothing. `day` tells one day from the next.
    void complete(domain::CatalogContent &content, qint64 day);

private:
    const std::optional<domain::ModelPrice> &find(const QByteArray &provider,
                                                  const QByteArray &model);

    const BuiltInPrice m_builtIn;
    QHash<std::pair<QByteArray, QByteArray>, std::optional<domain::ModelPrice>> m_known{};
    qint64 m_day = 0;
};

} // namespace gatehouse::admin
