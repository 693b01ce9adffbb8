#pragma once

#include "domain/channel.h"
#include "http/headers.h"

namespace gatehouse::relay {

// What an answer tells of how it came about, as far as it is known when its head is written. Times are
// microseconds; negative: not known.
struct AnswerDetails
{
    domain::ChannelId channel{}; // 0: it is not decided yet. Its name is for administrators alone
    int attempts = 0;            // 0: likewise
    QByteArrayView model{};      // that serves; empty: the one that was asked for
    qint64 gateway = -1;         // that the gateway itself took
    qint64 upstream = -1;        // that went by while providers were asked, all attempts together
    qint64 firstByte = -1;       // until a stream had something to tell
};

// Adds it as X-Gatehouse-Channel, -Attempts and -Model, and Server-Timing.
void addAnswerDetails(const AnswerDetails &details, http::Headers &target);

} // namespace gatehouse::relay
