#pragma once

#include "base/message.h"
#include "domain/catalog.h"
#include "protocol/operation.h"

namespace gatehouse::relay {

// Why the channel cannot serve requests of that operation for the model, whatever its health; empty:
// it can. A Suitability for Router.
base::Message unsuitability(const domain::Catalog &catalog,
                            const domain::CatalogChannel &channel,
                            protocol::Operation operation,
                            const QByteArray &model);

} // namespace gatehouse::relay
