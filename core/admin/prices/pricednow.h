#pragma once

#include "domain/catalog.h"

namespace gatehouse::admin {

// Whether requests for a model that was used without a price would be priced now. `model` is the name
// that was asked for or the provider's. False while any channel offers it without a price.
bool isPricedNow(const domain::Catalog &catalog, const QByteArray &model);

} // namespace gatehouse::admin
