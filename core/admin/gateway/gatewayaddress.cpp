#include "admin/gateway/gatewayaddress.h"

#include <QCoreApplication>
#include <QNetworkInterface>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

using Kind = GatewayAddress::Kind;

struct GatewayAddressTexts
{
    Q_DECLARE_TR_FUNCTIONS(GatewayAddress)
};

// Programs of this computer use plain HTTP, whatever others have to: they trust no certificate yet.
QString urlOf(const BoundAddress &bound, const QHostAddress &host)
{
    const bool isV6 = host.protocol() == QAbstractSocket::IPv6Protocol;
    return u"%1://%2:%3"_s.arg(bound.tls && !host.isLoopback() ? u"https"_s : u"http"_s,
                               isV6 ? u'[' + host.toString() + u']' : host.toString(),
                               QString::number(bound.port));
}

bool listensOn(const BoundAddress &bound, const QHostAddress &address)
{
    if (bound.host == QHostAddress::Any)
        return true;
    const bool isV4 = address.protocol() == QAbstractSocket::IPv4Protocol;
    if (bound.host == QHostAddress::AnyIPv4)
        return isV4;
    if (bound.host == QHostAddress::AnyIPv6)
        return !isV4;
    return bound.host.isEqual(address);
}

// Bridges to containers and to WSL, by the names that Docker, Podman and Windows give them.
bool leadsToContainers(const QString &interface)
{
    static const QStringList beginnings{
        u"docker"_s, u"br-"_s, u"podman"_s, u"cni"_s, u"vEthernet (WSL"_s, u"vEthernet (Default"_s};
    return std::any_of(beginnings.cbegin(), beginnings.cend(), [&](const QString &beginning) {
        return interface.startsWith(beginning);
    });
}

GatewayAddress localhost(const BoundAddress &bound)
{
    const QHostAddress v4(QHostAddress::LocalHost);
    const QHostAddress v6(QHostAddress::LocalHostIPv6);
    const QHostAddress address = bound.host.isLoopback() ? bound.host
                                 : listensOn(bound, v4)  ? v4
                                                         : v6;
    return {.kind = Kind::Localhost,
            .url = urlOf(bound, address),
            .note = GatewayAddressTexts::tr("For programs on this computer.")};
}

GatewayAddress reachable(const BoundAddress &bound, const InterfaceAddress &own)
{
    GatewayAddress address{.url = urlOf(bound, own.address)};
    if (leadsToContainers(own.interface)) {
        address.kind = Kind::Container;
        address.note = GatewayAddressTexts::tr("For programs in containers or in WSL, through %1.")
                           .arg(own.interface);
        return address;
    }
    const bool isV4 = own.address.protocol() == QAbstractSocket::IPv4Protocol;
    address.kind = isV4 ? Kind::Lan4 : Kind::Lan6;
    address.note = GatewayAddressTexts::tr("For other computers in the network, through %1.")
                       .arg(own.interface);
    return address;
}

QStringList urlsOf(const std::vector<GatewayAddress> &addresses, Kind kind)
{
    QStringList urls;
    for (const GatewayAddress &each : addresses) {
        if (each.kind == kind)
            urls.append(each.url);
    }
    return urls;
}

} // namespace

std::vector<InterfaceAddress> interfaceAddresses()
{
    std::vector<InterfaceAddress> all;
    for (const QNetworkInterface &interface : QNetworkInterface::allInterfaces()) {
        const auto flags = interface.flags();
        if (!flags.testFlag(QNetworkInterface::IsUp)
            || !flags.testFlag(QNetworkInterface::IsRunning))
            continue;
        for (const QNetworkAddressEntry &entry : interface.addressEntries()) {
            QHostAddress address = entry.ip();
            address.setScopeId({});
            all.push_back({.interface = interface.humanReadableName(), .address = address});
        }
    }
    return all;
}

std::vector<InterfaceAddress> outward(std::vector<InterfaceAddress> addresses)
{
    std::erase_if(addresses, [](const InterfaceAddress &own) {
        return own.address.isLoopback() || own.address.isLinkLocal()
               || own.interface.startsWith("veth"_L1) || leadsToContainers(own.interface);
    });
    return addresses;
}

