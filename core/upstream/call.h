#pragma once

#include "base/clock.h"
#include "base/message.h"
#include "http/response.h"

#include <QByteArray>

#include <chrono>
#include <memory>

namespace gatehouse::http {
class BodySource;
}

namespace gatehouse::upstream {

enum class ProxyKind { None, Http, Socks5 };

// Where calls go. Connections are shared by calls whose endpoints are equal in every part.
struct Endpoint
{
    bool tls = true;
    QByteArray host{}; // a name, or an address without brackets
    quint16 port = 443;
    ProxyKind proxyKind = ProxyKind::None;
    QByteArray proxyHost{};
    quint16 proxyPort = 0;
    QByteArray proxyUser{};
    QByteArray proxyPassword{};
    QByteArray certificateAuthority{}; // PEM; empty: the system's
    bool verifyCertificate = true;     // false: any certificate will do
    bool allowPrivateAddress = true;   // loopback and private ranges; link-local is always refused

    bool operator==(const Endpoint &) const = default;
};

// When a call came how far. A time that was not reached is the clock's beginning.
struct CallTiming
{
    base::SteadyTime connected{}; // TLS included
    base::SteadyTime sent{};      // all of the request was handed to the system
    base::SteadyTime answered{};  // the head of the answer was there
    bool reused = false;          // the connection had served another call
};

// One HTTP call to a provider, as a value.
struct Call
{
    std::shared_ptr<const Endpoint> endpoint{};
    // Request line and fields with the empty line behind them, Host and Content-Length included.
    QByteArray head{};
    QByteArray body{}; // may be raw data that outlives the call
    // If set, it is sent behind `body` from the given byte on. It must outlive the call.
    http::BodySource *spooled = nullptr;
    qint64 spooledFrom = 0;
    bool toHead = false;          // a HEAD request
    CallTiming *timing = nullptr; // kept up to date while the call lasts, which it must outlive
    std::chrono::milliseconds connectTimeout{10'000};
    std::chrono::milliseconds firstByteTimeout{300'000};
    std::chrono::milliseconds stallTimeout{180'000};
    std::chrono::milliseconds totalTimeout{0}; // from the beginning to the end; zero: no limit
    qint64 maxResponseBytes = 256LL * 1024 * 1024;
};

// The stage at which a call failed.
enum class FailureKind {
    Resolve,
    ForbiddenAddress,
    Connect,
    ConnectTimeout,
    Proxy,
    Tls,
    Send,
    FirstByteTimeout,
    Stalled,
    TotalTimeout,
    Closed,    // the connection ended before the answer did
    Malformed, // the answer is not HTTP, or its end is in doubt
    TooLarge,
    Encoding, // a compressed body that cannot be read
};

struct Failure
{
    FailureKind kind = FailureKind::Connect;
    base::Message message{}; // a sentence without any address path, key or body
    bool answered = false;   // at least one byte of the answer had arrived
};

// Who receives the answer of a call. Called in the client's thread. After completed(), failed() or
// Stream::abort() nothing more is called.
class StreamReceiver
{
public:
    StreamReceiver() = default;
    StreamReceiver(const StreamReceiver &) = delete;
    StreamReceiver &operator=(const StreamReceiver &) = delete;
    virtual ~StreamReceiver() = default;

    // `head` lives until the call ends. Its fields are as sent, but where the body was compressed
    // Content-Encoding and Content-Length are gone and contentLength is -1.
    virtual void headReceived(const http::ResponseHead &head) = 0;
    virtual void bodyReceived(QByteArrayView bytes) = 0;
    // All that one reading of the socket brought has been given out, and the call goes on.
    virtual void batchEnded() = 0;
    virtual void completed() = 0;
    virtual void failed(const Failure &failure) = 0;
};

} // namespace gatehouse::upstream
