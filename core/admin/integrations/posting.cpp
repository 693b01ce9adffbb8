#include "admin/integrations/posting.h"

#include "admin/channels/probebench.h"
#include "protocol/providererror.h"
#include "relay/wayout.h"

#include <QCoreApplication>

#include <algorithm>
#include <condition_variable>
#include <mutex>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using upstream::FailureKind;

namespace {

constexpr quint16 usualHttpPort = 80;
constexpr quint16 usualHttpsPort = 443;

// Of the body it keeps as much as is wanted; the connection ends with that.
class PostReader final : public upstream::StreamReceiver
{
public:
    PostReader(QEventLoop &loop, qsizetype most)
        : m_loop(loop)
        , m_most(most)
    {}

    void headReceived(const http::ResponseHead &head) override
    {
        status = head.status;
        retryAfter = protocol::retryAfter(
            head.headers,
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
        if (m_most == 0)
            m_loop.quit();
    }
    void bodyReceived(QByteArrayView bytes) override
    {
        answer.append(bytes.first(std::min(bytes.size(), m_most - answer.size())));
        if (answer.size() == m_most)
            m_loop.quit();
    }
    void batchEnded() override {}
    void completed() override
    {
        hasEnded = true;
        m_loop.quit();
    }
    void failed(const upstream::Failure &why) override
    {
        hasEnded = true;
        failure = why.kind;
        m_loop.quit();
    }

    int status = 0;
    QByteArray answer{};
    std::optional<std::chrono::seconds> retryAfter{};
    bool hasEnded = false; // the stream is gone
    std::optional<FailureKind> failure{};

private:
    QEventLoop &m_loop;
    const qsizetype m_most;
};

Message wordsOf(FailureKind kind, const QString &host)
{
    switch (kind) {
    case FailureKind::Resolve:
        return Message::tr("The name %1 was not found.").arg(host);
    case FailureKind::ForbiddenAddress:
        return Message::tr("%1 is at an address that nothing is sent to.").arg(host);
    case FailureKind::Proxy:
        return Message::tr("The proxy that the environment names made no connection to %1.")
            .arg(host);
    case FailureKind::Connect:
        return Message::tr("Nothing takes connections at %1.").arg(host);
    case FailureKind::Tls:
        return Message::tr("No encrypted connection to %1 could be made. Its certificate may not "
                           "be trusted here.")
            .arg(host);
    case FailureKind::ConnectTimeout:
    case FailureKind::FirstByteTimeout:
    case FailureKind::Stalled:
    case FailureKind::TotalTimeout:
        return Message::tr("%1 did not answer in time.").arg(host);
    default:
        return Message::tr("%1 ended the connection without an answer.").arg(host);
    }
}

upstream::Call callOf(const Posting &posting)
{
    const QUrl &url = posting.url;
    const bool tls = url.scheme() == "https"_L1;
    const QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    const quint16 port = portOf(url);
    auto endpoint = std::make_shared<upstream::Endpoint>();
    endpoint->tls = tls;
    endpoint->host = host;
    endpoint->port = port;
    relay::chooseProxy(*endpoint, {}, posting.proxies);
    upstream::Call call{.endpoint = endpoint,
                        .body = posting.body,
                        .connectTimeout = posting.patience,
                        .firstByteTimeout = posting.patience,
                        .totalTimeout = posting.patience};
    QByteArray target = url.path(QUrl::FullyEncoded).toLatin1();
    if (target.isEmpty())
        target = "/";
    if (url.hasQuery())
        target += "?" + url.query(QUrl::FullyEncoded).toLatin1();
    QByteArray authority = host.contains(':') ? QByteArray("[" + host + "]") : host;
    if (port != (tls ? usualHttpsPort : usualHttpPort))
        authority += ":" + QByteArray::number(port);
    call.head = "POST " + target + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: Gatehouse/"
                + QCoreApplication::applicationVersion().toLatin1()
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + QByteArray::number(posting.body.size()) + "\r\n" + posting.fields + "\r\n";
    return call;
}

bool isLate(FailureKind kind)
{
    return kind == FailureKind::ConnectTimeout || kind == FailureKind::Stalled
           || kind == FailureKind::FirstByteTimeout || kind == FailureKind::TotalTimeout;
}

} // namespace

bool Posted::isSuccess() const
{
    return status >= 200 && status < 300;
}

quint16 portOf(const QUrl &url)
{
    return static_cast<quint16>(
        url.port(url.scheme() == "https"_L1 ? usualHttpsPort : usualHttpPort));
}

Posted post(const Posting &posting, const std::stop_token &stop)
{
    const QString host = posting.url.host();
    ProbeBench bench(posting.patience, stop, [] {});
    PostReader reader(bench.loop, posting.mostAnswer);
    upstream::Stream *stream = bench.client().send(callOf(posting), reader);
    bench.loop.exec();
    if (!reader.hasEnded)
        stream->abort();
    if (reader.status > 0) {
        return {.status = reader.status,
                .answer = reader.answer,
                .retryAfter = reader.retryAfter,
                .error = {ErrorCode::Unavailable,
                          Message::tr("%1 answered with the status %2.").arg(host, reader.status),
                          {}}};
    }
    const FailureKind kind = reader.failure.value_or(FailureKind::TotalTimeout);
    return {.error = {isLate(kind) ? ErrorCode::TimedOut : ErrorCode::Unavailable,
                      wordsOf(kind, host),
                      {}}};
}

bool pauseFor(std::chrono::milliseconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

} // namespace gatehouse::admin
