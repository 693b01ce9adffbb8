#pragma once

#include "domain/history.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

using HistoryTable = TableModel<domain::HistoryEntry>;

// The columns of the history of changes.
class HistoryColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::HistoryColumns)

public:
    static std::vector<Column<domain::HistoryEntry>> columns();
};

} // namespace gatehouse::ui
