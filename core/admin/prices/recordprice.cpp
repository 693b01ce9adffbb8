#include "admin/prices/recordprice.h"

namespace gatehouse::admin {

relay::AppliedPrice priceOfRecord(const domain::Catalog &catalog,
                                  const domain::CatalogChannel &channel,
                                  const domain::UsageRecord &record,
                                  qint64 now)
{
    const QByteArray providerModel =
        record.providerModel.isEmpty() ? channel.providerModel(record.model) : record.providerModel;
    relay::AppliedPrice applied =
        relay::priceFor(catalog, channel, record.model, providerModel, record.begunAt());
    if (!applied.price.model.isEmpty())
        return applied;
    const bool wasPriced =
        !record.unpriced
        && relay::listedPrice(catalog, channel, record.model, providerModel, record.begunAt());
    if (wasPriced)
        return applied;
    const domain::ModelPrice *given =
        relay::listedPrice(catalog, channel, record.model, providerModel, now);
    if (given && given->isInDollars())
        applied = {.price = given->at(record.begunAt())};
    return applied;
}

} // namespace gatehouse::admin
