#include "admin/statistics/statistics.h"

namespace gatehouse::admin {

Percentiles Percentiles::of(const domain::LatencyHistogram &histogram)
{
    return {.p50 = histogram.percentile(0.5),
            .p95 = histogram.percentile(0.95),
            .p99 = histogram.percentile(0.99)};
}

} // namespace gatehouse::admin
