#include "upstream/pool.h"

#include "upstream/activecall.h"
#include "upstream/connection.h"
#include "upstream/tlssettings.h"

namespace gatehouse::upstream {

namespace {

constexpr size_t mostSpareCalls = 256;
// Beyond so many, endpoints without a connection are forgotten, together with their TLS tickets.
constexpr size_t mostGroups = 256;

} // namespace

size_t Pool::HashEndpoint::operator()(const std::shared_ptr<const Endpoint> &endpoint) const
{
    return qHashMulti(0, endpoint->host, endpoint->port, endpoint->tls, endpoint->proxyHost);
}

Pool::Pool(const base::Clock &clock, base::TimingWheel &wheel, ClientLimits limits, QObject *owner)
    : m_clock(clock)
    , m_wheel(wheel)
    , m_limits(limits)
    , m_owner(owner)
    , m_resolver(clock)
    , m_readBuffer(readBufferBytes, Qt::Uninitialized)
{}

Pool::~Pool()
{
    while (!m_connections.empty())
        m_connections.back()->drop();
}

Stream *Pool::send(Call call, StreamReceiver &receiver)
{
    if (m_spare.empty())
        m_spare.push_back(std::make_unique<ActiveCall>(*this));
    m_calls.push_back(std::move(m_spare.back()));
    m_spare.pop_back();
    ActiveCall &active = *m_calls.back();
    active.setPlace(m_calls.size() - 1);
    active.start(std::move(call), receiver);
    return &active;
}

void Pool::recycle(ActiveCall &call)
{
    const size_t place = call.place();
    std::unique_ptr<ActiveCall> owned = std::move(m_calls[place]);
    if (place + 1 < m_calls.size()) {
        m_calls[place] = std::move(m_calls.back());
        m_calls[place]->setPlace(place);
    }
    m_calls.pop_back();
    --m_retired;
    if (m_spare.size() < mostSpareCalls)
        m_spare.push_back(std::move(owned));
}

void Pool::closeIdle()
{
    for (auto &[endpoint, group] : m_groups)
        closeIdleOf(group);
}

void Pool::closeIdle(const Endpoint &endpoint)
{
    const auto group = m_groups.find(std::make_shared<const Endpoint>(endpoint));
    if (group != m_groups.end())
        closeIdleOf(group->second);
}

void Pool::closeIdleOf(EndpointPool &group)
{
    ++group.generation;
    group.isTlsKnown = false;
    while (!group.idle.empty())
        group.idle.back()->drop();
}

EndpointPool &Pool::groupOf(const std::shared_ptr<const Endpoint> &endpoint)
{
    if (const auto found = m_groups.find(endpoint); found != m_groups.end())
        return found->second;
    if (m_groups.size() >= mostGroups)
        std::erase_if(m_groups, [](const auto &group) { return group.second.connections == 0; });
    EndpointPool &group = m_groups[endpoint];
    group.endpoint = endpoint;
    return group;
}

Connection &Pool::connectionFor(const std::shared_ptr<const Endpoint> &endpoint, bool fresh)
{
    EndpointPool &group = groupOf(endpoint);
    while (!fresh && !group.idle.empty()) {
        Connection &kept = *group.idle.back();
        // Deadlines rest while the process stands still; what lies on the way to a provider does not.
        if (kept.isUsable() && !kept.hasIdledTooLong() && !kept.hasSurprise()) {
            take(kept);
            return kept;
        }
        kept.drop();
    }
    auto *connection = new Connection(*this, group, m_owner);
    connection->setPlace(m_connections.size());
    m_connections.push_back(connection);
    ++group.connections;
    return *connection;
}

const QSslConfiguration *Pool::tlsOf(EndpointPool &group)
{
    if (!group.endpoint->tls)
        return nullptr;
    if (!group.isTlsKnown) {
        group.tls = tlsConfiguration(group.endpoint->certificateAuthority,
                                     group.endpoint->verifyCertificate);
        group.isTlsKnown = true;
    }
    return group.tls ? &*group.tls : nullptr;
}

void Pool::keep(Connection &connection)
{
    EndpointPool &group = connection.group();
    if (m_limits.idlePerEndpoint <= 0 || m_limits.idleInAll <= 0) {
        connection.drop();
        return;
    }
    if (static_cast<int>(group.idle.size()) >= m_limits.idlePerEndpoint)
        group.idle.front()->drop();
    if (m_idle >= m_limits.idleInAll)
        closeOldest();
    group.idle.push_back(&connection);
    ++m_idle;
}

// Of the endpoint with the most idle connections: its busiest ones are the youngest, so its oldest
// is the one that is missed least.
void Pool::closeOldest()
{
    EndpointPool *largest = nullptr;
    for (auto &[endpoint, group] : m_groups) {
        if (!group.idle.empty() && (!largest || group.idle.size() > largest->idle.size()))
            largest = &group;
    }
    if (largest)
        largest->idle.front()->drop();
}

void Pool::take(Connection &connection)
{
    std::vector<Connection *> &idle = connection.group().idle;
    // It is most often the last.
    const auto found = std::find(idle.rbegin(), idle.rend(), &connection);
    if (found == idle.rend())
        return;
    idle.erase(std::next(found).base());
    --m_idle;
}

void Pool::forget(Connection &connection)
{
    take(connection);
    --connection.group().connections;
    const size_t place = connection.place();
    m_connections[place] = m_connections.back();
    m_connections[place]->setPlace(place);
    m_connections.pop_back();
}

} // namespace gatehouse::upstream
