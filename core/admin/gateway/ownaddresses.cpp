#include "admin/gateway/ownaddresses.h"

#include "upstream/addressfilter.h"

#include <QHostInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

bool isAny(const QHostAddress &address)
{
    return address == QHostAddress::Any || address == QHostAddress::AnyIPv4
           || address == QHostAddress::AnyIPv6;
}

// The name of this machine in its network, which may lead to any of its addresses.
bool namesThisMachine(const QString &host)
{
    const QString own = QHostInfo::localHostName();
    return !own.isEmpty()
           && (host.compare(own, Qt::CaseInsensitive) == 0
               || host.compare(own + u".local"_s, Qt::CaseInsensitive) == 0);
}

} // namespace

void OwnAddresses::set(std::vector<BoundAddress> bound, std::vector<InterfaceAddress> interfaces)
{
    const std::lock_guard lock(m_mutex);
    m_bound = std::move(bound);
    m_interfaces = std::move(interfaces);
}

bool OwnAddresses::contains(const QString &name, quint16 port) const
{
    const QString host = name.endsWith(u'.') ? name.chopped(1) : name;
    const std::lock_guard lock(m_mutex);
    if (namesThisMachine(host)) {
        return std::any_of(m_bound.begin(), m_bound.end(), [port](const BoundAddress &bound) {
            return bound.port == port;
        });
    }
    QHostAddress address(host);
    const bool isLocalName = upstream::isLocalhost(host.toLatin1());
    if (isLocalName)
        address = QHostAddress(QHostAddress::LocalHost);
    if (address.isNull())
        return false;
    const bool isOurs =
        address.isLoopback() || isAny(address)
        || std::any_of(m_interfaces.begin(), m_interfaces.end(), [&](const auto &own) {
               return own.address.isEqual(address);
           });
    return std::any_of(m_bound.begin(), m_bound.end(), [&](const BoundAddress &bound) {
        if (bound.port != port)
            return false;
        if (isAny(bound.host))
            return isOurs;
        return bound.host.isEqual(address) || (isLocalName && bound.host.isLoopback())
               || isAny(address);
    });
}

} // namespace gatehouse::admin
