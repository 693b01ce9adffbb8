#include "relay/routing/routing.h"

#include "relay/routing/strategy.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using base::Message;
using domain::CatalogChannel;
using domain::Channel;
using domain::ChannelKey;
using Kind = Exclusion::Kind;

namespace {

tl::unexpected<Refusal>
refuse(int status, QByteArray code, QString message, bool worthRetrying = false)
{
    return tl::unexpected(Refusal{.status = status,
                                  .code = std::move(code),
                                  .message = Message::verbatim(std::move(message)),
                                  .worthRetrying = worthRetrying});
}

// As clients are told it.
QString describe(const CatalogChannel &channel, const Message &reason)
{
    return u"\"%1\" (%2): %3"_s.arg(channel.channel.name)
        .arg(channel.channel.id.value)
        .arg(reason.english());
}

Exclusion statusExclusion(const Channel &channel)
{
    if (channel.status == domain::ChannelStatus::DisabledByHand)
        return {.kind = Kind::DisabledByPerson, .text = Message::tr("disabled")};
    return {.kind = Kind::DisabledAutomatically,
            .text = channel.statusReason.isEmpty()
                        ? Message::tr("disabled automatically")
                        : Message::tr("disabled automatically: %1").arg(channel.statusReason)};
}

bool hasFailed(const std::vector<Router::Failed> &failed, const Channel &channel)
{
    return std::any_of(failed.begin(), failed.end(), [&](const Router::Failed &item) {
        return item.channel == channel.id && item.wholeChannel;
    });
}

bool hasFailed(const std::vector<Router::Failed> &failed, const Channel &channel, qint64 key)
{
    return std::any_of(failed.begin(), failed.end(), [&](const Router::Failed &item) {
        return item.channel == channel.id && item.key == key;
    });
}

std::chrono::seconds wholeSeconds(std::chrono::milliseconds time)
{
    return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(time));
}

Message restReason(const KeyRest &rest)
{
    if (rest.isBeingTried)
        return Message::tr("is being tried");
    const qint64 time = wholeSeconds(rest.time).count();
    return rest.rateLimited
               ? Message::tr("rests for %1 more seconds, as its provider asked").arg(time)
               : Message::tr("rests for %1 more seconds after failures").arg(time);
}

Exclusion resting(const KeyRest &rest)
{
    return {.kind = Kind::Resting, .text = restReason(rest), .rest = rest.time};
}

Exclusion atLimit(const LimitReached &limit, const domain::ChannelLimits &limits)
{
    using Limit = LimitReached::Kind;
    const qint64 wait = limit.wait.count();
    Exclusion exclusion{.kind = Kind::AtLimit, .rest = limit.wait};
    switch (limit.kind) {
    case Limit::None:
        return {};
    case Limit::ConcurrentRequests:
        exclusion.text = Message::tr("has as many requests at a time as its limit allows: %1")
                             .arg(limits.concurrentRequests);
        break;
    case Limit::RequestsPerMinute:
        exclusion.text =
            Message::tr("has had its %1 requests a minute; takes the next in %2 seconds")
                .arg(limits.requestsPerMinute)
                .arg(wait);
        break;
    case Limit::TokensPerMinute:
        exclusion.text = Message::tr("has had its %1 tokens a minute; takes the next in %2 seconds")
                             .arg(limits.tokensPerMinute)
                             .arg(wait);
        break;
    }
    return exclusion;
}

// When it is worth asking again: a request that tries the key now may end at any moment.
std::chrono::milliseconds waitFor(const KeyRest &rest)
{
    return rest.isBeingTried ? std::chrono::seconds(1) : rest.time;
}

// How the usable keys of one candidate stand.
struct Standing
{
    bool hasKey = false;
    bool isLimited = false; // one of them rests because of a rate limit, and none may be used
    bool isAtLimit = false; // they may be used, but the channel has had what it may
    std::optional<std::chrono::milliseconds> wait{}; // until the first rest ends
};

