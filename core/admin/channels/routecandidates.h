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

// The tiers and the shares of what is left, in the order of trying.
void setShares(std::span<RouteCandidate> candidates);

// What is stored of a refusal is shown in the reader's language.
base::Message automaticReason(const domain::Channel &channel);

// All models that channels offer, sorted by name.
std::vector<ServedModel> servedModelsOf(const domain::Catalog &catalog,
                                        const RouteService::ContextWindow &contextWindow,
                                        qint64 now);

} // namespace gatehouse::admin
