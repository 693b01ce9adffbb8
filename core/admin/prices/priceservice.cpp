#include "admin/prices/priceservice.h"

#include "admin/prices/pricestore.h"
#include "admin/prices/stillunpriced.h"
#include "relay/exchange/settlement.h"
#include "storage/repositories/pricerepository.h"
#include "storage/traffic/usagerepository.h"
#include "storage/transaction.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Catalog;
using domain::ChannelId;
using domain::ModelPrice;
using storage::Database;
using storage::PriceRepository;

namespace {

constexpr qsizetype longestModel = 200;

// A name of the views taken apart: "model" or "model(type)", the latter only where such a type is
// known.
struct ViewName
{
    QByteArray model{};
    int type = 0; // 0: whatever the channel
};

ViewName viewName(const QString &name)
{
    const qsizetype open = name.lastIndexOf(u'(');
    if (open > 0 && name.endsWith(u')')) {
        bool ok = false;
        const int type = name.mid(open + 1, name.size() - open - 2).toInt(&ok);
        if (ok && domain::providerType(type))
            return {name.left(open).toUtf8(), type};
    }
    return {name.toUtf8(), 0};
}

bool sameRatio(double left, double right)
{
    return std::abs(left - right) <= 1e-9 * std::max(1.0, std::abs(right));
}

// Those of the edited ones that are in force, in dollars; those of a currency without a rate are left out.
std::vector<ModelPrice>
dollarPrices(const Catalog &catalog, const std::vector<ModelPrice> &edited, qint64 now)
{
    std::vector<ModelPrice> prices;
    for (const ModelPrice &price : domain::pricesInForce(edited, now)) {
        if (auto dollars = catalog.exchangeRates().inDollars(price))
            prices.push_back(std::move(*dollars));
    }
    return prices;
}

// What setRatios() works on, in a storage thread.
class RatioWriter
{
public:
    RatioWriter(Database &database, const Catalog &catalog, RatioKind kind, qint64 now)
        : m_database(database)
        , m_catalog(catalog)
        , m_kind(kind)
        , m_now(now)
    {}

    Result<> write(const Ratios &wanted)
    {
        const qint64 moment = m_now * 1000;
        const auto edited =
            PriceRepository(m_database).all().map([&](const std::vector<ModelPrice> &all) {
                return dollarPrices(m_catalog, all, moment);
            });
        if (!edited)
            return fail(edited.error());
        for (const NamedPrice &named : namedPrices(m_catalog, *edited, moment))
            m_known.insert(named.name, named.price);
        const Ratios present = presentRatios();
        for (auto it = wanted.cbegin(); it != wanted.cend(); ++it) {
            if (present.contains(it.key()) && sameRatio(it.value(), present.value(it.key())))
                continue;
            if (Result<> stored = set(it.key(), it.value()); !stored)
                return stored;
        }
        const bool wholeMap = m_kind == RatioKind::Model || m_kind == RatioKind::Call;
        return wholeMap ? removeMissing(*edited, present, wanted) : Result<>();
    }

private:
    Ratios presentRatios() const
    {
        std::vector<NamedPrice> all;
        for (auto it = m_known.cbegin(); it != m_known.cend(); ++it)
            all.push_back({it.key(), it.value()});
        return ratiosOf(all, m_kind);
    }

    Result<> set(const QString &name, double value)
    {
        const ViewName view = viewName(name);
        ModelPrice price = m_known.value(name, m_known.value(QString::fromUtf8(view.model)));
        price = withRatio(std::move(price), m_kind, value);
        price.model = view.model;
        price.source = domain::PriceSource::Edited;
        price.asOf = m_now;
        price.effectiveFrom = m_now;
        price.channel.reset();
        if (view.type == 0)
            return storePrice(m_database, price);
        for (const auto &channel : m_catalog.channels()) {
            if (channel->channel.type != view.type)
                continue;
            price.channel = channel->channel.id;
            if (Result<> stored = storePrice(m_database, price); !stored)
                return stored;
        }
        return {};
    }