Standing
standingOf(const CatalogChannel &candidate, const ChannelHealth &health, const ChannelLoad &load)
{
    Standing standing;
    bool isFree = false;
    const auto add = [&](qint64 key) {
        standing.hasKey = true;
        const KeyRest rest = health.restOf(candidate.channel.id, key);
        isFree = isFree || rest.time.count() == 0;
        standing.isLimited = standing.isLimited || rest.rateLimited;
        if (rest.time.count() > 0)
            standing.wait = std::min(standing.wait.value_or(waitFor(rest)), waitFor(rest));
    };
    if (candidate.channel.keys.isEmpty() && candidate.type->local)
        add(0);
    for (const ChannelKey &key : candidate.channel.keys) {
        if (key.enabled)
            add(key.id);
    }
    standing.isLimited = standing.isLimited && !isFree;
    const LimitReached limit = isFree ? load.limitReached(candidate.channel) : LimitReached{};
    if (limit.kind != LimitReached::Kind::None) {
        standing.isAtLimit = true;
        standing.wait = limit.wait; // a key that is free already ends no wait
    }
    return standing;
}

// How many keys a session might keep to, once they may be used.
int targetsOf(const CatalogChannel &candidate, const Exclusion &exclusion)
{
    switch (exclusion.kind) {
    case Kind::DisabledByPerson:
    case Kind::DisabledAutomatically:
    case Kind::Unsuitable:
        return 0;
    default:
        break;
    }
    const QList<ChannelKey> &keys = candidate.channel.keys;
    if (keys.isEmpty())
        return candidate.type->local ? 1 : 0;
    return static_cast<int>(
        std::count_if(keys.cbegin(), keys.cend(), [](const auto &key) { return key.enabled; }));
}

} // namespace

Router::Router(const domain::Catalog &catalog, ChannelHealth &health, ChannelLoad &load)
    : m_catalog(catalog)
    , m_health(health)
    , m_load(load)
{}

Exclusion Router::exclusionOf(const CatalogChannel &candidate,
                              const Suitability &suits,
                              const std::vector<Failed> &failed,
                              Usable &usable) const
{
    const Channel &channel = candidate.channel;
    if (!channel.isEnabled())
        return statusExclusion(channel);
    if (Message unsuitable = suits(candidate); !unsuitable.isEmpty())
        return {.kind = Kind::Unsuitable, .text = std::move(unsuitable)};
    if (hasFailed(failed, channel))
        return {.kind = Kind::FailedJustNow, .text = Message::tr("failed just now")};
    Exclusion exclusion = keysOf(candidate, failed, usable);
    if (exclusion.kind == Kind::None && !channel.limits.isNone())
        exclusion = atLimit(m_load.limitReached(channel), channel.limits);
    return exclusion;
}

// Gathers the keys that may be used.
Exclusion Router::keysOf(const CatalogChannel &candidate,
                         const std::vector<Failed> &failed,
                         Usable &usable) const
{
    const Channel &channel = candidate.channel;
    usable.channel = &candidate;
    usable.keys.clear();
    if (channel.keys.isEmpty()) {
        if (!candidate.type->local)
            return {.kind = Kind::NoKey, .text = Message::tr("has no key")};
        const KeyRest rest = m_health.restOf(channel.id, 0);
        if (rest.time.count() > 0)
            return resting(rest);
        usable.keys.push_back(nullptr);
        return {};
    }
    std::optional<KeyRest> shortest;
    for (const ChannelKey &key : channel.keys) {
        if (!key.enabled || hasFailed(failed, channel, key.id))
            continue;
        const KeyRest rest = m_health.restOf(channel.id, key.id);
        if (rest.time.count() == 0)
            usable.keys.push_back(&key);
        else if (!shortest || waitFor(rest) < waitFor(*shortest))
            shortest = rest;
    }
    if (!usable.keys.empty())
        return {};
    if (shortest)
        return resting(*shortest);
    return {.kind = Kind::NoKey,
            .text = failed.empty() ? Message::tr("all its keys are disabled")
                                   : Message::tr("no further key is usable")};
}