QString placeOf(const QHostAddress &host, quint16 port)
{
    const bool isV6 = host.protocol() == QAbstractSocket::IPv6Protocol;
    return u"%1:%2"_s.arg(isV6 ? u'[' + host.toString() + u']' : host.toString(),
                          QString::number(port));
}

QStringList lostAddresses(const std::vector<BoundAddress> &bound,
                          const std::vector<InterfaceAddress> &interfaces)
{
    QStringList lost;
    for (const BoundAddress &each : bound) {
        QHostAddress host = each.host;
        host.setScopeId({});
        const bool isOfAll = host == QHostAddress::Any || host == QHostAddress::AnyIPv4
                             || host == QHostAddress::AnyIPv6;
        const auto isThere = [&host](const InterfaceAddress &own) {
            return own.address.isEqual(host);
        };
        if (isOfAll || host.isLoopback()
            || std::any_of(interfaces.cbegin(), interfaces.cend(), isThere))
            continue;
        lost.append(placeOf(host, each.port));
    }
    return lost;
}

std::vector<GatewayAddress> addressesOf(const std::vector<BoundAddress> &bound,
                                        const std::vector<InterfaceAddress> &interfaces)
{
    std::vector<GatewayAddress> all;
    const auto add = [&all](const GatewayAddress &address) {
        if (std::find(all.begin(), all.end(), address) == all.end())
            all.push_back(address);
    };
    for (const BoundAddress &listener : bound) {
        const bool local = listener.host.isLoopback()
                           || listensOn(listener, QHostAddress(QHostAddress::LocalHost))
                           || listensOn(listener, QHostAddress(QHostAddress::LocalHostIPv6));
        if (local)
            add(localhost(listener));
        for (const InterfaceAddress &own : interfaces) {
            // Link-local addresses need the name of an interface, which no URL can hold.
            if (!own.address.isLoopback() && !own.address.isLinkLocal()
                && listensOn(listener, own.address))
                add(reachable(listener, own));
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto &left, const auto &right) {
        return left.kind < right.kind;
    });
    return all;
}

QString shownAddress(const std::vector<GatewayAddress> &addresses, const QString &chosen)
{
    const auto isChosen = [&chosen](const GatewayAddress &each) { return each.url == chosen; };
    const auto isOfNetwork = [](const GatewayAddress &each) { return each.kind == Kind::Lan4; };
    auto found = std::find_if(addresses.begin(), addresses.end(), isChosen);
    if (found == addresses.end())
        found = std::find_if(addresses.begin(), addresses.end(), isOfNetwork);
    if (found == addresses.end())
        found = addresses.begin();
    return found == addresses.end() ? QString() : found->url;
}

std::optional<AddressChange> AddressWatch::note(const std::vector<GatewayAddress> &present)
{
    if (present.empty())
        return std::nullopt;
    AddressChange change;
    const QString local = urlsOf(present, Kind::Localhost).value(0);
    if (const QString former = std::exchange(m_local, local); !former.isEmpty() && former != local)
        change.local = local;

    const QStringList v4 = urlsOf(present, Kind::Lan4);
    const QStringList v6 = urlsOf(present, Kind::Lan6);
    const QStringList &network = v4.isEmpty() ? v6 : v4;
    if (!network.isEmpty()) {
        const auto isGone = [&](const QString &url) {
            return !v4.contains(url) && !v6.contains(url);
        };
        // Addresses of IPv6 come and go by themselves; one that is left serves. Of those of IPv4 the
        // first is the one that is shown and copied; those of tunnels come behind it.
        const bool changed = m_kind == Kind::Lan4
                                 ? !m_network.isEmpty() && isGone(m_network.front())
                                 : std::all_of(m_network.cbegin(), m_network.cend(), isGone);
        if (changed && !m_network.isEmpty())
            change.network = network.front();
        m_network = network;
        m_kind = v4.isEmpty() ? Kind::Lan6 : Kind::Lan4;
    }
    if (change.address().isEmpty())
        return std::nullopt;
    return change;
}

} // namespace gatehouse::admin
