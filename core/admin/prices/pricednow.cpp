#include "admin/prices/pricednow.h"

#include "relay/settlement.h"

namespace gatehouse::admin {

bool isPricedNow(const domain::Catalog &catalog, const QByteArray &model)
{
    bool priced = catalog.price({}, model) != nullptr;
    for (const auto &channel : catalog.channels()) {
        if (channel->type->local) // what it serves is free, but another may have been meant
            continue;
        for (const QString &offered : channel->channel.models) {
            const QByteArray name = offered.toUtf8();
            if (name != model && channel->providerModel(name) != model)
                continue;
            if (relay::priceFor(catalog, *channel, name).unpriced)
                return false;
            priced = true;
        }
    }
    return priced;
}

} // namespace gatehouse::admin
