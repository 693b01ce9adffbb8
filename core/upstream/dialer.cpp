#include "upstream/dialer.h"

#include "base/logging.h"
#include "http/nativesocket.h"
#include "upstream/addressfilter.h"
#include "upstream/resolver.h"
#include "upstream/tlssettings.h"

#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace gatehouse::upstream {

namespace {

constexpr qsizetype mostAddresses = 8;

// Alternates the families, beginning with that of the first address (RFC 8305, section 4).
QList<QHostAddress> interleaved(const QList<QHostAddress> &addresses)
{
    QList<QHostAddress> same;
    QList<QHostAddress> other;
    for (const QHostAddress &address : addresses) {
        const bool isFirstFamily = address.protocol() == addresses.first().protocol();
        (isFirstFamily ? same : other).append(address);
    }
    QList<QHostAddress> mixed;
    for (qsizetype i = 0; i < std::max(same.size(), other.size()); ++i) {
        if (i < same.size())
            mixed.append(same.at(i));
        if (i < other.size())
            mixed.append(other.at(i));
    }
    return mixed.first(std::min(mixed.size(), mostAddresses));
}

Failure failureFor(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return {.kind = FailureKind::Connect,
                .message = base::Message::tr("The provider's host refused the connection.")};
    case QAbstractSocket::HostNotFoundError:
        return {.kind = FailureKind::Resolve,
                .message = base::Message::tr("No address was found for the host.")};
    case QAbstractSocket::ProxyAuthenticationRequiredError:
        return {.kind = FailureKind::Proxy,
                .message =
                    base::Message::tr("The proxy did not accept the user name and password.")};
    case QAbstractSocket::ProxyConnectionRefusedError:
        return {.kind = FailureKind::Proxy,
                .message = base::Message::tr("The proxy refused the connection.")};
    case QAbstractSocket::ProxyNotFoundError:
        return {.kind = FailureKind::Proxy,
                .message = base::Message::tr("The proxy was not found.")};
    case QAbstractSocket::ProxyConnectionClosedError:
        return {.kind = FailureKind::Proxy,
                .message = base::Message::tr("The proxy closed the connection.")};
    case QAbstractSocket::ProxyConnectionTimeoutError:
        return {.kind = FailureKind::Proxy,
                .message = base::Message::tr("The proxy did not answer in time.")};
    case QAbstractSocket::ProxyProtocolError:
        return {.kind = FailureKind::Proxy,
                .message =
                    base::Message::tr("The proxy did not answer as a proxy of its kind does.")};
    default:
        return {.kind = FailureKind::Connect,
                .message = base::Message::tr("The provider could not be reached.")};
    }
}

} // namespace

Dialer::Dialer(Resolver &resolver,
               base::TimingWheel &wheel,
               std::shared_ptr<const Endpoint> endpoint,
               QObject *parent)
    : QObject(parent)
    , m_resolver(resolver)
    , m_endpoint(std::move(endpoint))
    , m_race(std::make_unique<base::Deadline>(wheel, [this] { dialNext(); }))
{}

Dialer::~Dialer() = default;

void Dialer::start(const QSslConfiguration *tls)
{
    m_tls = tls;
    m_starting = true;
    if (m_endpoint->tls && !m_tls) {
        fail(FailureKind::Tls,
             base::Message::tr("The channel's certificate authority is not a valid PEM text."));
    } else if (m_endpoint->proxyKind != ProxyKind::None) {
        dialProxy();
    } else {
        m_resolver.resolve(m_endpoint->host, this, [this](const QList<QHostAddress> &found) {
            if (!m_ended)
                dialAddresses(found);
        });
    }
    m_starting = false;
}

void Dialer::cancel()
{
    m_ended = true;
    m_race.reset();
    m_waiting.clear();
    m_winner = nullptr;
    abandon(nullptr);
}

QTcpSocket *Dialer::takeSocket()
{
    m_attempts.clear();
    return std::exchange(m_winner, nullptr);
}

void Dialer::dialProxy()
{
    const Endpoint &endpoint = *m_endpoint;
    // The proxy resolves names itself; what can be judged here is an address or this very machine.
    std::optional<QHostAddress> literal = literalAddress(endpoint.host);
    if (!literal && isLocalhost(endpoint.host))
        literal = QHostAddress(QHostAddress::LocalHost);
    if (literal && !mayConnect(*literal, endpoint.allowPrivateAddress)) {
        fail(FailureKind::ForbiddenAddress,
             base::Message::tr("The channel may not connect to the address of this host."));
        return;
    }
    QTcpSocket *socket = makeSocket();
    const auto type = endpoint.proxyKind == ProxyKind::Http ? QNetworkProxy::HttpProxy
                                                            : QNetworkProxy::Socks5Proxy;
    socket->setProxy(QNetworkProxy(type,
                                   QString::fromLatin1(endpoint.proxyHost),
                                   endpoint.proxyPort,
                                   QString::fromUtf8(endpoint.proxyUser),
                                   QString::fromUtf8(endpoint.proxyPassword)));
    socket->connectToHost(QString::fromLatin1(endpoint.host), endpoint.port);
}

