#pragma once

#include "domain/accountbalance.h"
#include "domain/quota.h"

namespace gatehouse::domain {

// What the program found out about a channel; see Channel.
struct ChannelFindings
{
    Quota used{};
    qint64 testedAt = 0; // seconds since 1970, UTC; 0: never
    int responseMilliseconds = 0;
    AccountBalance balance{};
    qint64 balanceAt = 0; // 0: not known

    bool operator==(const ChannelFindings &) const = default;
};

} // namespace gatehouse::domain
