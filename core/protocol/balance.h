#pragma once

#include "base/result.h"
#include "domain/accountbalance.h"

#include <QDate>
#include <QJsonObject>
#include <QList>

#include <optional>

namespace gatehouse::protocol {

// Whether providers of this type (domain::ProviderType::number) tell what is left on an account.
bool tellsBalance(int type);

// The next path, below the provider's root, that must be asked for the balance; nothing: all that is
// needed has been answered. `answers` are those to the paths before, in their order.
std::optional<QByteArray>
nextBalancePath(int type, const QList<QJsonObject> &answers, const QDate &today);

// What the answers of the provider at `host` say is left. Where they name no currency, it is the one
// that providers of this type, or at this host, count in. Fails if a figure is missing: no answer is
// ever read as a balance of zero.
base::Result<domain::AccountBalance>
balanceFrom(int type, const QList<QJsonObject> &answers, const QString &host);

} // namespace gatehouse::protocol
