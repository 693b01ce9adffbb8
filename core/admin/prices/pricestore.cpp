#include "admin/prices/pricestore.h"

#include "admin/history/differences.h"
#include "admin/history/recording.h"
#include "storage/repositories/pricerepository.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::fail;
using base::Result;
using domain::ChannelId;
using domain::HistoryAction;
using domain::ModelPrice;
using storage::Database;
using storage::PriceRepository;

namespace {

Recorded recordedPrice(const QByteArray &model,
                       std::optional<ChannelId> channel,
                       HistoryAction action,
                       domain::FieldChanges fields = {})
{
    if (channel)
        fields.insert(fields.begin(), {.field = u"channel"_s, .after = channel->value});
    return {.object = domain::HistoryObject::Price,
            .name = QString::fromUtf8(model),
            .action = action,
            .fields = std::move(fields)};
}

// What the price is compared with: that which it replaces, or the one before it that is the latest.
Result<std::optional<ModelPrice>> formerOf(const PriceRepository &prices, const ModelPrice &price)
{
    const Result<std::optional<ModelPrice>> latest = prices.find(price.model, price.channel);
    if (!latest || !*latest || (*latest)->effectiveFrom <= price.effectiveFrom)
        return latest;
    return prices.all().map([&](const std::vector<ModelPrice> &all) {
        const auto same = std::find_if(all.begin(), all.end(), [&price](const ModelPrice &each) {
            return each.model == price.model && each.channel == price.channel
                   && each.effectiveFrom == price.effectiveFrom;
        });
        return same == all.end() ? std::nullopt : std::optional(*same);
    });
}

} // namespace

Result<> storePrice(Database &database, const ModelPrice &price)
{
    PriceRepository prices(database);
    const Result<std::optional<ModelPrice>> former = formerOf(prices, price);
    if (!former)
        return fail(former.error());
    const bool isNew = !*former;
    domain::FieldChanges fields = differences(former->value_or(ModelPrice{}), price);
    if (!isNew && fields.empty())
        return prices.save(price);
    return prices.save(price).and_then([&] {
        return record(database,
                      recordedPrice(price.model,
                                    price.channel,
                                    isNew ? HistoryAction::Created : HistoryAction::Changed,
                                    std::move(fields)));
    });
}

Result<> storePriceRemoval(Database &database,
                           const QByteArray &model,
                           std::optional<ChannelId> channel,
                           std::optional<qint64> effectiveFrom)
{
    PriceRepository prices(database);
    const Result<> removed = effectiveFrom ? prices.remove(model, channel, *effectiveFrom)
                                           : prices.remove(model, channel);
    return removed.and_then([&] {
        domain::FieldChanges fields;
        if (effectiveFrom.value_or(0) > 0)
            fields.push_back({.field = u"effective_from"_s, .before = *effectiveFrom});
        return record(database,
                      recordedPrice(model, channel, HistoryAction::Removed, std::move(fields)));
    });
}

} // namespace gatehouse::admin
