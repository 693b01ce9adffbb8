#pragma once

#include "storage/repositories/destination.h"
#include "storage/statement.h"

#include <functional>

namespace gatehouse::storage {

// How rows of one table are inserted.
struct RowInsertion
{
    QString table{};
    QString columns{}; // without the id, separated by ", "; the placeholders have their names
    std::function<qint64(size_t row)> idOf{};       // 0: the database gives it out
    std::function<Bindings(size_t row)> bindings{}; // without the id
    Destination destination = Destination::Table;   // in Staging every row has an id
};

// Inserts many rows, each kind by one prepared statement: those with an id of their own first, so that no
// other gets one of these. Gives the ids in the order of the rows. Call it within a transaction.
base::Result<std::vector<qint64>>
insertRows(Database &database, size_t count, const RowInsertion &insertion);

} // namespace gatehouse::storage