// With one of the keys of the channel: `count` of them are tried, from the first on and round.
std::optional<Route> Router::begin(const Usable &usable, size_t first, size_t count) const
{
    const LoadPermit load = m_load.tryBegin(usable.channel->channel, m_catalog.countsRunning());
    for (size_t i = 0; load && i < count; ++i) {
        const ChannelKey *key = usable.keys[(first + i) % usable.keys.size()];
        const UsePermit permit = m_health.tryUse(usable.channel->channel.id, key ? key->id : 0);
        if (permit)
            return Route{usable.channel, key, permit.isTrial, load.isCounted};
    }
    if (load.isCounted)
        m_load.takeBack(usable.channel->channel.id);
    return std::nullopt;
}

std::optional<Route> Router::draw(std::vector<Usable> &best, const Drawing &drawing) const
{
    const double number = drawing.wish.draw;
    const Strategy strategy(
        m_catalog, m_load, drawing.group, drawing.model, drawing.wish.stream, drawing.wish.begunAt);
    while (!best.empty()) {
        const size_t chosen = strategy.pick(best, number);
        const Usable &usable = best[chosen];
        // What is left of the number decides between the keys.
        const auto count = usable.keys.size();
        const auto first = static_cast<size_t>(number * 7919.0 * double(count)) % count;
        if (auto route = begin(usable, first, count))
            return route;
        best.erase(best.begin() + qsizetype(chosen));
    }
    return std::nullopt;
}

// Where the session was before; none: that is not among what may be used.
std::optional<Route> Router::keep(const std::vector<Usable> &best, const KeyPlace &place) const
{
    for (const Usable &usable : best) {
        if (usable.channel->channel.id != place.channel)
            continue;
        for (size_t i = 0; i < usable.keys.size(); ++i) {
            if ((usable.keys[i] ? usable.keys[i]->id : 0) == place.key)
                return begin(usable, i, 1);
        }
    }
    return std::nullopt;
}

std::optional<Route> Router::choose(Tier &tier, const Drawing &drawing) const
{
    if (tier.usable.empty())
        return std::nullopt;
    std::optional<SessionHash> session;
    if (tier.targets > 1 && drawing.wish.session && m_catalog.routing(drawing.model).affinity)
        session = drawing.wish.session();
    if (!session)
        return draw(tier.usable, drawing);
    const domain::Settings::Relay &settings = m_catalog.settings().relay;
    Affinity &affinity = m_load.affinity();
    const std::optional<KeyPlace> known = affinity.find(*session, settings.affinityTtl);
    if (known) {
        if (auto route = keep(tier.usable, *known)) {
            route->affinity = domain::AffinityOutcome::Hit;
            return route;
        }
    }
    auto route = draw(tier.usable, drawing);
    if (route) {
        affinity.remember(
            *session,
            {.channel = route->channel->channel.id, .key = route->key ? route->key->id : 0},
            settings.affinityEntries);
        route->affinity = known ? domain::AffinityOutcome::Spill : domain::AffinityOutcome::Miss;
    }
    return route;
}

Admitted<Route> Router::choosePinned(const Caller &caller,
                                     const Suitability &suits,
                                     const std::vector<Failed> &failed) const
{
    const CatalogChannel *channel = m_catalog.channel(*caller.pinnedChannel);
    if (!channel) {
        return refuse(400,
                      "channel_not_found",
                      u"There is no channel %1. Check the number behind the key."_s.arg(
                          caller.pinnedChannel->value));
    }
    std::vector<Usable> usable(1);
    const Message reason = exclusionOf(*channel, suits, failed, usable.front()).text;
    if (reason.isEmpty()) {
        // Of one channel no strategy is asked.
        const QByteArray unnamed;
        const RouteWish none;
        if (const auto route = draw(usable, {.group = unnamed, .model = unnamed, .wish = none}))
            return *route;
    }
    Refusal refusal =
        noChannel(std::array{channel},
                  suits,
                  u"The chosen channel cannot serve this request: %1."_s.arg(describe(
                      *channel, reason.isEmpty() ? Message::tr("is being tried") : reason)));
    // No other channel can take its place.
    refusal.worthRetrying = refusal.retryAfter.has_value();
    return tl::unexpected(refusal);
}

