#include "admin/gateway/portstate.h"

#include "admin/gateway/listenchoice.h"
#include "gateway/gateway.h"

#include <QTcpServer>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

PortState portState(const ListenChoice &choice)
{
    for (const QString &each : choice.text().split(u' ', Qt::SkipEmptyParts)) {
        const auto address = gateway::listenAddressFrom(each);
        if (!address)
            return PortState::Unusable;
        QTcpServer server;
        if (server.listen(address->host, address->port))
            continue;
        return server.serverError() == QAbstractSocket::AddressInUseError ? PortState::Taken
                                                                          : PortState::Unusable;
    }
    return PortState::Free;
}

} // namespace gatehouse::admin
