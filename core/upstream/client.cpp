#include "upstream/client.h"

#include "upstream/pool.h"

namespace gatehouse::upstream {

class Client::Private
{
public:
    Private(const base::Clock &clock, base::TimingWheel &wheel, ClientLimits limits, Client *client)
        : pool(clock, wheel, limits, client)
    {}

    Pool pool;
};

Client::Client(const base::Clock &clock,
               base::TimingWheel &wheel,
               ClientLimits limits,
               QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(clock, wheel, limits, this))
{}

Client::~Client() = default;

Stream *Client::send(Call call, StreamReceiver &receiver)
{
    Q_ASSERT(call.endpoint);
    return d->pool.send(std::move(call), receiver);
}

void Client::setLookup(HostLookup lookup)
{
    d->pool.resolver().setLookup(std::move(lookup));
}

void Client::closeIdle()
{
    d->pool.closeIdle();
}

void Client::closeIdle(const Endpoint &endpoint)
{
    d->pool.closeIdle(endpoint);
}

void Client::forgetNames()
{
    d->pool.resolver().forget();
}

int Client::activeCalls() const
{
    return d->pool.activeCalls();
}

int Client::idleConnections() const
{
    return d->pool.idleConnections();
}

} // namespace gatehouse::upstream
