#pragma once

#include "domain/channel.h"
#include "storage/database.h"

#include <map>

namespace gatehouse::storage {

// What the program found out about a channel; see domain::Channel.
struct ChannelFindings
{
    domain::Quota used{};
    qint64 testedAt = 0; // seconds since 1970, UTC; 0: never
    int responseMilliseconds = 0;
    double balanceDollars = 0;
    qint64 balanceAt = 0; // 0: not known

    bool operator==(const ChannelFindings &) const = default;
};

// Of all channels that are not deleted.
base::Result<std::map<domain::ChannelId, ChannelFindings>> channelFindings(Database &database);

} // namespace gatehouse::storage
