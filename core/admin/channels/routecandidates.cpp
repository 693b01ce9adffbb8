#include "admin/channels/routecandidates.h"

#include "admin/channels/channeljudge.h"
#include "admin/traffic/refusalreason.h"
#include "protocol/providerurl.h"
#include "relay/exchange/settlement.h"

#include <algorithm>
#include <iterator>
#include <map>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Catalog;
using domain::CatalogChannel;

namespace {

QString shownProxy(const Catalog &catalog, const CatalogChannel &channel)
{
    const QString &own = channel.channel.proxy;
    const domain::OutgoingProxies &environment = catalog.settings().proxies;
    if (own.isEmpty() && environment.isEmpty())
        return {};
    const auto base = protocol::parseBaseUrl(channel.baseUrl);
    if (!base)
        return {};
    const auto proxy = domain::proxyFor(
        own,
        environment,
        {.tls = base->tls, .host = QString::fromUtf8(base->host), .port = base->port});
    return proxy ? proxy->address.shown() : QString();
}

} // namespace

RouteCandidate candidateOf(const Catalog &catalog,
                           const CatalogChannel &channel,
                           const QByteArray &model,
                           qint64 now)
{
    const relay::AppliedPrice applied = relay::priceFor(catalog, channel, model, now);
    // A model on the owner's machine costs nothing unless a price was set for it.
    const bool isFree =
        channel.type->local && !applied.unpriced && applied.price == domain::ModelPrice{};
    RouteCandidate candidate{.channel = channel.channel.id,
                             .name = channel.channel.name,
                             .type = channel.channel.type,
                             .priority = channel.channel.priority,
                             .weight = channel.channel.weight,
                             .providerModel = channel.providerModel(model),
                             .proxy = shownProxy(catalog, channel),
                             .isFree = isFree};
    if (!applied.unpriced && !isFree)
        candidate.price = applied.price;
    return candidate;
}

namespace {

// Where others take their turns, channels without weight are their reserve.
std::vector<size_t> sharingOf(std::span<const RouteCandidate> tier, bool evenly)
{
    const bool isReserved = evenly && std::any_of(tier.begin(), tier.end(), [](const auto &each) {
                                return each.weight > 0;
                            });
    std::vector<size_t> sharing;
    for (size_t i = 0; i < tier.size(); ++i) {
        if (!isReserved || tier[i].weight > 0)
            sharing.push_back(i);
    }
    return sharing;
}

} // namespace

void setShares(std::span<RouteCandidate> candidates, bool evenly, const Preferred &preferred)
{
    int tier = 0;
    for (size_t first = 0; first < candidates.size();) {
        ++tier;
        size_t end = first;
        while (end < candidates.size() && candidates[end].priority == candidates[first].priority)
            candidates[end++].tier = tier;
        const std::vector<size_t> sharing =
            preferred ? preferred(first, end)
                      : sharingOf(candidates.subspan(first, end - first), evenly);
        double total = 0;
        for (const size_t i : sharing)
            total += candidates[first + i].weight;
        for (const size_t i : sharing) {
            RouteCandidate &candidate = candidates[first + i];
            candidate.sharePercent = total > 0 && !evenly ? 100.0 * candidate.weight / total
                                                          : 100.0 / double(sharing.size());
        }
        std::stable_sort(candidates.begin() + qsizetype(first),
                         candidates.begin() + qsizetype(end),
                         [](const auto &left, const auto &right) {
                             return left.sharePercent > right.sharePercent;
                         });
        first = end;
    }
}

Message automaticReason(const domain::Channel &channel)
{
    return channel.statusReason.isEmpty()
               ? Message::tr("disabled automatically")
               : Message::tr("disabled automatically: %1").arg(shownReason(channel.statusReason));
}

