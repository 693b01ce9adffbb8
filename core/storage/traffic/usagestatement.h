#pragma once

#include "domain/usagerecord.h"
#include "storage/statement.h"

namespace gatehouse::storage {

// Inserts one line of the ledger, unless its request has one already. The placeholders stand in the
// order of usageColumns().
QString usageInsertion();
Bindings usageBindings(const domain::UsageRecord &record);

// Whether the line is that of a request, of which there may be one alone.
bool hasOwnRequest(const domain::UsageRecord &record);

// The columns of usage_records but its id.
QString usageColumns();
// A row whose columns are the id, then usageColumns().
domain::UsageRecord usageFrom(const QSqlQuery &row);

} // namespace gatehouse::storage