void Dialer::dialAddresses(const QList<QHostAddress> &found)
{
    if (found.isEmpty()) {
        fail(FailureKind::Resolve, base::Message::tr("No address was found for the host."));
        return;
    }
    QList<QHostAddress> allowed;
    for (const QHostAddress &address : found) {
        if (mayConnect(address, m_endpoint->allowPrivateAddress))
            allowed.append(address);
    }
    if (allowed.isEmpty()) {
        fail(FailureKind::ForbiddenAddress,
             base::Message::tr("The channel may not connect to the address of this host."));
        return;
    }
    m_waiting = interleaved(allowed);
    dialNext();
}

void Dialer::dialNext()
{
    if (m_waiting.isEmpty())
        return;
    const QHostAddress address = m_waiting.takeFirst();
    QTcpSocket *socket = makeSocket();
    socket->setProxy(QNetworkProxy::NoProxy);
    if (!m_waiting.isEmpty())
        m_race->start(raceDelay);
    // May fail before it returns, and so dial the next address or end.
    socket->connectToHost(address, m_endpoint->port);
}

QTcpSocket *Dialer::makeSocket()
{
    QTcpSocket *socket = nullptr;
    if (m_endpoint->tls) {
        auto *secure = new QSslSocket(this);
        secure->setSslConfiguration(*m_tls);
        secure->setPeerVerifyName(QString::fromLatin1(m_endpoint->host));
        connect(secure, &QSslSocket::encrypted, this, [this] { succeed(); });
        connect(secure, &QSslSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
            m_tlsErrors = errors;
        });
        socket = secure;
    } else {
        socket = new QTcpSocket(this);
    }
    m_attempts.push_back(socket);
    connect(socket, &QTcpSocket::connected, this, [this, socket] { attemptConnected(socket); });
    connect(socket, &QTcpSocket::errorOccurred, this, [this, socket] { attemptFailed(socket); });
    return socket;
}

void Dialer::attemptConnected(QTcpSocket *socket)
{
    if (m_ended || m_winner)
        return;
    m_race->stop();
    m_waiting.clear();
    m_winner = socket;
    abandon(socket);
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    http::probeWhileSilent(http::systemDescriptor(*socket));
    if (m_endpoint->tls)
        static_cast<QSslSocket *>(socket)->startClientEncryption();
    else
        succeed();
}

void Dialer::attemptFailed(QTcpSocket *socket)
{
    if (m_ended)
        return;
    if (socket == m_winner) {
        const bool wasClosed = socket->error() == QAbstractSocket::RemoteHostClosedError;
        fail(FailureKind::Tls,
             wasClosed && m_tlsErrors.isEmpty()
                 ? base::Message::tr("The provider closed the connection during the TLS handshake.")
                 : tlsSentence(m_tlsErrors));
        return;
    }
    const Failure failure = failureFor(socket->error());
    socket->disconnect(this);
    socket->deleteLater();
    std::erase(m_attempts, socket);
    if (!m_waiting.isEmpty())
        dialNext();
    else if (m_attempts.empty())
        fail(failure.kind, failure.message);
}

// Lets go of all sockets but one.
void Dialer::abandon(QTcpSocket *except)
{
    for (QTcpSocket *socket : m_attempts) {
        if (socket == except)
            continue;
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
    m_attempts.clear();
    if (except)
        m_attempts.push_back(except);
}

void Dialer::fail(FailureKind kind, const base::Message &message)
{
    const Failure failure{.kind = kind, .message = message};
    qCDebug(base::lcUpstream) << "no connection to" << m_endpoint->host << m_endpoint->port
                              << message.english();
    if (!m_starting) {
        cancel();
        emit failed(failure);
        return;
    }
    m_ended = true;
    QMetaObject::invokeMethod(
        this,
        [this, failure] {
            if (!m_race) // cancelled meanwhile
                return;
            cancel();
            emit failed(failure);
        },
        Qt::QueuedConnection);
}

void Dialer::succeed()
{
    if (m_ended || !m_winner)
        return;
    if (m_starting) {
        QMetaObject::invokeMethod(
            this, [this] { succeed(); }, Qt::QueuedConnection);
        return;
    }
    m_ended = true;
    m_race.reset();
    m_winner->disconnect(this);
    emit ready();
}

} // namespace gatehouse::upstream
