#pragma once

#include "base/secret.h"
#include "domain/channel.h"
#include "domain/token.h"

#include <utility>
#include <vector>

namespace gatehouse::base {
class MaskRules;
} // namespace gatehouse::base

namespace gatehouse::domain {

// Up to which byte of a body had been passed on at a time.
struct ByteMark
{
    qint64 offset = 0;       // of the first byte that came then
    qint64 microseconds = 0; // since the request began to be served

    bool operator==(const ByteMark &) const = default;
};

// A request or an answer as it went over the wire, without its framing.
struct CapturedMessage
{
    QByteArray
        line{}; // "POST /v1/messages", or the status of an answer: "200"; empty: there was none
    std::vector<std::pair<QByteArray, QByteArray>> fields{};
    QByteArray body{}; // the beginning of what is kept
    qint64 kept = 0;   // so many bytes of it are kept
    qint64 size = 0;   // so many were sent
    std::vector<ByteMark> marks{};

    bool isPresent() const { return !line.isEmpty(); }
    // The body was longer than what is kept.
    bool isCut() const { return kept < size; }
    QByteArray field(QByteArrayView name) const; // in any case; empty: it has none
    bool operator==(const CapturedMessage &) const = default;
};

struct CapturedAttempt
{
    ChannelId channel{};
    QByteArray channelName{};
    qint64 key = 0;
    CapturedMessage request{};
    CapturedMessage answer{};

    bool operator==(const CapturedAttempt &) const = default;
};

// The heads and bodies of one request on both sides of the gateway: the client's, and each attempt's.
struct Capture
{
    QByteArray requestId{};
    TokenId token{};
    qint64 createdAt = 0; // milliseconds since 1970, UTC
    CapturedMessage request{};
    CapturedMessage answer{};
    std::vector<CapturedAttempt> attempts{};

    bool operator==(const Capture &) const = default;
};

// Which message of a capture is meant.
struct CapturePart
{
    enum class Side { ClientRequest, ClientAnswer, ProviderRequest, ProviderAnswer };

    Side side = Side::ClientRequest;
    int attempt = 0; // of the provider's: its place among the attempts

    bool operator==(const CapturePart &) const = default;
};

// The message of that part; null: there is no such attempt.
const CapturedMessage *messageOf(const Capture &capture, CapturePart part);

// Replaces by asterisks what must not be stored: credentials and cookies in heads, `key=` in targets,
// and the given secrets wherever they occur, in JSON's spelling too, and where the end of a cut body
// holds but their beginning. Bodies keep their lengths.
void maskSecrets(Capture &capture, const std::vector<base::Secret> &secrets);
// Likewise what the rules are about: their words in JSON's spelling, too.
void maskByRules(Capture &capture, const base::MaskRules &rules);

} // namespace gatehouse::domain
