#pragma once

#include "base/secret.h"

#include <QJsonObject>
#include <QString>

#include <vector>

namespace gatehouse::domain {

// What stands in the place of a secret that is shown, and means on the way back that it stays as it is.
inline const QString maskedSecret = QStringLiteral("***");

// Body overrides may hold secrets, such as a provider's "api_key": texts under a name as that of a
// secret header, at any depth and with whatever stands below it.

// The same with the secrets masked.
QJsonObject maskedBody(const QJsonObject &body);
// The same without the secrets, and without lists and objects that held nothing else.
QJsonObject bodyWithoutSecrets(const QJsonObject &body);
// What came back masked is what it was in `former`.
QJsonObject unmaskedBody(const QJsonObject &body, const QJsonObject &former);
// What nobody may be shown, wherever it is repeated: those that are long enough not to be words that
// occur anywhere.
std::vector<base::Secret> secretsOfBody(const QJsonObject &body);
// The path of a secret of `before` that is in `after`, such as "auth.token"; empty: there is none.
QString keptBodySecret(const QJsonObject &before, const QJsonObject &after);

} // namespace gatehouse::domain
