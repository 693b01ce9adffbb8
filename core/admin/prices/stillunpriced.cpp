#include "admin/prices/stillunpriced.h"

#include "relay/exchange/settlement.h"

namespace gatehouse::admin {

QSet<QByteArray>
stillUnpriced(const domain::Catalog &catalog, const QSet<QByteArray> &models, qint64 now)
{
    QSet<QByteArray> priced;
    QSet<QByteArray> unpriced;
    for (const auto &channel : catalog.channels()) {
        if (models.isEmpty())
            break;
        if (channel->type->local) // what it serves is free, but another may have been meant
            continue;
        for (const QString &offered : channel->channel.models) {
            const QByteArray name = offered.toUtf8();
            for (const QByteArray &model : {name, channel->providerModel(name)}) {
                if (models.contains(model))
                    (relay::priceFor(catalog, *channel, name, now).unpriced ? unpriced : priced)
                        .insert(model);
            }
        }
    }
    for (const QByteArray &model : models) {
        const domain::ModelPrice *price = catalog.price({}, model, now);
        if (!priced.contains(model) && !(price && price->isInDollars()))
            unpriced.insert(model);
    }
    return unpriced;
}

} // namespace gatehouse::admin
