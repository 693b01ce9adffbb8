#include "upstream/connection.h"

#include "http/nativesocket.h"
#include "http/sockets.h"
#include "upstream/activecall.h"
#include "upstream/dialer.h"
#include "upstream/pool.h"

#include <QSslSocket>

namespace gatehouse::upstream {

namespace {

// What may be read ahead of us; while a call is paused this is all that is held for it.
constexpr qint64 readAheadBytes = 128 * 1024;
// Providers close what was idle for seconds. What was used just now was found empty just now, and the
// event loop tells of what comes next: a look of our own at it would be a system call for nothing.
constexpr std::chrono::milliseconds justUsed{50};

} // namespace

Connection::Connection(Pool &pool, EndpointPool &group, QObject *parent)
    : QObject(parent)
    , m_pool(pool)
    , m_group(group)
    , m_generation(group.generation)
    , m_idle(std::make_unique<base::Deadline>(pool.wheel(), [this] { drop(); }))
{}

Connection::~Connection() = default;

void Connection::begin(ActiveCall &call)
{
    m_call = &call;
    m_idle->stop();
    if (m_socket) {
        letCallWrite();
        return;
    }
    m_dialer = new Dialer(m_pool.resolver(), m_pool.wheel(), m_group.endpoint, this);
    connect(m_dialer, &Dialer::ready, this, [this] { dialled(); });
    connect(m_dialer, &Dialer::failed, this, [this](const Failure &failure) {
        if (m_call)
            m_call->connectionFailed(failure);
    });
    m_dialer->start(m_pool.tlsOf(m_group));
}

void Connection::dialled()
{
    QTcpSocket *socket = m_dialer->takeSocket();
    m_dialer->deleteLater();
    m_dialer = nullptr;
    if (!socket || !m_call)
        return;
    attach(socket);
    m_call->connected();
    letCallWrite();
}

void Connection::attach(QTcpSocket *socket)
{
    socket->setParent(nullptr);
    if (m_group.endpoint->tls)
        keepTickets(socket);
    m_socket = http::connectedSocket(std::unique_ptr<QTcpSocket>(socket), readAheadBytes);
    m_socket->setObserver(this);
}

void Connection::keepTickets(QTcpSocket *socket)
{
    auto *secure = static_cast<QSslSocket *>(socket);
    const auto keepTicket = [this, secure] {
        const QByteArray ticket = secure->sslConfiguration().sessionTicket();
        if (m_group.tls && !ticket.isEmpty() && m_generation == m_group.generation)
            m_group.tls->setSessionTicket(ticket);
    };
    connect(secure, &QSslSocket::newSessionTicketReceived, this, keepTicket);
    keepTicket();
}

bool Connection::isUsable() const
{
    return m_socket && !m_isClosed && m_socket->isOpen() && m_socket->isSilent();
}

bool Connection::hasIdledTooLong() const
{
    return m_pool.clock().steadyNow() - m_idleSince >= m_pool.limits().idleTimeout;
}

bool Connection::hasSurprise() const
{
    const bool isFresh = m_pool.clock().steadyNow() - m_idleSince <= justUsed;
    return (m_mayHoldMore || !isFresh) && http::hasUnread(m_socket->descriptor());
}

bool Connection::isProvenAlive() const
{
    return !m_isClosed && http::hasProvenAlive(m_socket->descriptor());
}

void Connection::release(bool keep)
{
    m_call = nullptr;
    m_socket->watchEnd(false);
    ++m_served;
    if (!keep || !isUsable() || m_generation != m_group.generation) {
        drop();
        return;
    }
    m_idleSince = m_pool.clock().steadyNow();
    m_idle->start(m_pool.limits().idleTimeout);
    m_pool.keep(*this);
}

void Connection::drop()
{
    if (m_isDropped)
        return;
    m_isDropped = true;
    m_call = nullptr;
    m_idle.reset();
    m_pool.forget(*this);
    if (m_dialer)
        m_dialer->cancel();
    if (m_socket) {
        m_socket->setObserver(nullptr);
        m_socket->closeNow();
    }
    deleteLater();
}

bool Connection::write(QByteArrayView bytes)
{
    return m_socket->write(bytes);
}

qint64 Connection::unsent() const
{
    return m_socket->unsent();
}

void Connection::watchEnd()
{
    m_socket->watchEnd(true);
}

void Connection::wake()
{
    if (m_isWoken || m_isDropped)
        return;
    m_isWoken = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_isWoken = false;
            attend();
        },
        Qt::QueuedConnection);
}

// The socket may tell of anything while it is being written to; that is looked at afterwards.
void Connection::letCallWrite()
{
    m_isLocked = true;
    // What has arrived comes first: it may make the rest of the request superfluous.
    const bool hasArrivals = m_socket->hasInput() && !m_call->isPaused();
    if (!hasArrivals && !m_call->writeOn())
        m_bodyFailed = true;
    // All went out at once, so that there may be nothing to tell later.
    const bool isAllOut = m_call->isSending() && unsent() == 0 && !m_isClosed;
    if (hasArrivals || m_bodyFailed || isAllOut)
        wake();
    m_isLocked = false;
}

void Connection::socketWritten()
{
    if (!m_call || !m_call->isSending())
        return;
    if (m_isLocked) {
        wake();
        return;
    }
    m_call->written();
    letCallWrite();
}

void Connection::socketEnded()
{
    m_isClosed = true;
    wake();
}

void Connection::attend()
{
    if (m_isLocked) {
        wake();
        return;
    }
    if (m_isDropped || !m_socket)
        return;
    if (!m_call) {
        // Nobody asked for anything: it was closed, or the provider speaks out of turn.
        if (!isUsable())
            drop();
        return;
    }
    if (m_bodyFailed) {
        m_call->bodyFailed();
        return;
    }
    const quint64 serial = m_call->serial();
    const auto isStillHere = [this, serial] { return m_call && m_call->serial() == serial; };
    const bool hasGivenOut = m_call->giveOutHeld();
    if (!isStillHere())
        return;
    const bool hasRead = readOn();
    if (!isStillHere())
        return;
    if (hasGivenOut || hasRead)
        m_call->endBatch();
    if (!isStillHere())
        return;
    if (!m_isClosed && m_socket->isOpen()) {
        socketWritten();
        return;
    }
    if (m_call->isPaused())
        return;
    // What TLS has still to decrypt comes with the next turn of the loop.
    if (hasRead && !m_socket->isSilent()) {
        wake();
        return;
    }
    m_call->connectionClosed(m_socket->endedInOrder());
}

// Gives the call what has arrived. True if that was anything; the call may have ended by it.
bool Connection::readOn()
{
    bool hasRead = false;
    const quint64 serial = m_call->serial();
    while (m_call && m_call->serial() == serial && !m_call->isPaused()) {
        const qint64 length = m_socket->read(m_pool.readBuffer(), Pool::readBufferBytes);
        if (length <= 0)
            break;
        hasRead = true;
        m_mayHoldMore = length == Pool::readBufferBytes;
        m_call->received(QByteArrayView(m_pool.readBuffer(), length));
    }
    return hasRead;
}

} // namespace gatehouse::upstream
