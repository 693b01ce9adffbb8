#pragma once

#include "admin/integrations/attemptcounters.h"
#include "admin/integrations/metricswriter.h"
#include "admin/integrations/processfigures.h"
#include "admin/integrations/requestcounters.h"
#include "admin/statistics/statistics.h"
#include "relay/cache/answercache.h"
#include "relay/routing/channelhealth.h"
#include "storage/ledger/ledgerwriter.h"

#include <map>
#include <vector>

namespace gatehouse::admin {

// How a channel is called in labels.
struct ChannelLabel
{
    QByteArray id{};
    QByteArray name{};
    QByteArray provider{};
};

// All that a text of metrics is made of, as it was at one moment.
struct MetricsSnapshot
{
    RequestTotals totals{};
    AttemptTotals attempts{};
    std::map<domain::ChannelId, ChannelLabel> channels{};
    std::vector<ChannelOverview> states{};
    relay::AnswerCache::Counts answers{};
    std::vector<relay::HealthTransitions> transitions{};
    storage::LedgerState ledger{};
    ProcessFigures process{};
    int running = 0;
    qint64 startedAt = 0; // milliseconds since 1970, UTC
    quint64 databaseBytes = 0;

    ChannelLabel label(domain::ChannelId channel) const;
};

// What attempts tell, and how requests were answered.
void writeAttemptMetrics(MetricsWriter &writer, const MetricsSnapshot &of);

} // namespace gatehouse::admin
