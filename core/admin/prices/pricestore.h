#pragma once

#include "domain/modelprice.h"
#include "storage/database.h"

#include <optional>

namespace gatehouse::admin {

// The parts of PriceService that run in a storage thread, each within one transaction: what they change is in
// the history.

base::Result<> storePrice(storage::Database &database, const domain::ModelPrice &price);
// All prices that the model and channel had, or the one that begins then.
base::Result<> storePriceRemoval(storage::Database &database,
                                 const QByteArray &model,
                                 std::optional<domain::ChannelId> channel = {},
                                 std::optional<qint64> effectiveFrom = {});

} // namespace gatehouse::admin
