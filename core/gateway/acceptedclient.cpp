#include "gateway/acceptedclient.h"

#include "gateway/platform.h"

namespace gatehouse::gateway {

AcceptedClient::AcceptedClient(qintptr descriptor, std::atomic<qint64> &connections)
    : m_descriptor(descriptor)
    , m_connections(connections)
{
    ++m_connections;
}

AcceptedClient::~AcceptedClient()
{
    if (m_isReleased)
        return;
    closeSocket(m_descriptor);
    --m_connections;
}

} // namespace gatehouse::gateway