    Result<> removeMissing(const std::vector<ModelPrice> &edited,
                           const Ratios &present,
                           const Ratios &wanted)
    {
        for (const ModelPrice &price : edited) {
            const QString name = QString::fromUtf8(price.model);
            if (price.channel || wanted.contains(name) || !present.contains(name))
                continue;
            if (Result<> removed = storePriceRemoval(m_database, price.model); !removed)
                return removed;
        }
        return {};
    }

    Database &m_database;
    const Catalog &m_catalog;
    const RatioKind m_kind;
    const qint64 m_now; // seconds since 1970
    QMap<QString, ModelPrice> m_known{};
};

bool isNegative(const domain::TokenPrices &tokens)
{
    for (const auto &part : {tokens.cacheRead,
                             tokens.cacheWrite,
                             tokens.cacheWriteLong,
                             tokens.reasoning,
                             tokens.inputAudio,
                             tokens.outputAudio}) {
        if (part && part->picoDollars < 0)
            return true;
    }
    return tokens.input.picoDollars < 0 || tokens.output.picoDollars < 0;
}

Result<> checkWindows(const std::vector<domain::PriceWindow> &windows)
{
    for (auto window = windows.begin(); window != windows.end(); ++window) {
        if (!window->isSound()) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("The hours of a price are two different times of the day."));
        }
        const bool overlaps = std::any_of(windows.begin(), window, [window](const auto &other) {
            return window->overlaps(other);
        });
        if (overlaps) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("The hours of a price cannot overlap."));
        }
    }
    return {};
}

// Prices of the catalog under the provider's names of the models, each with its channels; and edited
// ones that nothing uses.
std::vector<PriceListing>
listingsOf(const Catalog &catalog, const std::vector<ModelPrice> &edited, qint64 now)
{
    std::vector<PriceListing> all;
    QMultiHash<QByteArray, size_t> byModel;
    // As it was given, where the catalog has it in dollars.
    const auto given = [&edited](const ModelPrice &price) -> const ModelPrice & {
        const auto found =
            std::find_if(edited.begin(), edited.end(), [&price](const ModelPrice &each) {
                return price.source == domain::PriceSource::Edited && each.model == price.model
                       && each.channel == price.channel
                       && each.effectiveFrom == price.effectiveFrom;
            });
        return found == edited.end() ? price : *found;
    };
    const auto note = [&](const ModelPrice &told, const domain::Channel *channel) {
        const ModelPrice &price = given(told);
        // A built-in price stands for each channel on its own; equal ones are one line.
        const auto isSame = [&](size_t place) {
            ModelPrice other = all[place].price;
            if (price.source == domain::PriceSource::BuiltIn)
                other.channel = price.channel;
            return other == price;
        };
        const QList<size_t> known = byModel.values(price.model);
        const auto same = std::find_if(known.cbegin(), known.cend(), isSame);
        const size_t place = same == known.cend() ? all.size() : *same;
        if (same == known.cend()) {
            byModel.insert(price.model, place);
            all.push_back({.price = price});
        }
        std::vector<ChannelId> &ids = all[place].channelIds;
        if (!channel || std::find(ids.cbegin(), ids.cend(), channel->id) != ids.cend())
            return;
        ids.push_back(channel->id);
        all[place].channels.append(channel->name);
    };
    for (const auto &channel : catalog.channels()) {
        if (channel->type->local)
            continue;
        for (const QString &name : channel->channel.models) {
            const QByteArray model = name.toUtf8();
            if (const ModelPrice *price = relay::listedPrice(
                    catalog, *channel, model, channel->providerModel(model), now))
                note(*price, &channel->channel);
        }
    }
    for (const ModelPrice &price : edited)
        note(price, nullptr);
    for (PriceListing &listing : all) {
        if (listing.price.source == domain::PriceSource::Edited)
            listing.state = domain::stateOf(listing.price, edited, now);
        listing.lacksRate = !catalog.exchangeRates().knows(listing.price.currency);
    }
    std::stable_sort(all.begin(), all.end(), [](const auto &left, const auto &right) {
        return left.price.model < right.price.model;
    });
    return all;
}

