#pragma once

#include "base/id.h"
#include "base/secret.h"
#include "domain/addressrange.h"
#include "domain/budget.h"
#include "domain/user.h"

#include <QStringList>

namespace gatehouse::domain {

using TokenId = base::Id<struct TokenTag>;

// The numbers are One API's.
enum class TokenStatus { Enabled = 1, Disabled = 2, Expired = 3, Exhausted = 4 };

// Whether heads and bodies of a token's requests are kept, beside the setting traffic.capture.
enum class TokenCapture { BySetting, Never, All };

// An API key of a user, with what it may be used for. A limit of 0 is none.
struct Token
{
    static constexpr qsizetype longestName = 100;

    TokenId id{};
    UserId userId{};
    QString name{};
    // The key as the client sends it, without the "sk-". Empty where it is not needed; its ends alone,
    // "abcd…wxyz", where no more was kept.
    base::Secret key{};
    QByteArray keyHash{}; // SHA-256 of the key, 32 bytes
    TokenStatus status = TokenStatus::Enabled;
    qint64 createdAt = 0;  // seconds since 1970, UTC
    qint64 accessedAt = 0; // seconds since 1970, UTC
    qint64 expiresAt = -1; // seconds since 1970, UTC; -1: never
    Quota balance{};       // what may still be spent through it, unless unlimited
    bool unlimited = false;
    Budget budget{}; // how the balance comes to be; without a period where it is unlimited
    Quota used{};
    QStringList models{};                // empty: all that the user's group may use
    QList<AddressRange> addressRanges{}; // empty: from anywhere
    int requestsPerMinute = 0;
    qint64 tokensPerMinute = 0;
    int concurrentRequests = 0;
    TokenCapture capture = TokenCapture::BySetting;
    // The key before the last rotation, for as long as it stays valid.
    QByteArray formerKeyHash{};  // SHA-256; empty: there is none
    qint64 formerValidUntil = 0; // seconds since 1970, UTC
    qint64 formerUsedAt = 0;     // when it was last used since; 0: not at all

    bool operator==(const Token &) const = default;
};

} // namespace gatehouse::domain
