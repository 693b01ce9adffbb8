#pragma once

#include "admin/administration.h"
#include "admin/gateway/ownaddresses.h"
#include "gateway/gateway.h"

#include <QStringList>

namespace gatehouse::admin {

// What GatewayControl makes the gateway of. The references outlive it.
struct GatewayParts
{
    Administration &administration;
    gateway::Shared &shared;
    gateway::ReceiptRegistry receipts{};
    OwnAddresses &ownAddresses;
    QStringList listen{}; // instead of the setting server.listen; empty: the setting
    QString dispatcher{}; // see gateway/dispatcher.h
    // Called with the listeners' URLs after each start.
    std::function<void(const QStringList &)> started{};
};

} // namespace gatehouse::admin
