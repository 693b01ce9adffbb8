#pragma once

#include "domain/channel.h"
#include "domain/exchangerates.h"
#include "domain/group.h"
#include "domain/modelprice.h"
#include "domain/settings.h"
#include "domain/token.h"
#include "domain/user.h"

#include <QHash>

#include <memory>
#include <vector>

namespace gatehouse::domain {

// What a catalog is made of, as it was read in one transaction.
struct CatalogContent
{
    std::vector<Channel> channels{};
    std::vector<User> users{};
    std::vector<Token> tokens{};
    std::vector<Group> groups{};
    std::vector<ModelPrice> prices{};
    std::vector<ModelRouting> routings{}; // of models that have their own
    // Of a model through one channel, in force where no other price is.
    std::vector<ModelPrice> lastPrices{};
    Settings settings{};
};

// A channel prepared for calls: bytes instead of texts, the type looked up.
struct CatalogChannel
{
    Channel channel{};
    const ProviderType *type = nullptr;
    QByteArray baseUrl{};
    QHash<QByteArray, QByteArray> modelMapping{};

    QByteArray providerModel(const QByteArray &model) const
    {
        const QByteArray mapped = modelMapping.value(model);
        return mapped.isEmpty() ? model : mapped;
    }
};

// The channels that serve one model to one group: the highest priority first. Disabled ones are
// among them, so that "no channel" can say why.
using Candidates = std::vector<const CatalogChannel *>;

// The channels of one group, by model.
struct CatalogGroup
{
    QByteArray name{};
    qint64 ratioMillionths = 1'000'000;
    QHash<QByteArray, Candidates> models{};

    const Candidates *candidates(QByteArrayView model) const;
    // The models with an enabled channel, sorted.
    std::vector<QByteArray> enabledModels() const;
};

// A token with its owner. Pointers live as long as the catalog.
struct CatalogToken
{
    Token token{};
    const User *user = nullptr;
    const CatalogGroup *group = nullptr;
    QByteArray name{}; // UTF-8
    QByteArray username{};
    QHash<QByteArray, bool> models{}; // empty: all
};

// Everything that the gateway must know, at one moment, indexed by what requests bring along.
// Immutable; a request keeps the catalog that it began with. Balances in it are those of the moment
// it was read: relay::Admission holds the present ones.
class Catalog
{
public:
    static std::shared_ptr<const Catalog> build(CatalogContent content);
    Catalog(const Catalog &) = delete;
    Catalog &operator=(const Catalog &) = delete;

    // By the SHA-256 of the key. Null: there is none.
    const CatalogToken *tokenByHash(QByteArrayView keyHash) const;
    // By that of the key before the last rotation; whether it is still valid is for the caller to see.
    const CatalogToken *tokenByFormerHash(QByteArrayView keyHash) const;
    const CatalogChannel *channel(ChannelId id) const;
    const User *user(UserId id) const;
    const CatalogGroup *group(QByteArrayView name) const;

    // The price of a model through a channel at that moment, in milliseconds since 1970: the channel's own,
    // else the model's; of each, that of the name, else that of the longest pattern. Of several dates the
    // latest counts that has begun. In dollars, unless there is no rate for its currency: then it cannot be
    // charged. Null: it has none.
    const ModelPrice *price(ChannelId channel, const QByteArray &model, qint64 at) const;

    const Settings &settings() const { return m_settings; }
    // How requests for the model are routed.
    AppliedRouting routing(const QByteArray &model) const;
    // What of it was chosen for this model; null: nothing.
    const ModelRouting *ownRouting(const QByteArray &model) const;
    // Requests for some model go to the least busy channel, so that all that run must be counted.
    bool countsRunning() const { return m_countsRunning; }
    const ExchangeRates &exchangeRates() const { return m_exchangeRates; }
    // What the alias `default` stands for; empty: nothing.
    const QByteArray &defaultModel() const { return m_defaultModel; }
    // The model that serves requests for `asked`: that one, or the one that the alias stands for.
    QByteArray modelFor(const QByteArray &asked) const;
    // The models that any group can be served through an enabled channel, sorted.
    std::vector<QByteArray> enabledModels() const;
    const std::vector<std::unique_ptr<CatalogChannel>> &channels() const { return m_channels; }
    const std::vector<std::unique_ptr<CatalogToken>> &tokens() const { return m_tokens; }
    const std::vector<User> &users() const { return m_users; }

private:
    Catalog() = default;
    void indexChannels(std::vector<Channel> channels, std::vector<Group> groups);
    void indexTokens(std::vector<Token> tokens);
    using PriceHistory = std::vector<ModelPrice>; // of one model and place, the latest first
    using Place = std::pair<qint64, QByteArray>;  // channel and model

    void indexPrices(const CatalogContent &content);
    void indexRoutings(const std::vector<ModelRouting> &routings);
    const ModelPrice *
    patternPrice(std::optional<ChannelId> channel, const QByteArray &model, qint64 at) const;
    CatalogGroup &groupNamed(const QByteArray &name);

    Settings m_settings{};
    ExchangeRates m_exchangeRates{};
    QByteArray m_defaultModel{};
    std::vector<std::unique_ptr<CatalogChannel>> m_channels{};
    std::vector<std::unique_ptr<CatalogToken>> m_tokens{};
    std::vector<User> m_users{};
    QHash<QByteArray, std::shared_ptr<CatalogGroup>> m_groups{};
    QHash<ChannelId, const CatalogChannel *> m_channelsById{};
    QHash<UserId, const User *> m_usersById{};
    QHash<QByteArray, const CatalogToken *> m_tokensByHash{};
    QHash<QByteArray, const CatalogToken *> m_tokensByFormerHash{};
    QHash<QByteArray, PriceHistory> m_modelPrices{};
    QHash<Place, PriceHistory> m_channelPrices{};
    QHash<Place, PriceHistory> m_lastPrices{};
    std::vector<ModelPrice> m_patternPrices{}; // the longest patterns first, of each the latest
    QHash<QByteArray, ModelRouting> m_routings{};
    bool m_countsRunning = false;
};

} // namespace gatehouse::domain
