#pragma once

#include "admin/channels/routeexplanation.h"

#include <span>

namespace gatehouse::admin {

// The channel as it is for the model, apart from whether it may serve; the price is that of `now`, in
// milliseconds since 1970.
RouteCandidate candidateOf(const domain::Catalog &catalog,
                           const domain::CatalogChannel &channel,
                           const QByteArray &model,
                           qint64 now);

// Of one tier, those that the strategy prefers now, by their places in the tier; empty: all.
using Preferred = std::function<std::vector<size_t>(size_t first, size_t end)>;

// The tiers and the shares of what is left, in the order of trying. Those that are preferred share by their
// weights, or evenly.
void setShares(std::span<RouteCandidate> candidates, bool evenly, const Preferred &preferred = {});

// What is stored of a refusal is shown in the reader's language.
base::Message automaticReason(const domain::Channel &channel);

// All models that channels offer, sorted by name; the channels are judged as ChannelJudge does.
std::vector<ServedModel> servedModelsOf(const domain::Catalog &catalog,
                                        const Foundation &base,
                                        const RouteService::ContextWindow &contextWindow,
                                        const RouteService::Capabilities &capabilities);

} // namespace gatehouse::admin
