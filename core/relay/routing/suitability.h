#pragma once

#include "base/message.h"
#include "domain/catalog.h"
#include "protocol/operation.h"

namespace gatehouse::relay {

// Why the channel cannot serve requests of that operation for the model, whatever its health; empty:
// it can. A Suitability for Router. `begunAt` tells the price, in milliseconds since 1970.
base::Message unsuitability(const domain::Catalog &catalog,
                            const domain::CatalogChannel &channel,
                            protocol::Operation operation,
                            const QByteArray &model,
                            qint64 begunAt);

} // namespace gatehouse::relay
