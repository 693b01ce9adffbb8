#pragma once

#include <QHostAddress>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace gatehouse::admin {

// One of the addresses under which clients can reach the gateway.
struct GatewayAddress
{
    enum class Kind {
        Localhost, // programs of this computer
        Lan4,
        Lan6,
        Container, // programs in Docker containers or in WSL on this computer
    };

    Kind kind = Kind::Localhost;
    QString url{};  // http://192.168.1.20:3000
    QString note{}; // who can use it, in a sentence; may be empty

    bool operator==(const GatewayAddress &) const = default;
};

// Where a listener was bound.
struct BoundAddress
{
    QHostAddress host{};
    quint16 port = 0;
    bool tls = false; // asked of all but programs of this computer

    bool operator==(const BoundAddress &) const = default;
};

// An address of one of this computer's network interfaces.
struct InterfaceAddress
{
    QString interface {}; // its name, such as "eth0" or "docker0"
    QHostAddress address{};

    bool operator==(const InterfaceAddress &) const = default;
};

// Those of the interfaces that are up.
std::vector<InterfaceAddress> interfaceAddresses();
// Those by which a provider may be reached: without loopback, link-local ones and bridges to containers,
// which come and go all day.
std::vector<InterfaceAddress> outward(std::vector<InterfaceAddress> addresses);

// As "192.168.1.20:3000" or "[::1]:3000".
QString placeOf(const QHostAddress &host, quint16 port);

// The addresses under which listeners can be reached: localhost first, then the LAN, then containers.
std::vector<GatewayAddress> addressesOf(const std::vector<BoundAddress> &bound,
                                        const std::vector<InterfaceAddress> &interfaces);

// The one to be shown and copied where there is room for one alone: `chosen` as long as it is there, else
// one for the network, else the first. Empty: there is none.
QString shownAddress(const std::vector<GatewayAddress> &addresses, const QString &chosen = {});

// Those of the listeners that nobody reaches, since no interface has their address any more, as "host:port".
// A listener on all addresses and one for this computer alone are never lost.
QStringList lostAddresses(const std::vector<BoundAddress> &bound,
                          const std::vector<InterfaceAddress> &interfaces);

// Where clients reach the gateway from now on, in the place of an address that is gone.
struct AddressChange
{
    QString local{};   // for programs of this computer; empty: as before
    QString network{}; // for other computers; empty: as before, or there is none

    // The one that people are told first.
    QString address() const { return network.isEmpty() ? local : network; }
};

// Finds out which changes of the addresses people must hear of: those that took away an address that a
// client may have been given. Where there is no network for a while nothing has changed until there is
// one again.
class AddressWatch
{
public:
    // What the addresses are now; none: the gateway stands still.
    std::optional<AddressChange> note(const std::vector<GatewayAddress> &present);

private:
    QString m_local{};
    GatewayAddress::Kind m_kind = GatewayAddress::Kind::Lan4; // of those in m_network
    QStringList m_network{};                                  // as they were last known
};

} // namespace gatehouse::admin
