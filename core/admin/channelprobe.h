#pragma once

#include "admin/channeltests.h"
#include "domain/catalog.h"
#include "protocol/providererror.h"

#include <stop_token>

namespace gatehouse::admin {

// One test as a value: the channel as the catalog has it, and what it is tested with.
struct ProbeOrder
{
    std::shared_ptr<const domain::Catalog> catalog{};
    domain::ChannelId channel{};
    QString model{}; // empty: the channel's own choice
};

struct ProbeReport
{
    ChannelTestOutcome outcome{};
    // Of State::Refused: what the refusal means. An automatism may act on it.
    std::optional<protocol::ErrorClass> refusal{};
};

// Sends the smallest request that shows whether the channel works: the same attempt that a client's
// request would make, without a reservation or a ledger row. Runs in a pool's worker, with an event
// loop of its own, and takes at most the setting tests.timeout. Ends early on a stop request.
ProbeReport probeChannel(const ProbeOrder &order, const std::stop_token &stop);

// The model a channel is tested with if nobody names one: its test model, else the first that can
// be tried cheaply, else the first.
QString testModelOf(const domain::Channel &channel);

} // namespace gatehouse::admin
