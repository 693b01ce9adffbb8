#pragma once

#include "admin/traffic.h"
#include "widgets/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

using TrafficTable = TableModel<admin::TrafficLine, QByteArray>;

// What the columns of the list of requests show.
class TrafficColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TrafficColumns)

public:
    static std::vector<Column<admin::TrafficLine>> columns();
};

} // namespace gatehouse::ui
