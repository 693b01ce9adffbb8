#pragma once

#include "base/result.h"
#include "domain/modelprice.h"

#include <QJsonObject>

namespace gatehouse::management {

// Prices as people know them: for a million tokens or characters, a call or picture, in their currency.
QJsonObject priceJson(const domain::ModelPrice &price);

// Refuses what is no number, and members that it does not know: a misspelt price would cost nothing. It is
// effective from `now`, in seconds since 1970, unless another date is said.
base::Result<domain::ModelPrice> readPrice(const QJsonObject &json, qint64 now);

} // namespace gatehouse::management
