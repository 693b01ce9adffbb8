#pragma once

#include <QString>

namespace gatehouse::storage {

// Where rows are put: into their table, or where ImportStaging gathers them for it.
enum class Destination { Table, Staging };

inline QString tableAt(Destination destination, const QString &table)
{
    return destination == Destination::Table ? table : QString(QStringLiteral("import_") + table);
}

} // namespace gatehouse::storage
