#pragma once

#include "base/timingwheel.h"
#include "domain/formerkeyuse.h"
#include "domain/usagesink.h"
#include "protocol/providererror.h"
#include "relay/admission/admission.h"
#include "relay/admission/clientnames.h"
#include "relay/routing/channelhealth.h"
#include "relay/routing/channelload.h"
#include "upstream/client.h"

namespace gatehouse::domain {
class CaptureSink;
} // namespace gatehouse::domain

namespace gatehouse::relay {

class AnswerCache;
class Background;
class TokenMeter;
class Targets;

// A provider refused a channel's key or its credit.
struct KeyRefusal
{
    domain::ChannelId channel{};
    qint64 key = 0;
    protocol::ProviderError error{};
};

// Hears what the management must act on. Called in gateway threads; it must only pass the value on.
class RelayEvents
{
public:
    RelayEvents() = default;
    RelayEvents(const RelayEvents &) = delete;
    RelayEvents &operator=(const RelayEvents &) = delete;
    virtual ~RelayEvents() = default;

    virtual void keyRefused(const KeyRefusal &refusal) = 0;
    // A client still uses the key before the last rotation; at most once a minute for each client
    // of a token and thread, and only for a few of a token.
    virtual void formerKeyUsed(const domain::FormerKeyUse &use) { Q_UNUSED(use) }
};

// What the exchanges of one gateway thread share. All of it outlives them.
struct Context
{
    const base::Clock &clock;
    base::TimingWheel &wheel;
    upstream::Client &client;
    Admission &admission;
    ChannelHealth &health;
    ChannelLoad &load;
    domain::UsageSink &ledger;
    RelayEvents &events;
    const TokenMeter &meter;
    Targets &targets;
    int receiver = -1;                       // of receipts, as the ledger knows this thread
    Background *background = nullptr;        // null: all is done at once
    domain::CaptureSink *captures = nullptr; // null: no bodies are kept, whatever the settings say
    AnswerCache *answers = nullptr;          // null: none is kept, whatever the settings say
    ClientNames clients{};
    QByteArray hop{}; // what this gateway is called in hopField
};

} // namespace gatehouse::relay
