#pragma once

#include "base/result.h"

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

// What the answers say is left, in dollars; some providers count in yuan, which is not converted.
// Fails if a figure is missing: no answer is ever read as a balance of zero.
base::Result<double> balanceFrom(int type, const QList<QJsonObject> &answers);

} // namespace gatehouse::protocol