QMap<QByteArray, UnpricedModel> unpricedOffers(const Catalog &catalog, qint64 now)
{
    QMap<QByteArray, UnpricedModel> models;
    for (const auto &channel : catalog.channels()) {
        for (const QString &name : channel->channel.models) {
            const QByteArray model = name.toUtf8();
            if (!relay::priceFor(catalog, *channel, model, now).unpriced)
                continue;
            const QByteArray provided = channel->providerModel(model);
            models[provided].model = provided;
            if (!models[provided].channels.contains(channel->channel.name))
                models[provided].channels.append(channel->channel.name);
        }
    }
    return models;
}

} // namespace

Result<> validate(const ModelPrice &price)
{
    if (price.model.isEmpty() || price.model.size() > longestModel)
        return fail(ErrorCode::InvalidInput, Message::tr("A price needs the name of a model."));
    bool negative = isNegative(price.tokens) || price.perCall.picoDollars < 0
                    || price.perCharacter.picoDollars < 0;
    const auto areNegative = [](const std::vector<domain::PriceTier> &tiers) {
        return std::any_of(tiers.begin(), tiers.end(), [](const domain::PriceTier &tier) {
            return isNegative(tier.tokens) || tier.aboveInputTokens < 0;
        });
    };
    negative = negative || areNegative(price.tiers);
    for (const domain::PriceWindow &window : price.windows)
        negative = negative || isNegative(window.tokens) || areNegative(window.tiers);
    for (const domain::UnitPrice &picture : price.perImage)
        negative = negative || picture.picoDollars < 0;
    if (!price.isInDollars() && !domain::isCurrency(price.currency)) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A currency is named by its three letters, such as EUR."));
    }
    constexpr qint64 endOfDates = 253'402'300'800; // the year 10000
    if (price.effectiveFrom < 0 || price.effectiveFrom >= endOfDates) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A price cannot be effective from that date."));
    }
    if (negative)
        return fail(ErrorCode::InvalidInput, Message::tr("A price cannot be negative."));
    return checkWindows(price.windows);
}

PriceService::PriceService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{}

Answer<std::vector<ModelPrice>> PriceService::edited()
{
    return m_base.storage.read([](Database &database) { return PriceRepository(database).all(); });
}

Result<> PriceService::checkCurrency(const ModelPrice &price) const
{
    const std::shared_ptr<const Catalog> &catalog = m_base.publisher.catalog();
    if (price.isInDollars() || (catalog && catalog->exchangeRates().knows(price.currency)))
        return {};
    return fail(
        ErrorCode::InvalidInput,
        Message::tr("There is no exchange rate for %1. Say how much of it is a dollar in the "
                    "setting accounting.exchange_rates, such as \"%1 7.1\", then save the "
                    "price again.")
            .arg(QString::fromLatin1(price.currency)));
}

Answer<> PriceService::save(ModelPrice price)
{
    if (Result<> known = checkCurrency(price); !known) {
        const Result<> sound = validate(price);
        return refused<void>(sound ? known.error() : sound.error());
    }
    price.asOf = m_base.now();
    return restore(std::move(price));
}

Answer<> PriceService::restore(ModelPrice price)
{
    if (Result<> sound = validate(price); !sound)
        return refused<void>(sound.error());
    price.source = domain::PriceSource::Edited;
    return m_base.publisher.change(
        [price](Database &database) { return storePrice(database, price); });
}

Answer<> PriceService::edit(std::vector<EditedPrice> prices)
{
    for (EditedPrice &wanted : prices) {
        if (!wanted.price)
            continue;
        wanted.price->model = wanted.model;
        wanted.price->channel = wanted.channel;
        wanted.price->effectiveFrom = wanted.effectiveFrom;
        wanted.price->source = domain::PriceSource::Edited;
        const Result<> sound = validate(*wanted.price).and_then([&] {
            return wanted.restored ? Result<>() : checkCurrency(*wanted.price);
        });
        if (!sound)
            return refused<void>(sound.error());
    }
    return m_base.publisher.change([prices = std::move(prices)](Database &database) -> Result<> {
        Result<storage::Transaction> transaction = storage::Transaction::begin(database);
        if (!transaction)
            return fail(transaction.error());
        for (const EditedPrice &wanted : prices) {
            const Result<> stored =
                wanted.price ? storePrice(database, *wanted.price)
                             : storePriceRemoval(
                                 database, wanted.model, wanted.channel, wanted.effectiveFrom);
            const bool isGone = !stored && stored.error().code == ErrorCode::NotFound;
            if (!stored && !(isGone && !wanted.price))
                return stored;
        }
        return transaction->commit();
    });
}

