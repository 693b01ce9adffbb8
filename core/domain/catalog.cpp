#include "domain/catalog.h"

#include <algorithm>

namespace gatehouse::domain {

namespace {

// A key for a look-up that neither copies nor owns; it must not outlive `bytes`.
QByteArray borrowed(QByteArrayView bytes)
{
    return QByteArray::fromRawData(bytes.data(), bytes.size());
}

bool hasEnabled(const Candidates &candidates)
{
    return std::any_of(candidates.cbegin(), candidates.cend(), [](const CatalogChannel *channel) {
        return channel->channel.isEnabled();
    });
}

// In place of one of the same date.
void putInto(std::vector<ModelPrice> &history, const ModelPrice &price)
{
    const auto place =
        std::find_if(history.begin(), history.end(), [&price](const ModelPrice &each) {
            return each.effectiveFrom <= price.effectiveFrom;
        });
    if (place != history.end() && place->effectiveFrom == price.effectiveFrom)
        *place = price;
    else
        history.insert(place, price);
}

// The latest that has begun by then; null: there is none.
template<typename Key>
const ModelPrice *
begunOf(const QHash<Key, std::vector<ModelPrice>> &histories, const Key &key, qint64 at)
{
    if (histories.isEmpty())
        return nullptr;
    const auto history = histories.constFind(key);
    if (history == histories.cend())
        return nullptr;
    const auto found = std::find_if(history->begin(),
                                    history->end(),
                                    [at](const ModelPrice &price) { return price.hasBegun(at); });
    return found == history->end() ? nullptr : &*found;
}

} // namespace

const Candidates *CatalogGroup::candidates(QByteArrayView model) const
{
    const auto found = models.constFind(borrowed(model));
    return found == models.cend() ? nullptr : &*found;
}

std::vector<QByteArray> CatalogGroup::enabledModels() const
{
    std::vector<QByteArray> names;
    for (auto it = models.cbegin(); it != models.cend(); ++it) {
        if (hasEnabled(*it))
            names.push_back(it.key());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::shared_ptr<const Catalog> Catalog::build(CatalogContent content)
{
    std::shared_ptr<Catalog> catalog(new Catalog);
    catalog->m_settings = std::move(content.settings);
    catalog->m_defaultModel = catalog->m_settings.relay.defaultModel.trimmed().toUtf8();
    catalog->m_users = std::move(content.users);
    for (const User &user : catalog->m_users)
        catalog->m_usersById.insert(user.id, &user);
    catalog->indexChannels(std::move(content.channels), std::move(content.groups));
    catalog->indexTokens(std::move(content.tokens));
    catalog->indexPrices(content);
    catalog->indexRoutings(content.routings);
    return catalog;
}

QByteArray Catalog::modelFor(const QByteArray &asked) const
{
    return asked == defaultModelAlias && !m_defaultModel.isEmpty() ? m_defaultModel : asked;
}

std::vector<QByteArray> Catalog::enabledModels() const
{
    std::vector<QByteArray> names;
    for (const std::shared_ptr<CatalogGroup> &group : m_groups) {
        const std::vector<QByteArray> own = group->enabledModels();
        names.insert(names.end(), own.begin(), own.end());
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void Catalog::indexPrices(const CatalogContent &content)
{
    // What the environment says is not checked; then no rate is known.
    m_exchangeRates =
        ExchangeRates::from(m_settings.accounting.exchangeRates).value_or(ExchangeRates());
    for (const ModelPrice &told : content.prices) {
        const ModelPrice price = m_exchangeRates.inDollars(told).value_or(told);
        if (price.isPattern())
            m_patternPrices.push_back(price);
        else if (price.channel)
            putInto(m_channelPrices[{price.channel->value, price.model}], price);
        else
            putInto(m_modelPrices[price.model], price);
    }
    for (const ModelPrice &price : content.lastPrices)
        putInto(m_lastPrices[{price.channel.value_or(ChannelId{}).value, price.model}], price);
    const auto fixedLength = [](const ModelPrice &price) {
        return price.model.size() - price.model.count('*');
    };
    std::stable_sort(m_patternPrices.begin(),
                     m_patternPrices.end(),
                     [&](const ModelPrice &left, const ModelPrice &right) {
                         const auto lengths = std::pair(fixedLength(left), fixedLength(right));
                         if (lengths.first != lengths.second)
                             return lengths.first > lengths.second;
                         if (left.model != right.model)
                             return left.model < right.model;
                         return left.effectiveFrom > right.effectiveFrom;
                     });
}

void Catalog::indexRoutings(const std::vector<ModelRouting> &routings)
{
    m_countsRunning = m_settings.relay.strategy == RoutingStrategy::LeastBusy;
    for (const ModelRouting &routing : routings) {
        if (routing.isDefault())
            continue;
        m_countsRunning = m_countsRunning || routing.strategy == RoutingStrategy::LeastBusy;
        m_routings.insert(routing.model, routing);
    }
}

const ModelRouting *Catalog::ownRouting(const QByteArray &model) const
{
    if (m_routings.isEmpty())
        return nullptr;
    const auto found = m_routings.constFind(model);
    return found == m_routings.cend() ? nullptr : &*found;
}

AppliedRouting Catalog::routing(const QByteArray &model) const
{
    AppliedRouting applied{.strategy = m_settings.relay.strategy,
                           .affinity = m_settings.relay.affinity};
    if (const ModelRouting *own = ownRouting(model)) {
        applied.strategy = own->strategy.value_or(applied.strategy);
        applied.affinity = own->affinity.value_or(applied.affinity);
    }
    return applied;
}

CatalogGroup &Catalog::groupNamed(const QByteArray &name)
{
    std::shared_ptr<CatalogGroup> &group = m_groups[name];
    if (!group) {
        group = std::make_shared<CatalogGroup>();
        group->name = name;
    }
    return *group;
}

void Catalog::indexChannels(std::vector<Channel> channels, std::vector<Group> groups)
{
    for (const Group &group : groups)
        groupNamed(group.name).ratioMillionths = group.ratioMillionths;
    for (Channel &channel : channels) {
        auto prepared = std::make_unique<CatalogChannel>();
        prepared->type = providerType(channel.type);
        if (!prepared->type)
            continue;
        prepared->baseUrl = channel.effectiveBaseUrl().toUtf8();
        for (auto it = channel.modelMapping.cbegin(); it != channel.modelMapping.cend(); ++it)
            prepared->modelMapping.insert(it.key().toUtf8(), it.value().toUtf8());
        prepared->channel = std::move(channel);
        m_channelsById.insert(prepared->channel.id, prepared.get());
        for (const QString &group : std::as_const(prepared->channel.groups)) {
            CatalogGroup &indexed = groupNamed(group.toUtf8());
            for (const QString &model : std::as_const(prepared->channel.models)) {
                Candidates &candidates = indexed.models[model.toUtf8()];
                // A name that stands twice in the list is still one channel.
                if (candidates.empty() || candidates.back() != prepared.get())
                    candidates.push_back(prepared.get());
            }
        }
        m_channels.push_back(std::move(prepared));
    }
    for (const std::shared_ptr<CatalogGroup> &group : std::as_const(m_groups)) {
        for (Candidates &candidates : group->models) {
            std::stable_sort(candidates.begin(),
                             candidates.end(),
                             [](const CatalogChannel *left, const CatalogChannel *right) {
                                 return left->channel.priority > right->channel.priority;
                             });
        }
    }
}

void Catalog::indexTokens(std::vector<Token> tokens)
{
    for (Token &token : tokens) {
        const User *owner = m_usersById.value(token.userId);
        if (!owner)
            continue;
        auto prepared = std::make_unique<CatalogToken>();
        prepared->user = owner;
        prepared->group = &groupNamed(owner->group);
        prepared->name = token.name.toUtf8();
        prepared->username = owner->username.toUtf8();
        for (const QString &model : std::as_const(token.models))
            prepared->models.insert(model.toUtf8(), true);
        prepared->token = std::move(token);
        m_tokensByHash.insert(prepared->token.keyHash, prepared.get());
        if (!prepared->token.formerKeyHash.isEmpty())
            m_tokensByFormerHash.insert(prepared->token.formerKeyHash, prepared.get());
        m_tokens.push_back(std::move(prepared));
    }
}

const CatalogToken *Catalog::tokenByHash(QByteArrayView keyHash) const
{
    return m_tokensByHash.value(borrowed(keyHash));
}

const CatalogToken *Catalog::tokenByFormerHash(QByteArrayView keyHash) const
{
    return m_tokensByFormerHash.value(borrowed(keyHash));
}

const CatalogChannel *Catalog::channel(ChannelId id) const
{
    return m_channelsById.value(id);
}

const User *Catalog::user(UserId id) const
{
    return m_usersById.value(id);
}

const CatalogGroup *Catalog::group(QByteArrayView name) const
{
    const auto found = m_groups.constFind(borrowed(name));
    return found == m_groups.cend() ? nullptr : found->get();
}

const ModelPrice *
Catalog::patternPrice(std::optional<ChannelId> channel, const QByteArray &model, qint64 at) const
{
    const auto found = std::find_if(
        m_patternPrices.cbegin(), m_patternPrices.cend(), [&](const ModelPrice &price) {
            return price.channel == channel && price.hasBegun(at) && namesModel(price.model, model);
        });
    return found == m_patternPrices.cend() ? nullptr : &*found;
}

const ModelPrice *Catalog::price(ChannelId channel, const QByteArray &model, qint64 at) const
{
    const Place place(channel.value, model);
    if (const ModelPrice *own = begunOf(m_channelPrices, place, at))
        return own;
    if (const ModelPrice *own = patternPrice(channel, model, at))
        return own;
    if (const ModelPrice *found = begunOf(m_modelPrices, model, at))
        return found;
    if (const ModelPrice *found = patternPrice({}, model, at))
        return found;
    return begunOf(m_lastPrices, place, at);
}

} // namespace gatehouse::domain
