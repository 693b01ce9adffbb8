#pragma once

#include "admin/traffic/traffic.h"
#include "domain/filterquery.h"

namespace gatehouse::admin {

// Whether a filter lets a request through that is being served, which no ledger could tell. It is of
// now, so that it is after any `since:` and before no `until:`. A term that is not understood lets
// everything through.
bool matches(const TrafficLine &running, const domain::FilterQuery &filter);

} // namespace gatehouse::admin
