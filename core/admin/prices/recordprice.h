#pragma once

#include "domain/usagerecord.h"
#include "relay/exchange/settlement.h"

namespace gatehouse::admin {

// By which price a request that went through the channel is told what it cost: the one that was in force
// when it began, under the name that it went out under, which today's mapping need not have. Where none
// was, the one that is in force `now` (milliseconds since 1970), since its model was given one afterwards.
// What was priced in a currency whose rate is not known any more has none.
relay::AppliedPrice priceOfRecord(const domain::Catalog &catalog,
                                  const domain::CatalogChannel &channel,
                                  const domain::UsageRecord &record,
                                  qint64 now);

} // namespace gatehouse::admin
