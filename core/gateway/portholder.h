#pragma once

#include <QHostAddress>
#include <QString>

#include <optional>

namespace gatehouse::gateway {

// The process that listens on a TCP port of this computer.
struct PortHolder
{
    QString program{};
    qint64 process = 0;
};

// Nothing: nobody holds it, or the system does not tell (another account's process; another system
// than Linux).
std::optional<PortHolder> holderOfPort(quint16 port);

// The first of the ports after `port` that can be listened on at `host`; 0: none of the next hundred.
quint16 nextFreePort(const QHostAddress &host, quint16 port);

} // namespace gatehouse::gateway
