#pragma once

#include "domain/channel.h"

#include <vector>

namespace gatehouse::admin {

// A channel before and after a change; secrets of keys are empty. To undo it: see
// ChannelService::takeBack().
struct ChangedChannel
{
    domain::Channel before{};
    domain::Channel after{};

    // The same in the other direction.
    ChangedChannel reversed() const { return {.before = after, .after = before}; }
};

// Gives `channel` the former value of what the change changed; what it left alone stays as it is.
void takeBack(domain::Channel &channel, const ChangedChannel &change);
// Whether it can be undone. Keys that were there before another address was set are gone for good.
bool canBeTakenBack(const ChangedChannel &change);
// Whether it changes where requests go, how they get there or whether they may: what was known of the
// health of the channel says nothing then. A name, a note or a priority does not.
bool changesReach(const ChangedChannel &change);
// Whether requests would go where they went if all was switched on.
bool changesSwitchesAlone(const ChangedChannel &change);
// The same, and nothing is on that was off before.
bool switchesOffAlone(const ChangedChannel &change);

// A key as it may be shown.
struct ChannelKeyView
{
    qint64 id = 0;
    QString ending{}; // the last four characters; empty for short keys and ones that do not open
    bool enabled = true;
    QString disabledReason{}; // why a machine disabled it
};

// A key that was entered and that a channel has already.
struct KnownKey
{
    int position = 0; // among those that were entered, from 0
    domain::ChannelId channel{};
    QString channelName{};
};

struct ChannelPriority
{
    domain::ChannelId channel{};
    qint64 priority = 0;
};

} // namespace gatehouse::admin
