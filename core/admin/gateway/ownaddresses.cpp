#include "admin/gateway/ownaddresses.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

bool isAny(const QHostAddress &address)
{
    return address == QHostAddress::Any || address == QHostAddress::AnyIPv4
           || address == QHostAddress::AnyIPv6;
}

} // namespace

void OwnAddresses::set(std::vector<BoundAddress> bound, std::vector<InterfaceAddress> interfaces)
{
    const std::lock_guard lock(m_mutex);
    m_bound = std::move(bound);
    m_interfaces = std::move(interfaces);
}

bool OwnAddresses::contains(const QString &host, quint16 port) const
{
    QHostAddress address(host);
    const bool isLocalName = host.compare("localhost"_L1, Qt::CaseInsensitive) == 0;
    if (isLocalName)
        address = QHostAddress(QHostAddress::LocalHost);
    if (address.isNull())
        return false;
    const std::lock_guard lock(m_mutex);
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
