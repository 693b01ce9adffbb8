#include "gateway/listener.h"

namespace gatehouse::gateway {

namespace {

// QTcpServer goes on accepting whatever waits, paused or not, until this many are pending. None ever
// is pending here, so that any number but zero lets it go on.
constexpr int accepts = 1;
constexpr int acceptsNone = 0;

} // namespace

Listener::Listener(Client client, QObject *parent)
    : QTcpServer(parent)
    , m_client(std::move(client))
{
    constexpr int backlog = 4096;
    setListenBacklogSize(backlog);
    setMaxPendingConnections(accepts);
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_client.accepted(descriptor);
    if (m_client.mayAccept())
        return;
    m_paused = true;
    setMaxPendingConnections(acceptsNone);
    pauseAccepting();
    emit full();
}

bool Listener::reopen(const QHostAddress &host, quint16 port)
{
    m_paused = false;
    setMaxPendingConnections(accepts);
    return listen(host, port);
}

void Listener::resumeIfPossible()
{
    if (!m_paused || !m_client.mayAccept())
        return;
    m_paused = false;
    setMaxPendingConnections(accepts);
    resumeAccepting();
}

} // namespace gatehouse::gateway
