#pragma once

#include "upstream/client.h"
#include "upstream/resolver.h"

#include <QSslConfiguration>

#include <unordered_map>
#include <vector>

namespace gatehouse::upstream {

class ActiveCall;
class Connection;

// The connections to one endpoint.
struct EndpointPool
{
    std::shared_ptr<const Endpoint> endpoint{};
    std::vector<Connection *> idle{}; // the one used last at the back
    int connections = 0;              // idle or not
    // Connections that were made before it was raised are not kept.
    int generation = 0;
    bool isTlsKnown = false;
    std::optional<QSslConfiguration> tls{}; // with the session ticket received last
};

// The connections and calls of a Client. Connections are QObjects of `owner`; those that are done
// with are deleted by deleteLater(), since they may be in the midst of a slot.
class Pool final
{
public:
    static constexpr qsizetype readBufferBytes = 64 * 1024;

    Pool(const base::Clock &clock, base::TimingWheel &wheel, ClientLimits limits, QObject *owner);
    ~Pool();
    Pool(const Pool &) = delete;
    Pool &operator=(const Pool &) = delete;

    const base::Clock &clock() const { return m_clock; }
    base::TimingWheel &wheel() const { return m_wheel; }
    const ClientLimits &limits() const { return m_limits; }
    Resolver &resolver() { return m_resolver; }
    // Where a connection reads to. Used by one at a time, since no callback reads.
    char *readBuffer() { return m_readBuffer.data(); }
    int activeCalls() const { return static_cast<int>(m_calls.size()) - m_retired; }
    int idleConnections() const { return m_idle; }
    quint64 nextSerial() { return ++m_serial; }

    Stream *send(Call call, StreamReceiver &receiver);
    void closeIdle();
    void closeIdle(const Endpoint &endpoint);

    // For ActiveCall: a kept connection or, if there is none or `fresh`, a new one.
    Connection &connectionFor(const std::shared_ptr<const Endpoint> &endpoint, bool fresh);
    // The call has ended but may still be on the stack; recycle() follows when it is not.
    void retire() { ++m_retired; }
    void recycle(ActiveCall &call);

    // For Connection.
    const QSslConfiguration *tlsOf(EndpointPool &group);
    void keep(Connection &connection);
    // Takes it out of the idle ones.
    void take(Connection &connection);
    // Takes it out of everything.
    void forget(Connection &connection);

private:
    struct HashEndpoint
    {
        size_t operator()(const std::shared_ptr<const Endpoint> &endpoint) const;
    };
    struct EqualEndpoint
    {
        bool operator()(const std::shared_ptr<const Endpoint> &left,
                        const std::shared_ptr<const Endpoint> &right) const
        {
            return left == right || *left == *right;
        }
    };
    using Groups = std::
        unordered_map<std::shared_ptr<const Endpoint>, EndpointPool, HashEndpoint, EqualEndpoint>;

    EndpointPool &groupOf(const std::shared_ptr<const Endpoint> &endpoint);
    void closeIdleOf(EndpointPool &group);
    void closeOldest();

    const base::Clock &m_clock;
    base::TimingWheel &m_wheel;
    const ClientLimits m_limits;
    QObject *const m_owner;
    Resolver m_resolver;
    QByteArray m_readBuffer;
    Groups m_groups;
    std::vector<Connection *> m_connections; // children of m_owner
    int m_idle = 0;
    quint64 m_serial = 0;
    int m_retired = 0;
    std::vector<std::unique_ptr<ActiveCall>> m_calls;
    std::vector<std::unique_ptr<ActiveCall>> m_spare; // reused
};

} // namespace gatehouse::upstream
