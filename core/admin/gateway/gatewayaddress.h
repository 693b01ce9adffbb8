#pragma once

#include <QHostAddress>
#include <QString>

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
    bool tls = false;

    bool operator==(const BoundAddress &) const = default;
};

// An address of one of this computer's network interfaces.
struct InterfaceAddress
{
    QString interface {}; // its name, such as "eth0" or "docker0"
    QHostAddress address{};
};

// Those of the interfaces that are up.
std::vector<InterfaceAddress> interfaceAddresses();

// The addresses under which listeners can be reached: localhost first, then the LAN, then containers.
std::vector<GatewayAddress> addressesOf(const std::vector<BoundAddress> &bound,
                                        const std::vector<InterfaceAddress> &interfaces);

} // namespace gatehouse::admin
