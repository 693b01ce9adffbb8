#pragma once

#include "admin/gateway/gatewayaddress.h"

#include <optional>

namespace gatehouse::admin {

// What the setting server.listen means to a person: who can connect, and by which port.
struct ListenChoice
{
    enum class Reach {
        ThisComputer, // loopback addresses alone
        LocalNetwork, // every address that this computer has
        Custom,
    };

    Reach reach = Reach::ThisComputer;
    quint16 port = 0;    // of the first address
    QString custom{};    // the addresses as they are written in the setting
    bool isOpen = false; // other computers can connect

    // Absent: the text names no address, or one that cannot be understood.
    static std::optional<ListenChoice> from(const QString &setting);
    // The text of the setting.
    QString text() const;
    // The same with another port at each address.
    ListenChoice withPort(quint16 other) const;
    // Under which clients could reach it, if it were in force.
    std::vector<GatewayAddress> addresses(bool tls) const;
};

} // namespace gatehouse::admin
