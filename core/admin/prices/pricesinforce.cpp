#include "admin/prices/pricesinforce.h"

#include <QSet>

#include <limits>

namespace gatehouse::admin {

namespace {

constexpr qint64 never = std::numeric_limits<qint64>::max();

} // namespace

const std::vector<domain::ModelPrice> &PricesInForce::find(const QByteArray &provider,
                                                           const QByteArray &model)
{
    const std::pair key(provider, model);
    auto known = m_known.find(key);
    if (known == m_known.end())
        known = m_known.insert(key, m_builtIn(provider, model));
    return *known;
}

void PricesInForce::complete(domain::CatalogContent &content)
{
    if (!m_builtIn)
        return;

    // Channel and model; channel 0 stands for the price of the model wherever it is served. With the date
    // from which on it has a price.
    QHash<std::pair<qint64, QByteArray>, qint64> priced;
    std::vector<std::pair<std::pair<qint64, QByteArray>, qint64>> patterns;
    for (const domain::ModelPrice &price : content.prices) {
        const std::pair place(price.channel ? price.channel->value : 0, price.model);
        if (price.isPattern())
            patterns.emplace_back(place, price.effectiveFrom);
        else
            priced.insert(place, std::min(price.effectiveFrom, priced.value(place, never)));
    }
    const auto pricedSince = [&](domain::ChannelId channel, const QByteArray &model) {
        qint64 since =
            std::min(priced.value({0, model}, never), priced.value({channel.value, model}, never));
        for (const auto &[pattern, from] : patterns) {
            const bool isOfChannel = pattern.first == 0 || pattern.first == channel.value;
            if (from < since && isOfChannel && domain::namesModel(pattern.second, model))
                since = from;
        }
        return since;
    };

    QSet<std::pair<qint64, QByteArray>> completed;
    for (const domain::Channel &channel : content.channels) {
        const domain::ProviderType *type = domain::providerType(channel.type);
        if (!type || type->local)
            continue;
        for (const QString &requested : channel.models) {
            const QByteArray model = channel.providerModel(requested).toUtf8();
            const std::pair place(channel.id.value, model);
            const qint64 since = pricedSince(channel.id, model);
            if (since <= 0 || completed.contains(place))
                continue;
            completed.insert(place);
            for (domain::ModelPrice price : find(type->priceProvider, model)) {
                price.model = model;
                price.channel = channel.id;
                // Where a person's price begins later, the list price is in force until then.
                (since == never ? content.prices : content.lastPrices).push_back(std::move(price));
            }
        }
    }
}

} // namespace gatehouse::admin
