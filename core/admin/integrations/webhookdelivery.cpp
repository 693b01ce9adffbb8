#include "admin/integrations/webhookdelivery.h"

#include "admin/channels/probebench.h"
#include "secrets/keyderivation.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <condition_variable>
#include <mutex>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using upstream::FailureKind;

namespace {

constexpr quint16 usualHttpPort = 80;
constexpr quint16 usualHttpsPort = 443;

quint16 portOf(const QUrl &url)
{
    return static_cast<quint16>(
        url.port(url.scheme() == "https"_L1 ? usualHttpsPort : usualHttpPort));
}

// The answer is its status: the connection ends with the head.
class StatusReader final : public upstream::StreamReceiver
{
public:
    explicit StatusReader(QEventLoop &loop)
        : m_loop(loop)
    {}

    void headReceived(const http::ResponseHead &head) override
    {
        status = head.status;
        m_loop.quit();
    }
    void bodyReceived(QByteArrayView) override {}
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
    bool hasEnded = false; // the stream is gone
    std::optional<FailureKind> failure{};

private:
    QEventLoop &m_loop;
};

Message wordsOf(FailureKind kind, const QString &host)
{
    switch (kind) {
    case FailureKind::Resolve:
        return Message::tr("The name %1 was not found.").arg(host);
    case FailureKind::ForbiddenAddress:
        return Message::tr("%1 is at an address that nothing is sent to.").arg(host);
    case FailureKind::Connect:
    case FailureKind::Proxy:
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

upstream::Call webhookCall(const WebhookOrder &order)
{
    const bool tls = order.url.scheme() == "https"_L1;
    const QByteArray host = order.url.host(QUrl::FullyEncoded).toLatin1();
    const quint16 port = portOf(order.url);
    auto endpoint = std::make_shared<upstream::Endpoint>();
    endpoint->tls = tls;
    endpoint->host = host;
    endpoint->port = port;
    upstream::Call call{.endpoint = endpoint,
                        .body = order.body,
                        .connectTimeout = order.patience.answer,
                        .firstByteTimeout = order.patience.answer,
                        .totalTimeout = order.patience.answer};
    QByteArray target = order.url.path(QUrl::FullyEncoded).toLatin1();
    if (target.isEmpty())
        target = "/";
    if (order.url.hasQuery())
        target += "?" + order.url.query(QUrl::FullyEncoded).toLatin1();
    QByteArray authority = host.contains(':') ? QByteArray("[" + host + "]") : host;
    if (port != (tls ? usualHttpsPort : usualHttpPort))
        authority += ":" + QByteArray::number(port);
    call.head = "POST " + target + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: Gatehouse/"
                + QCoreApplication::applicationVersion().toLatin1()
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + QByteArray::number(order.body.size()) + "\r\nX-Gatehouse-Delivery: " + order.id
                + "\r\n";
    // An empty secret would be anybody's.
    if (!order.secret.isEmpty()) {
        call.head +=
            "X-Gatehouse-Signature: " + webhookSignature(order.secret, order.body) + "\r\n";
    }
    call.head += "\r\n";
    return call;
}

bool isSuccess(int status)
{
    return status >= 200 && status < 300;
}

// Whether the same message may be taken a moment later.
bool isWorthRetrying(int status)
{
    constexpr int requestTimeout = 408;
    constexpr int tooEarly = 425;
    constexpr int tooManyRequests = 429;
    constexpr int firstServerError = 500;
    return status == 0 || status == requestTimeout || status == tooEarly
           || status == tooManyRequests || status >= firstServerError;
}

struct WebhookTry
{
    int status = 0; // 0: there was no answer
    base::Error error{};
};

WebhookTry tryOnce(const WebhookOrder &order, const std::stop_token &stop)
{
    const QString host = order.url.host();
    ProbeBench bench(order.patience.answer, stop, [] {});
    StatusReader reader(bench.loop);
    upstream::Stream *stream = bench.client().send(webhookCall(order), reader);
    bench.loop.exec();
    if (!reader.hasEnded)
        stream->abort();
    if (reader.status > 0) {
        return {.status = reader.status,
                .error = {ErrorCode::Unavailable,
                          Message::tr("%1 answered with the status %2.").arg(host, reader.status),
                          {}}};
    }
    const FailureKind kind = reader.failure.value_or(FailureKind::TotalTimeout);
    const bool isLate = kind == FailureKind::ConnectTimeout || kind == FailureKind::Stalled
                        || kind == FailureKind::FirstByteTimeout
                        || kind == FailureKind::TotalTimeout;
    return {
        .error = {isLate ? ErrorCode::TimedOut : ErrorCode::Unavailable, wordsOf(kind, host), {}}};
}

// False: it was asked to stop meanwhile.
bool pauseFor(std::chrono::milliseconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QJsonObject eventJson(const WebhookEvent &event)
{
    const Happening &of = event.happening;
    QJsonObject object{{u"event"_s, QString::fromLatin1(happeningName(of.kind))},
                       {u"at"_s, timeText(event.time)},
                       {u"text"_s, happeningText(of)}};
    if (!of.name.isEmpty())
        object.insert(u"name"_s, of.name);
    if (!of.channel.isNull())
        object.insert(u"channel_id"_s, of.channel.value);
    if (!of.token.isNull())
        object.insert(u"token_id"_s, of.token.value);
    if (!of.user.isNull())
        object.insert(u"user_id"_s, of.user.value);
    if (of.kind == Happening::Kind::BudgetLow || of.kind == Happening::Kind::BudgetSpent)
        object.insert(u"share"_s, of.share);
    return object;
}

QByteArray documentOf(const QByteArray &id,
                      const QDateTime &now,
                      const QStringList &texts,
                      const QJsonArray &events,
                      qint64 left,
                      bool isTest)
{
    // Chat programs show "text".
    return QJsonDocument(QJsonObject{{u"source"_s, u"gatehouse"_s},
                                     {u"version"_s, QCoreApplication::applicationVersion()},
                                     {u"id"_s, QString::fromLatin1(id)},
                                     {u"sent_at"_s, timeText(now)},
                                     {u"test"_s, isTest},
                                     {u"text"_s, texts.join(u'\n')},
                                     {u"events"_s, events},
                                     {u"left_out"_s, left}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

QByteArray webhookBody(const QByteArray &id,
                       const std::vector<WebhookEvent> &events,
                       qint64 left,
                       const QDateTime &now)
{
    QStringList texts;
    QJsonArray array;
    for (const WebhookEvent &event : events) {
        texts.append(happeningText(event.happening));
        array.append(eventJson(event));
    }
    return documentOf(id, now, texts, array, left, false);
}

QByteArray webhookTestBody(const QByteArray &id, const QDateTime &now)
{
    return documentOf(id, now, {u"This is a test of Gatehouse."_s}, {}, 0, true);
}

QByteArray webhookSignature(const base::Secret &secret, const QByteArray &body)
{
    return "sha256=" + secrets::hmacSha256(secret, body).toHex();
}

Result<> checkWebhookTarget(const QUrl &url, const OwnAddress &isOwnAddress)
{
    if (url.host().isEmpty())
        return fail(ErrorCode::InvalidInput, Message::tr("No webhook address was set."));
    if (isOwnAddress && isOwnAddress(url.host(), portOf(url))) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("This webhook address leads back to this gateway."));
    }
    return {};
}

Result<WebhookDelivery> deliver(const WebhookOrder &order, const std::stop_token &stop)
{
    const base::Error stopped{ErrorCode::Cancelled, Message::tr("The program ends."), {}};
    if (const Result<> sound = checkWebhookTarget(order.url, order.isOwnAddress); !sound)
        return fail(sound.error());
    const std::vector<std::chrono::milliseconds> &pauses = order.patience.pauses;
    for (size_t i = 0;; ++i) {
        const WebhookTry tried = tryOnce(order, stop);
        if (isSuccess(tried.status))
            return WebhookDelivery{.status = tried.status, .tries = static_cast<int>(i) + 1};
        if (stop.stop_requested())
            return fail(stopped);
        if (!isWorthRetrying(tried.status) || i == pauses.size())
            return fail(tried.error);
        if (!pauseFor(pauses.at(i), stop))
            return fail(stopped);
    }
}

} // namespace gatehouse::admin
