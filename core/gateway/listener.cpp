#include "gateway/listener.h"

namespace gatehouse::gateway {

Listener::Listener(std::function<void(qintptr)> accepted,
                   std::function<bool()> mayAccept,
                   QObject *parent)
    : QTcpServer(parent)
    , m_accepted(std::move(accepted))
    , m_mayAccept(std::move(mayAccept))
{
    constexpr int backlog = 4096;
    setListenBacklogSize(backlog);
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_accepted(descriptor);
    if (m_mayAccept())
        return;
    m_paused = true;
    pauseAccepting();
    emit full();
}

void Listener::resumeIfPossible()
{
    if (!m_paused || !m_mayAccept())
        return;
    m_paused = false;
    resumeAccepting();
}

} // namespace gatehouse::gateway
