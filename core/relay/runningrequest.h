#pragma once

#include "domain/usagerecord.h"

namespace gatehouse::relay {

// A request that is being served, as it is at one moment.
struct RunningRequest
{
    domain::UsageRecord record{}; // as it would be if the request ended now; usage so far
    QByteArray channelName{};     // empty: none was chosen yet
    qint64 bytes = 0;             // of the answer so far
    bool answerBegan = false;
    bool tokensAreEstimated = true;
};

} // namespace gatehouse::relay
