#pragma once

#include "admin/statistics/statistics.h"
#include "protocol/providererror.h"
#include "relay/routing/channelhealth.h"

#include <QHash>

#include <span>

namespace gatehouse::admin {

// What is known of a channel at one moment.
struct ChannelSigns
{
    const domain::Channel &channel;
    std::span<const relay::KeyHealth> keys{};       // of this channel alone
    QHash<qint64, protocol::ErrorClass> refusals{}; // why keys of it were refused, by key
    bool testing = false;
    int requests = 0; // attempts within the last ten minutes, without those that were cancelled
    int failed = 0;   // of them, because of the channel
    qint64 now = 0;   // milliseconds since 1970, UTC
};

struct ChannelState
{
    domain::Health health = domain::Health::Healthy;
    HealthReason reason{};
    qint64 until = 0;
    int keys = 0;
    int usableKeys = 0;
};

ChannelState stateOf(const ChannelSigns &signs);
// Of each key in its order; a channel without keys has none here.
std::vector<KeyOverview> keysOf(const ChannelSigns &signs);

// The last four characters of a key that is long enough not to be given away by them.
QString suffixOf(const base::Secret &key);

} // namespace gatehouse::admin
