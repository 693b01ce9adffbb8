#pragma once

#include "base/timingwheel.h"
#include "http/socket.h"
#include "upstream/call.h"

#include <QObject>

class QTcpSocket;

namespace gatehouse::upstream {

class ActiveCall;
class Dialer;
class Pool;
struct EndpointPool;

// One connection to a provider: dialled for its first call, kept between calls, dropped as soon as
// anything about it is in doubt. It carries one call at a time and knows nothing of HTTP.
class Connection final : public QObject, private http::SocketObserver
{
    Q_OBJECT

public:
    Connection(Pool &pool, EndpointPool &group, QObject *parent);
    ~Connection() override;

    EndpointPool &group() const { return m_group; }
    size_t place() const { return m_place; }
    void setPlace(size_t place) { m_place = place; }

    // Gives it a call, which it will tell of everything; never before this function has returned.
    void begin(ActiveCall &call);
    // Some call has been answered on it.
    bool isReused() const { return m_served > 0; }
    bool isOpen() const { return m_socket != nullptr; }
    // An idle connection, as far as can be seen without asking the other side.
    bool isUsable() const;
    // It is kept beyond its time, which its deadline has not told yet.
    bool hasIdledTooLong() const;
    // Something has arrived on a connection that was idle for a while, and the event loop has not told
    // of it yet.
    bool hasSurprise() const;
    // See http::hasProvenAlive(); for a connection that is open.
    bool isProvenAlive() const;
    // Takes the call from it. If it may be kept it becomes idle, else it is closed.
    void release(bool keep);
    // Closes it at once. The object lives until the event loop runs again.
    void drop();

    // False: the connection is no more; its end will be told.
    bool write(QByteArrayView bytes);
    // Bytes written that the system has not taken yet.
    qint64 unsent() const;
    // From here on a reset is told from an orderly end, and what the provider said before a write
    // failed is not lost (without TLS).
    void watchEnd();
    // Has the call looked after from the event loop: what was read is given out, reading goes on.
    void wake();

private:
    void socketReadable() override { attend(); }
    void socketWritten() override;
    void socketEnded() override;
    void dialled();
    void attach(QTcpSocket *socket);
    void keepTickets(QTcpSocket *socket);
    void letCallWrite();
    void attend();
    bool readOn();

    Pool &m_pool;
    EndpointPool &m_group;
    const int m_generation;
    size_t m_place = 0;
    std::unique_ptr<base::Deadline> m_idle;
    std::unique_ptr<http::Socket> m_socket; // once connected
    Dialer *m_dialer = nullptr;             // a child, while connecting
    ActiveCall *m_call = nullptr;
    int m_served = 0;
    base::SteadyTime m_idleSince{};
    bool m_mayHoldMore = false; // the last read found as much as it could take
    bool m_isLocked = false;    // the call is writing: what the socket tells must wait
    bool m_isWoken = false;     // attend() has been posted
    bool m_isClosed = false;
    bool m_bodyFailed = false;
    bool m_isDropped = false;
};

} // namespace gatehouse::upstream
