#pragma once

#include "domain/pricing.h"
#include "domain/usagerecord.h"

namespace gatehouse::support {

// Charges a request by these dollars for a million tokens; what was read from a cache costs a tenth of
// the input, as with most providers.
inline void setCost(domain::UsageRecord &record, double input, double output)
{
    using domain::UnitPrice;
    const domain::ModelPrice price{
        .tokens = {.input = UnitPrice::fromDollarsPerMillion(input),
                   .output = UnitPrice::fromDollarsPerMillion(output),
                   .cacheRead = UnitPrice::fromDollarsPerMillion(input / 10)}};
    record.cost = domain::costOf(record.usage, price);
    record.charge = record.cost.charge();
}

} // namespace gatehouse::support
