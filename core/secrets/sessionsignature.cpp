#include "secrets/sessionsignature.h"

#include "secrets/keyderivation.h"
#include "secrets/random.h"

#include <QtEndian>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

constexpr char version = 1;
constexpr qsizetype numberLength = 8;
constexpr qsizetype sessionIdLength = 16;
constexpr qsizetype claimsLength = 1 + 4 * numberLength + sessionIdLength;
constexpr qsizetype codeLength = 32;
// 81 bytes are a multiple of three, so that no bit of the encoding is left open.
constexpr qsizetype cookieLength = (claimsLength + codeLength) / 3 * 4;
constexpr auto cookieEncoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

void append(QByteArray &bytes, qint64 number)
{
    char buffer[numberLength];
    qToBigEndian(number, buffer);
    bytes.append(buffer, numberLength);
}

qint64 numberAt(const QByteArray &bytes, qsizetype index)
{
    return qFromBigEndian<qint64>(bytes.constData() + 1 + index * numberLength);
}

QByteArray encoded(const SessionClaims &claims)
{
    QByteArray bytes;
    bytes.reserve(claimsLength + codeLength);
    bytes.append(version);
    append(bytes, claims.userId.value);
    append(bytes, claims.epoch);
    append(bytes, claims.issuedAt);
    append(bytes, claims.expiresAt);
    bytes.append(claims.sessionId);
    return bytes;
}

SessionClaims claimsFrom(const QByteArray &bytes)
{
    return {.userId = {numberAt(bytes, 0)},
            .epoch = numberAt(bytes, 1),
            .issuedAt = numberAt(bytes, 2),
            .expiresAt = numberAt(bytes, 3),
            .sessionId = bytes.sliced(1 + 4 * numberLength, sessionIdLength)};
}

} // namespace

SessionSignature::SessionSignature(const base::Secret &sessionSecret)
    : m_key(sessionSecret.isEmpty() ? base::Secret()
                                    : deriveKey(sessionSecret, "gatehouse session cookie 1"))
{}

base::Result<QByteArray>
SessionSignature::sign(domain::UserId user, qint64 epoch, qint64 now, qint64 lifetime) const
{
    return sign(SessionClaims{.userId = user,
                              .epoch = epoch,
                              .issuedAt = now,
                              .expiresAt = now + lifetime,
                              .sessionId = randomBytes(sessionIdLength)});
}

base::Result<QByteArray> SessionSignature::sign(const SessionClaims &claims) const
{
    if (m_key.isEmpty()) {
        return base::fail(
            base::ErrorCode::Unavailable,
            base::Message::tr("Nobody can sign in, since there is no session secret."));
    }
    if (claims.userId.isNull() || claims.sessionId.size() != sessionIdLength) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::tr("A session needs a user and an id of its own."));
    }
    QByteArray bytes = encoded(claims);
    bytes.append(hmacSha256(m_key, bytes));
    return bytes.toBase64(cookieEncoding);
}

tl::expected<SessionClaims, SessionProblem> SessionSignature::verify(QByteArrayView cookie,
                                                                     qint64 now) const
{
    if (m_key.isEmpty())
        return tl::unexpected(SessionProblem::Unavailable);
    if (cookie.size() != cookieLength)
        return tl::unexpected(SessionProblem::Malformed);
    const auto result = QByteArray::fromBase64Encoding(
        cookie.toByteArray(), cookieEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!result || result.decoded.size() != claimsLength + codeLength
        || result.decoded.front() != version)
        return tl::unexpected(SessionProblem::Malformed);
    const QByteArrayView bytes(result.decoded);
    if (!base::equalInConstantTime(hmacSha256(m_key, bytes.first(claimsLength)),
                                   bytes.last(codeLength)))
        return tl::unexpected(SessionProblem::Forged);
    SessionClaims claims = claimsFrom(result.decoded);
    if (now >= claims.expiresAt)
        return tl::unexpected(SessionProblem::Expired);
    return claims;
}

} // namespace gatehouse::secrets