std::vector<RouteOption> Router::options(const domain::CatalogGroup &group,
                                         const QByteArray &model,
                                         const Suitability &suits) const
{
    std::vector<RouteOption> all;
    const domain::Candidates *candidates = group.candidates(model);
    if (!candidates)
        return all;
    for (const CatalogChannel *candidate : *candidates) {
        RouteOption option;
        option.exclusion = exclusionOf(*candidate, suits, {}, option);
        option.channel = candidate;
        all.push_back(std::move(option));
    }
    return all;
}

Admitted<Route> Router::choose(const Caller &caller,
                               const QByteArray &model,
                               const Suitability &suits,
                               const std::vector<Failed> &failed,
                               const RouteWish &wish) const
{
    if (caller.pinnedChannel)
        return choosePinned(caller, suits, failed);

    const domain::CatalogGroup &group = *caller.token->group;
    const domain::Candidates *candidates = group.candidates(model);
    if (!candidates) {
        return refuse(
            404,
            "model_not_found",
            u"No channel offers the model \"%1\" to the group \"%2\". GET /v1/models lists "
            "what this token may use."_s.arg(QString::fromUtf8(model),
                                             QString::fromUtf8(group.name)));
    }

    Tier tier;
    const Drawing drawing{.group = group.name, .model = model, .wish = wish};
    const CatalogChannel *before = nullptr;
    QStringList reasons;
    bool onlyUnsuitable = true;
    for (const CatalogChannel *candidate : *candidates) {
        // They are sorted: behind the first priority with a usable channel none is asked.
        if (before && candidate->channel.priority < before->channel.priority) {
            if (const auto route = choose(tier, drawing))
                return *route;
            tier = {};
        }
        before = candidate;
        Usable usable;
        const Exclusion exclusion = exclusionOf(*candidate, suits, failed, usable);
        tier.targets += targetsOf(*candidate, exclusion);
        if (exclusion.kind == Kind::None) {
            tier.usable.push_back(std::move(usable));
            continue;
        }
        onlyUnsuitable = onlyUnsuitable && !suits(*candidate).isEmpty();
        reasons.append(describe(*candidate, exclusion.text));
    }
    if (const auto route = choose(tier, drawing))
        return *route;
    for (const Usable &usable : tier.usable)
        reasons.append(describe(*usable.channel, Message::tr("is being tried")));

    const QString why =
        reasons.isEmpty() ? u"each is busy or being tried after failures"_s : reasons.join(u"; "_s);
    const QString message =
        u"No channel can serve the model \"%1\" to the group \"%2\" now: %3."_s.arg(
            QString::fromUtf8(model), QString::fromUtf8(group.name), why);
    if (onlyUnsuitable && !reasons.isEmpty())
        return refuse(400, "unsupported_operation", message);
    return tl::unexpected(noChannel(*candidates, suits, message));
}

Refusal Router::noChannel(std::span<const CatalogChannel *const> candidates,
                          const Suitability &suits,
                          const QString &message) const
{
    std::optional<std::chrono::milliseconds> wait;
    int able = 0;
    int limited = 0;
    int atLimit = 0;
    for (const CatalogChannel *candidate : candidates) {
        if (!candidate->channel.isEnabled() || !suits(*candidate).isEmpty())
            continue;
        const Standing standing = standingOf(*candidate, m_health, m_load);
        if (!standing.hasKey)
            continue;
        ++able;
        limited += standing.isLimited ? 1 : 0;
        atLimit += standing.isAtLimit ? 1 : 0;
        if (standing.wait)
            wait = std::min(wait.value_or(*standing.wait), *standing.wait);
    }
    const bool isLimited = able > 0 && limited + atLimit == able;
    Refusal refusal{.status = isLimited ? 429 : 503,
                    .code = !isLimited    ? "no_channel"
                            : limited > 0 ? "provider_rate_limited"
                                          : "channel_limit_reached",
                    .message = Message::verbatim(message),
                    .worthRetrying = true};
    if (wait)
        refusal.retryAfter = wholeSeconds(*wait);
    return refusal;
}

} // namespace gatehouse::relay
