#pragma once

#include "domain/channel.h"
#include "domain/modelrouting.h"

#include <span>
#include <vector>

namespace gatehouse::domain {

// How one attempt of a request went. Times are in microseconds since the request began to be served;
// -1: it did not come so far.
struct AttemptNote
{
    ChannelId channel{};
    qint64 key = 0; // ChannelKey::id; 0: the channel needs none
    qint64 startedAt = 0;
    qint64 connectedAt = -1; // TLS included; of a connection that was used again, when it was taken
    qint64 sentAt = -1;      // the whole request was handed to the system
    qint64 answeredAt = -1;  // the head of the answer was there
    qint64 begunAt = -1;     // the first part of the answer that counts
    qint64 endedAt = 0;
    bool reused = false; // the connection had served before
    bool tls = false;    // it is encrypted
    AffinityOutcome affinity = AffinityOutcome::None;
    int status = 0;         // that the provider answered with; 0: it did not answer
    QByteArray errorCode{}; // why it was left; empty: it served
    QByteArray message{};   // what the provider said then, without keys; cut to a few lines

    bool operator==(const AttemptNote &) const = default;
};

// The compact text in which attempts stand in the ledger, and back. What cannot be read is left out.
QByteArray attemptLog(std::span<const AttemptNote> attempts);
std::vector<AttemptNote> attemptsFrom(const QByteArray &log);

} // namespace gatehouse::domain