namespace {

// Best first, those that are left out last. Tiers and shares only where every group is served alike.
void arrange(const Catalog &catalog,
             std::vector<RouteCandidate> &channels,
             domain::RoutingStrategy strategy)
{
    const auto isOn = [](const RouteCandidate &one) {
        return one.exclusion == RouteExclusion::None;
    };
    std::stable_sort(channels.begin(),
                     channels.end(),
                     [isOn](const RouteCandidate &left, const RouteCandidate &right) {
                         return isOn(left) != isOn(right) ? isOn(left)
                                                          : left.priority > right.priority;
                     });
    const auto end = std::find_if_not(channels.begin(), channels.end(), isOn);
    const auto groupsOf = [&catalog](const RouteCandidate &one) {
        const QStringList &groups = catalog.channel(one.channel)->channel.groups;
        return QSet<QString>(groups.begin(), groups.end());
    };
    const bool alike = std::all_of(channels.begin(), end, [&](const RouteCandidate &one) {
        return groupsOf(one) == groupsOf(channels.front());
    });
    if (alike)
        setShares({channels.begin(), end}, strategy == domain::RoutingStrategy::RoundRobin);
}

// The channels of all groups by the models that they offer, in the order of trying.
QMap<QByteArray, domain::Candidates> offersOf(const Catalog &catalog)
{
    QMap<QByteArray, domain::Candidates> offers;
    for (const auto &channel : catalog.channels()) {
        for (const QString &name : channel->channel.models) {
            domain::Candidates &candidates = offers[name.toUtf8()];
            // A name that stands twice in the list is still one channel.
            if (candidates.empty() || candidates.back() != channel.get())
                candidates.push_back(channel.get());
        }
    }
    for (domain::Candidates &candidates : offers) {
        std::stable_sort(candidates.begin(),
                         candidates.end(),
                         [](const CatalogChannel *left, const CatalogChannel *right) {
                             return left->channel.priority > right->channel.priority;
                         });
    }
    return offers;
}

// It takes requests again by itself.
bool isLeftOutForNow(const RouteCandidate &candidate)
{
    switch (candidate.exclusion) {
    case RouteExclusion::BreakerOpen:
    case RouteExclusion::Resting:
    case RouteExclusion::AtLimit:
        return true;
    case RouteExclusion::NoUsableKey:
        return candidate.retryAfter.count() > 0;
    default:
        return false;
    }
}

void judgeServing(ServedModel &served)
{
    served.isPriced = true;
    bool takesRequests = false;
    for (const RouteCandidate &candidate : served.channels) {
        const bool takes = candidate.exclusion == RouteExclusion::None;
        const bool serves = takes || isLeftOutForNow(candidate);
        takesRequests = takesRequests || takes;
        served.isServed = served.isServed || serves;
        // For want of a price it may be the one that is not supported.
        if (serves || candidate.exclusion == RouteExclusion::NotSupported)
            served.isPriced = served.isPriced && (candidate.isFree || candidate.price.has_value());
    }
    served.isResting = served.isServed && !takesRequests;
}

// What runs on the owner's machine may be the same model, but what a provider adds is not there, and the
// tokens that it reads are those it was started with.
std::optional<domain::ModelCapabilities> capabilitiesOf(const RouteService::Capabilities &lookUp,
                                                        const CatalogChannel &channel,
                                                        const QByteArray &providerModel)
{
    using domain::Capability;
    if (!lookUp || channel.channel.type == domain::provider::echo)
        return std::nullopt;
    auto known = lookUp(channel.type->priceProvider, providerModel);
    if (known && channel.type->local) {
        known->abilities &= ~domain::Capabilities(Capability::PromptCache | Capability::WebSearch);
        known->contextTokens = 0;
        known->outputTokens = 0;
    }
    return known;
}

// The targets of a public name: the channels that offer it, and what each of them asks for.
using ModelTargets = std::vector<std::pair<qint64, QByteArray>>;

ModelTargets targetsOf(const ServedModel &model)
{
    ModelTargets targets;
    for (const RouteCandidate &candidate : model.channels)
        targets.emplace_back(candidate.channel.value, candidate.providerModel);
    std::sort(targets.begin(), targets.end());
    return targets;
}

void addAliases(const QByteArray &defaultModel, std::vector<ServedModel> &models)
{
    std::map<ModelTargets, std::vector<QByteArray>> names;
    for (const ServedModel &each : models)
        names[targetsOf(each)].push_back(each.model);
    const QByteArray defaultAlias = domain::defaultModelAlias.toByteArray();
    for (ServedModel &each : models) {
        std::vector<QByteArray> same = names[targetsOf(each)];
        if (std::find(same.begin(), same.end(), defaultModel) != same.end()
            && std::find(same.begin(), same.end(), defaultAlias) == same.end())
            same.push_back(defaultAlias);
        std::copy_if(same.begin(),
                     same.end(),
                     std::back_inserter(each.aliases),
                     [&each](const QByteArray &name) { return name != each.model; });
    }
}

} // namespace

std::vector<ServedModel> servedModelsOf(const Catalog &catalog,
                                        const Foundation &base,
                                        const RouteService::ContextWindow &contextWindow,
                                        const RouteService::Capabilities &capabilities)
{
    std::vector<ServedModel> all;
    const ChannelJudge judge(catalog, base);
    const std::vector<protocol::Operation> anyOperation = operationsOf({});
    const QMap<QByteArray, domain::Candidates> offers = offersOf(catalog);
    for (auto offer = offers.cbegin(); offer != offers.cend(); ++offer) {
        const QByteArray &model = offer.key();
        const domain::CatalogGroup everyone{.models = {{model, offer.value()}}};
        ServedModel served{.model = model, .routing = catalog.routing(model)};
        if (const domain::ModelRouting *own = catalog.ownRouting(model))
            served.ownRouting = *own;
        served.ownRouting.model = model;
        for (JudgedChannel &judged : judge.judge(everyone, model, anyOperation))
            served.channels.push_back(std::move(judged.candidate));
        arrange(catalog, served.channels, served.routing.strategy);
        judgeServing(served);
        for (RouteCandidate &candidate : served.channels) {
            const CatalogChannel &channel = *catalog.channel(candidate.channel);
            candidate.capabilities = capabilitiesOf(capabilities, channel, candidate.providerModel);
            if (contextWindow && served.contextTokens == 0 && !channel.type->local) {
                served.contextTokens =
                    contextWindow(channel.type->priceProvider, candidate.providerModel).value_or(0);
            }
            for (const QString &group : channel.channel.groups) {
                if (!served.groups.contains(group))
                    served.groups.append(group);
            }
        }
        served.groups.sort();
        all.push_back(std::move(served));
    }
    addAliases(catalog.defaultModel(), all);
    return all;
}

} // namespace gatehouse::admin
