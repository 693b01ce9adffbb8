#pragma once

#include "domain/cacheresult.h"
#include "domain/channel.h"
#include "domain/quota.h"
#include "domain/requesttrace.h"
#include "domain/token.h"
#include "domain/usage.h"
#include "domain/user.h"

namespace gatehouse::domain {

// The numbers are One API's log types.
enum class RecordKind {
    TopUp = 1,
    Consumption = 2,
    Management = 3,
    System = 4,
    Test = 5,
    Failure = 6
};

// How a request ended.
enum class EndReason {
    Completed,
    Failed,
    ClientGone,
    TimedOut,
    ShutDown,
    Cancelled, // by the administrator
};

// One line of the ledger: a request that reached a provider, or an entry of the management. The
// ledger writer subtracts `charge` from the balances of the user and of the token in the
// transaction that stores the line.
struct UsageRecord
{
    QByteArray requestId{};
    RecordKind kind = RecordKind::Consumption;
    qint64 createdAt = 0; // milliseconds since 1970, UTC
    UserId userId{};
    QByteArray username{};
    TokenId tokenId{};
    QByteArray tokenName{};
    ChannelId channelId{};
    qint64 channelKeyId = 0;
    QByteArray model{};         // as requested
    QByteArray providerModel{}; // as sent
    QByteArray group{};
    QByteArray operation{}; // "chat", "embeddings", …
    Usage usage{};
    Cost cost{};
    Quota charge{};
    bool unpriced = false;
    bool tokenIsUnlimited = false; // then only the user's balance is charged
    bool stream = false;
    int attempts = 1;
    CacheResult cache = CacheResult::None; // of a hit there is no channel, no usage and no cost
    int httpStatus = 0;                    // as answered to the client
    EndReason end = EndReason::Completed;
    qint64 elapsedMilliseconds = 0;
    qint64 firstByteMilliseconds = -1; // -1: there was none
    QByteArray clientAddress{};
    QByteArray client{};       // the program that asked: "Claude Code"; empty: not known
    QByteArray session{};      // as the client names it; empty: it names none
    QByteArray finishReason{}; // why the provider ended its answer, in its words; empty: not told
    QByteArray attemptLog{};   // see domain/attemptnote.h; empty: nothing is known
    QByteArray errorCode{};    // stable code of a failure
    QByteArray content{};      // a text for people
    std::shared_ptr<const RequestTrace> trace{}; // not stored; null: no traces are told

    // When the request began, by which its price is told. Milliseconds since 1970, UTC.
    qint64 begunAt() const { return createdAt - elapsedMilliseconds; }
};

} // namespace gatehouse::domain
