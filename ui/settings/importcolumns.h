#pragma once

#include "admin/import/importreport.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A row of the table of what an import leaves out or changes.
struct ImportRow
{
    qint64 number = 0; // its place in the report
    admin::ImportNote note{};

    bool operator==(const ImportRow &) const = default;
};

using ImportTable = TableModel<ImportRow>;

class ImportColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ImportColumns)

public:
    static std::vector<Column<ImportRow>> columns();
    static std::vector<ImportRow> rowsOf(const admin::ImportReport &report);
    static QString kindText(admin::ImportKind kind);  // "User"
    static QString kindsText(admin::ImportKind kind); // "Users"
};

} // namespace gatehouse::ui
