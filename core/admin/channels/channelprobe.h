#pragma once

#include "admin/channels/channeltests.h"
#include "domain/catalog.h"
#include "protocol/providererror.h"

#include <stop_token>

namespace gatehouse::admin {

// One test as a value: the channel as the catalog has it, and what it is tested with.
struct ProbeOrder
{
    std::shared_ptr<const domain::Catalog> catalog{};
    domain::ChannelId channel{};
    QString model{};      // empty: the channel's own choice
    qint64 key = 0;       // which of the channel's; 0: the first that is enabled
    bool listing = false; // only ask for the list of models, which costs nothing
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

TestVerdict verdictOf(const ProbeReport &report);

// The key that is asked for, else the first that is enabled, else the first; null: there is none.
const domain::ChannelKey *keyToTry(const domain::Channel &channel, qint64 wanted);

// What a provider answered to the wish for its list of models.
struct ListingReport
{
    bool answered = false; // with a list
    QStringList models{};  // sorted
    int httpStatus = 0;
    std::optional<protocol::ErrorClass> refusal{};
    base::Message text{}; // why there is no list
    std::chrono::milliseconds elapsed{0};
};

// Asks for the list of models with the channel's first usable key. Runs as probeChannel() does.
ListingReport listModels(const ProbeOrder &order, const std::stop_token &stop);

// What a server on this computer answered to a GET without a key.
struct LocalAnswer
{
    bool answered = false; // with a list of models
    QStringList models{};
};

// Runs as probeChannel() does. `url` leads to the loopback address.
LocalAnswer
askLocally(const QString &url, std::chrono::milliseconds patience, const std::stop_token &stop);

// The model a channel is tested with if nobody names one: its test model, else the first that can
// be tried cheaply, else the first.
QString testModelOf(const domain::Channel &channel);

} // namespace gatehouse::admin
