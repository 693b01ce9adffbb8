#include "admin/channels/routecandidates.h"

#include "admin/traffic/refusalreason.h"
#include "relay/settlement.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Catalog;
using domain::CatalogChannel;

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
                             .isFree = isFree};
    if (!applied.unpriced && !isFree)
        candidate.price = applied.price;
    return candidate;
}

void setShares(std::span<RouteCandidate> candidates)
{
    int tier = 0;
    for (size_t first = 0; first < candidates.size();) {
        ++tier;
        size_t end = first;
        double total = 0;
        while (end < candidates.size() && candidates[end].priority == candidates[first].priority)
            total += candidates[end++].weight;
        const auto count = double(end - first);
        for (size_t i = first; i < end; ++i) {
            candidates[i].tier = tier;
            candidates[i].sharePercent =
                total > 0 ? 100.0 * candidates[i].weight / total : 100.0 / count;
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

// Routing passes over a channel that has keys, but none that is enabled.
bool lacksEnabledKey(const domain::Channel &channel)
{
    return !channel.keys.isEmpty()
           && std::none_of(channel.keys.begin(), channel.keys.end(), [](const auto &key) {
                  return key.enabled;
              });
}

// Best first, the disabled ones last. Tiers and shares only where every group is served alike.
void arrange(const Catalog &catalog, std::vector<RouteCandidate> &channels)
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
        setShares({channels.begin(), end});
}

} // namespace

std::vector<ServedModel>
servedModelsOf(const Catalog &catalog, const RouteService::ContextWindow &contextWindow, qint64 now)
{
    QMap<QByteArray, ServedModel> models;
    for (const auto &channel : catalog.channels()) {
        const bool hasKey = !lacksEnabledKey(channel->channel);
        const bool enabled = channel->channel.isEnabled() && hasKey;
        for (const QString &name : channel->channel.models) {
            const QByteArray model = name.toUtf8();
            const bool isNew = !models.contains(model);
            ServedModel &served = models[model];
            served.model = model;
            served.isPriced = served.isPriced || isNew;
            RouteCandidate candidate = candidateOf(catalog, *channel, model, now);
            if (channel->channel.isEnabled() && !hasKey) {
                candidate.exclusion = RouteExclusion::NoUsableKey;
                candidate.reason = Message::tr("all its keys are disabled");
            } else if (!enabled) {
                const bool byPerson =
                    channel->channel.status == domain::ChannelStatus::DisabledByHand;
                candidate.exclusion = byPerson ? RouteExclusion::DisabledByPerson
                                               : RouteExclusion::DisabledAutomatically;
                candidate.reason =
                    byPerson ? Message::tr("disabled") : automaticReason(channel->channel);
            }
            served.isServed = served.isServed || enabled;
            served.isPriced =
                served.isPriced && (!enabled || candidate.isFree || candidate.price.has_value());
            if (contextWindow && served.contextTokens == 0) {
                served.contextTokens =
                    contextWindow(channel->type->priceProvider, candidate.providerModel)
                        .value_or(0);
            }
            for (const QString &group : channel->channel.groups) {
                if (!served.groups.contains(group))
                    served.groups.append(group);
            }
            served.channels.push_back(std::move(candidate));
        }
    }
    std::vector<ServedModel> all;
    for (ServedModel &served : models) {
        arrange(catalog, served.channels);
        served.groups.sort();
        all.push_back(std::move(served));
    }
    return all;
}

} // namespace gatehouse::admin
