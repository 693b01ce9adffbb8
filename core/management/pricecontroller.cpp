#include "management/pricecontroller.h"

#include "management/pricejson.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::Message;
using base::Result;
using domain::ChannelId;
using domain::ModelPrice;

namespace {

QString nameOf(domain::PriceState state)
{
    switch (state) {
    case domain::PriceState::InForce:
        return u"in force"_s;
    case domain::PriceState::Future:
        return u"future"_s;
    case domain::PriceState::Former:
        return u"former"_s;
    }
    return {};
}

} // namespace

void PriceController::addTo(Router &router)
{
    router.add({.method = "GET",
                .pattern = "/api/price",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return list(call); }});
    router.add({.method = "PUT",
                .pattern = "/api/price",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return save(call); },
                .hasBody = true});
    router.add({.method = "DELETE",
                .pattern = "/api/price",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return remove(call); }});
}

Response PriceController::list(const Call &call)
{
    const auto told = [](const std::vector<admin::PriceListing> &prices) {
        QJsonArray array;
        for (const admin::PriceListing &each : prices) {
            QJsonObject price = priceJson(each.price);
            price.insert(u"channels"_s, QJsonArray::fromStringList(each.channels));
            price.insert(u"state"_s, nameOf(each.state));
            if (each.lacksRate)
                price.insert(u"lacks_rate"_s, true);
            array.append(price);
        }
        return array;
    };
    const bool withAllDates = call.text(u"all"_s) == u"true"_s;
    return respond(withAllDates ? m_admin.prices.all() : m_admin.prices.inForce(), told);
}

Response PriceController::save(const Call &call)
{
    const Result<ModelPrice> price = readPrice(call.body, m_admin.foundation.now());
    if (!price)
        return responded(price.error());
    const auto &catalog = m_admin.publisher.catalog();
    if (price->channel && !(catalog && catalog->channel(*price->channel))) {
        return responded(base::Error{
            .code = ErrorCode::NotFound,
            .message = Message::tr("There is no channel %1.").arg(price->channel->value)});
    }
    return respond(m_admin.prices.save(*price));
}

// Names of models hold slashes, so that they are parameters.
Response PriceController::remove(const Call &call)
{
    const Result<qint64> channel = call.number(u"channel_id"_s);
    if (!channel)
        return responded(channel.error());
    std::optional<qint64> effectiveFrom;
    if (!call.text(u"effective_from"_s).isEmpty()) {
        const Result<qint64> from = call.number(u"effective_from"_s);
        if (!from)
            return responded(from.error());
        effectiveFrom = *from;
    }
    return respond(
        m_admin.prices.remove(call.text(u"model"_s).toUtf8(),
                              *channel == 0 ? std::nullopt : std::optional(ChannelId{*channel}),
                              effectiveFrom));
}

} // namespace gatehouse::management
