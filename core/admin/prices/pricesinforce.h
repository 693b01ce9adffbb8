#pragma once

#include "domain/catalog.h"

#include <functional>
#include <vector>

namespace gatehouse::admin {

// Looks a model up in the built-in table: the id of a provider in it (empty: any), the provider's
// name of the model. Its prices of all dates; empty: it is not known. Called in a pool's thread.
using BuiltInPrice =
    std::function<std::vector<domain::ModelPrice>(QByteArrayView provider, QByteArrayView model)>;

// Completes the edited prices of a catalog with those of the built-in table. What was looked up is
// kept. Used in one thread at a time.
class PricesInForce
{
public:
    explicit PricesInForce(BuiltInPrice builtIn)
        : m_builtIn(std::move(builtIn))
    {}

    // Adds the prices for each model of each channel that has neither an edited price of its own nor one for
    // the model, nor one whose pattern names it, or none that has been in force ever since: keyed by the
    // provider's name of the model and by the channel. Channels of local types are left out, since what
    // they serve costs nothing.
    void complete(domain::CatalogContent &content);

private:
    const std::vector<domain::ModelPrice> &find(const QByteArray &provider,
                                                const QByteArray &model);

    const BuiltInPrice m_builtIn;
    QHash<std::pair<QByteArray, QByteArray>, std::vector<domain::ModelPrice>> m_known{};
};

} // namespace gatehouse::admin
