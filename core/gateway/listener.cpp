#include "gateway/listener.h"

namespace gatehouse::gateway {

namespace {

// QTcpServer goes on accepting whatever waits, paused or not, until this many are pending. None ever
// is pending here, so that any number but zero lets it go on.
constexpr int accepts = 1;
constexpr int acceptsNone = 0;

} // namespace

Listener::Listener(std::function<void(qintptr)> accepted,
                   std::function<bool()> mayAccept,
                   QObject *parent)
    : QTcpServer(parent)
    , m_accepted(std::move(accepted))
    , m_mayAccept(std::move(mayAccept))
{
    constexpr int backlog = 4096;
    setListenBacklogSize(backlog);
    setMaxPendingConnections(accepts);
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_accepted(descriptor);
    if (m_mayAccept())
        return;
    m_paused = true;
    setMaxPendingConnections(acceptsNone);
    pauseAccepting();
    emit full();
}

void Listener::resumeIfPossible()
{
    if (!m_paused || !m_mayAccept())
        return;
    m_paused = false;
    setMaxPendingConnections(accepts);
    resumeAccepting();
}

} // namespace gatehouse::gateway
