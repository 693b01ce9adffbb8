#pragma once

#include "domain/catalog.h"
#include "relay/admission/caller.h"
#include "relay/admission/refusal.h"
#include "relay/routing/channelhealth.h"
#include "relay/routing/channelload.h"

namespace gatehouse::relay {

// A channel and the one of its keys that are to serve a request.
struct Route
{
    const domain::CatalogChannel *channel = nullptr;
    const domain::ChannelKey *key = nullptr; // null: the channel needs none
    bool isTrial = false;                    // of a half-open key; see ChannelHealth
    bool isCounted = false;                  // end() is owed to ChannelLoad
    domain::AffinityOutcome affinity = domain::AffinityOutcome::None;
};

// Why a channel is not among those that may serve.
struct Exclusion
{
    enum class Kind {
        None,
        DisabledByPerson,
        DisabledAutomatically,
        Unsuitable,    // it cannot do what the request wants
        FailedJustNow, // this very request
        NoKey,         // it has none, or none that is enabled
        Resting,       // all its keys do
        AtLimit,       // of what may go through it
    };

    Kind kind = Kind::None;
    base::Message text{};              // in words, for people; empty: it is not excluded
    std::chrono::milliseconds rest{0}; // of Resting and AtLimit: how long the shortest lasts
};

// A candidate as routing sees it.
struct RouteOption
{
    const domain::CatalogChannel *channel = nullptr;
    std::vector<const domain::ChannelKey *> keys{}; // usable ones; a null stands for "needs none"
    Exclusion exclusion{};
};

// Asks whether a channel can do what the request wants at all, apart from its health: its dialect,
// and the operation. Gives the reason if not; empty: it can.
using Suitability = std::function<base::Message(const domain::CatalogChannel &)>;

// What else routing heeds of a request.
struct RouteWish
{
    double draw = 0;     // from [0, 1): the random number that decides where chance does
    bool stream = false; // the answer comes in parts
    qint64 begunAt = 0;  // tells the prices, in milliseconds since 1970
    // Of which session it is; asked only where there is a choice and affinity is on. Empty, or without an
    // answer: of none.
    std::function<std::optional<SessionHash>()> session{};
};

// Chooses the channel that is to serve a request. Of the candidates that can and that are not in
// `failed`, those of the highest priority come first. Among them a session keeps to the channel and the key
// that it had, while they may be used; else the strategy for the model decides, and chance between the keys
// of the chosen one. Where none is left, the refusal says why for each candidate, and when to ask again: 429
// where rate limits of the providers and limits of the channels are all that stands in the way.
class Router
{
public:
    Router(const domain::Catalog &catalog, ChannelHealth &health, ChannelLoad &load);

    // `failed` holds the keys that have failed this request: a channel is asked again only
    // with another key, and only if its key was what failed.
    struct Failed
    {
        domain::ChannelId channel{};
        qint64 key = 0;
        bool wholeChannel = true;
    };

    Admitted<Route> choose(const Caller &caller,
                           const QByteArray &model,
                           const Suitability &suits,
                           const std::vector<Failed> &failed,
                           const RouteWish &wish) const;

    // All candidates of the group for the model as choose() would judge them now, the highest
    // priority first. Changes the health and the load of none.
    std::vector<RouteOption> options(const domain::CatalogGroup &group,
                                     const QByteArray &model,
                                     const Suitability &suits) const;

private:
    using Usable = RouteOption;

    Exclusion exclusionOf(const domain::CatalogChannel &channel,
                          const Suitability &suits,
                          const std::vector<Failed> &failed,
                          Usable &usable) const;
    Exclusion keysOf(const domain::CatalogChannel &channel,
                     const std::vector<Failed> &failed,
                     Usable &usable) const;
    Admitted<Route> choosePinned(const Caller &caller,
                                 const Suitability &suits,
                                 const std::vector<Failed> &failed) const;
    Refusal noChannel(std::span<const domain::CatalogChannel *const> candidates,
                      const Suitability &suits,
                      const QString &message) const;
    // The usable candidates of one priority, and what their draw depends on.
    struct Tier
    {
        std::vector<Usable> usable{};
        int targets = 0; // keys that could be, were none at rest or at its limit
    };
    struct Drawing
    {
        const QByteArray &group;
        const QByteArray &model;
        const RouteWish &wish;
    };
    std::optional<Route> choose(Tier &tier, const Drawing &drawing) const;
    std::optional<Route> draw(std::vector<Usable> &best, const Drawing &drawing) const;
    std::optional<Route> begin(const Usable &usable, size_t first, size_t count) const;
    std::optional<Route> keep(const std::vector<Usable> &best, const KeyPlace &place) const;

    const domain::Catalog &m_catalog;
    ChannelHealth &m_health;
    ChannelLoad &m_load;
};

} // namespace gatehouse::relay
