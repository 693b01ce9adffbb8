#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "domain/user.h"

namespace gatehouse::secrets {

// What a session cookie says. It is believed only after verify(), and counts only while the user's
// epoch is still the same.
struct SessionClaims
{
    domain::UserId userId{};
    qint64 epoch = 0;       // User::sessionEpoch at sign-in
    qint64 issuedAt = 0;    // seconds since 1970, UTC
    qint64 expiresAt = 0;   // seconds since 1970, UTC
    QByteArray sessionId{}; // 16 random bytes

    bool operator==(const SessionClaims &) const = default;
};

enum class SessionProblem {
    Malformed,   // no cookie of ours
    Forged,      // not signed with this secret
    Expired,     // genuine, and over
    Unavailable, // there is no secret to verify it with
};

// Signs sessions, so that they need no table and outlive the process. Immutable and safe to use from
// several threads. The cookie's value is the base64url (RFC 4648 section 5) of a version byte, the
// claims and their HMAC-SHA256, 108 characters in all.
class SessionSignature
{
public:
    // With an empty secret nothing is signed and nothing is valid.
    explicit SessionSignature(const base::Secret &sessionSecret);

    // A new session with an id of its own, from `now` (seconds since 1970) for `lifetime` seconds.
    base::Result<QByteArray>
    sign(domain::UserId user, qint64 epoch, qint64 now, qint64 lifetime) const;
    base::Result<QByteArray> sign(const SessionClaims &claims) const;

    tl::expected<SessionClaims, SessionProblem> verify(QByteArrayView cookie, qint64 now) const;

private:
    base::Secret m_key;
};

} // namespace gatehouse::secrets
