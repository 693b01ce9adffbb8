#pragma once

#include "base/result.h"
#include "domain/modelprice.h"

#include <QJsonObject>

namespace gatehouse::management {

// Prices as people know them: dollars a million tokens or characters, dollars a call or picture.
QJsonObject priceJson(const domain::ModelPrice &price);

// Refuses what is no number, and members that it does not know: a misspelt price would cost nothing.
base::Result<domain::ModelPrice> readPrice(const QJsonObject &json);

} // namespace gatehouse::management
