#pragma once

#include "base/message.h"
#include "domain/settings.h"

namespace gatehouse::admin {

// How one of several channels of the same priority is chosen, as a sentence.
base::Message strategyWords(domain::RoutingStrategy strategy);
// Whether sessions keep to their channel and key, as a sentence.
base::Message affinityWords(const domain::AppliedRouting &routing,
                            const domain::Settings::Relay &settings);

} // namespace gatehouse::admin
