#pragma once

#include <QtGlobal>

#include <atomic>

namespace gatehouse::gateway {

// A client that was accepted, on its way to a gateway thread. It counts as a connection from its
// making on. If no thread takes it over it is closed and counts no more.
class AcceptedClient final
{
public:
    AcceptedClient(qintptr descriptor, std::atomic<qint64> &connections);
    ~AcceptedClient();
    AcceptedClient(const AcceptedClient &) = delete;
    AcceptedClient &operator=(const AcceptedClient &) = delete;

    qintptr descriptor() const { return m_descriptor; }
    // The descriptor, and the count, are someone else's from here on.
    void release() { m_isReleased = true; }

private:
    const qintptr m_descriptor;
    std::atomic<qint64> &m_connections;
    bool m_isReleased = false;
};

} // namespace gatehouse::gateway
