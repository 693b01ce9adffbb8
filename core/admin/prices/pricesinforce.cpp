#include "admin/prices/pricesinforce.h"

#include <QSet>

namespace gatehouse::admin {

const std::optional<domain::ModelPrice> &PricesInForce::find(const QByteArray &provider,
                                                             const QByteArray &model)
{
    const std::pair key(provider, model);
    auto known = m_known.find(key);
    if (known == m_known.end())
        known = m_known.insert(key, m_builtIn(provider, model));
    return *known;
}

void PricesInForce::complete(domain::CatalogContent &content, qint64 day)
{
    if (!m_builtIn)
        return;
    if (day != m_day)
        m_known.clear();
    m_day = day;

    // Channel and model; channel 0 stands for the price of the model wherever it is served.
    QSet<std::pair<qint64, QByteArray>> priced;
    std::vector<std::pair<qint64, QByteArray>> patterns;
    for (const domain::ModelPrice &price : content.prices) {
        const std::pair place(price.channel ? price.channel->value : 0, price.model);
        if (price.isPattern())
            patterns.push_back(place);
        else
            priced.insert(place);
    }
    const auto isNamed = [&patterns](domain::ChannelId channel, const QByteArray &model) {
        return std::any_of(patterns.begin(), patterns.end(), [&](const auto &pattern) {
            return (pattern.first == 0 || pattern.first == channel.value)
                   && domain::namesModel(pattern.second, model);
        });
    };

    for (const domain::Channel &channel : content.channels) {
        const domain::ProviderType *type = domain::providerType(channel.type);
        if (!type || type->local)
            continue;
        for (const QString &requested : channel.models) {
            const QByteArray model = channel.providerModel(requested).toUtf8();
            const std::pair place(channel.id.value, model);
            if (priced.contains({0, model}) || priced.contains(place) || isNamed(channel.id, model))
                continue;
            priced.insert(place);
            if (const auto &found = find(type->priceProvider, model)) {
                domain::ModelPrice price = *found;
                price.model = model;
                price.channel = channel.id;
                content.prices.push_back(std::move(price));
            }
        }
    }
}

} // namespace gatehouse::admin