Answer<> PriceService::remove(const QByteArray &model,
                              std::optional<ChannelId> channel,
                              std::optional<qint64> effectiveFrom)
{
    return m_base.publisher.change([model, channel, effectiveFrom](Database &database) {
        return storePriceRemoval(database, model, channel, effectiveFrom);
    });
}

Answer<std::vector<PriceListing>> PriceService::inForce()
{
    return onSuccess(
        all(), this, [](std::vector<PriceListing> listed) -> Result<std::vector<PriceListing>> {
            std::erase_if(listed, [](const PriceListing &each) {
                return each.state != domain::PriceState::InForce;
            });
            return listed;
        });
}

Answer<std::vector<PriceListing>> PriceService::all()
{
    const std::shared_ptr<const Catalog> catalog = m_base.publisher.catalog();
    if (!catalog) {
        return refused<std::vector<PriceListing>>(ErrorCode::Unavailable,
                                                  Message::tr("The gateway is still starting."));
    }
    return m_base.storage.read(
        [catalog, now = m_base.clock.wallMilliseconds()](Database &database) {
            return PriceRepository(database).all().map([&](const std::vector<ModelPrice> &edited) {
                return listingsOf(*catalog, edited, now);
            });
        });
}

Answer<std::vector<UnpricedModel>> PriceService::unpriced()
{
    using Models = std::vector<UnpricedModel>;
    const std::shared_ptr<const Catalog> catalog = m_base.publisher.catalog();
    if (!catalog)
        return refused<Models>(ErrorCode::Unavailable,
                               Message::tr("The gateway is still starting."));
    constexpr qint64 month = 30LL * 24 * 60 * 60 * 1000;
    const qint64 now = m_base.clock.wallMilliseconds();
    return m_base.storage.read([catalog, now](Database &database) -> Result<Models> {
        const auto used = storage::UsageRepository(database).unpriced(now - month);
        if (!used)
            return fail(used.error());
        QMap<QByteArray, UnpricedModel> models = unpricedOffers(*catalog, now);
        QSet<QByteArray> names;
        for (const storage::UnpricedUsage &one : *used)
            names.insert(one.providerModel);
        const QSet<QByteArray> unpriced = stillUnpriced(*catalog, names, now);
        for (const storage::UnpricedUsage &one : *used) {
            if (!unpriced.contains(one.providerModel))
                continue;
            UnpricedModel &model = models[one.providerModel];
            model.model = one.providerModel;
            model.requests = one.requests;
            model.lastUsed = one.lastUsed;
        }
        return Models(models.cbegin(), models.cend());
    });
}

Answer<std::vector<NamedPrice>> PriceService::named()
{
    return onSuccess(edited(), this, [this](const std::vector<ModelPrice> &prices) {
        const auto &catalog = m_base.publisher.catalog();
        const qint64 now = m_base.clock.wallMilliseconds();
        return catalog
                   ? Result<std::vector<NamedPrice>>(
                       namedPrices(*catalog, dollarPrices(*catalog, prices, now), now))
                   : fail(ErrorCode::Unavailable, Message::tr("The gateway is still starting."));
    });
}

Answer<> PriceService::setRatios(RatioKind kind, Ratios ratios)
{
    const std::shared_ptr<const Catalog> catalog = m_base.publisher.catalog();
    if (!catalog)
        return refused<void>(ErrorCode::Unavailable, Message::tr("The gateway is still starting."));
    return m_base.publisher.change(
        [catalog, kind, ratios = std::move(ratios), now = m_base.now()](Database &database) {
            return RatioWriter(database, *catalog, kind, now).write(ratios);
        });
}

} // namespace gatehouse::admin
