#include "relay/wayout.h"

namespace gatehouse::relay {

void chooseProxy(upstream::Endpoint &endpoint,
                 const QString &own,
                 const domain::OutgoingProxies &environment)
{
    const auto proxy = domain::proxyFor(
        own,
        environment,
        {.tls = endpoint.tls, .host = QString::fromUtf8(endpoint.host), .port = endpoint.port});
    if (!proxy)
        return;
    const domain::ProxyAddress &address = proxy->address;
    endpoint.proxyKind = address.kind == domain::ProxyAddress::Kind::Socks5
                             ? upstream::ProxyKind::Socks5
                             : upstream::ProxyKind::Http;
    endpoint.proxyHost = address.host.toUtf8();
    endpoint.proxyPort = address.port;
    endpoint.proxyUser = address.user.toUtf8();
    endpoint.proxyPassword = address.password.toUtf8();
}

} // namespace gatehouse::relay
