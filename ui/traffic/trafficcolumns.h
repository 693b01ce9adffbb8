#pragma once

#include "admin/traffic/traffic.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// What the columns of the list of requests show.
class TrafficColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TrafficColumns)

public:
    static std::vector<Column<admin::TrafficLine>> columns();
    // What a group says of itself: its name, who has it, how much there is and from when to when.
    static Cell groupTitle(domain::TrafficGrouping grouping, const domain::TrafficGroup &group);
    // "4,812 requests".
    static QString requests(qint64 count);
    // Its sum in the column of that key; empty where there is none.
    static Cell groupCell(domain::TrafficGrouping grouping,
                          const domain::TrafficGroup &group,
                          const QString &key);
    // The state of a request in a word, and what it costs.
    static Cell status(const admin::TrafficLine &line);
    static Cell cost(const admin::TrafficLine &line);
};

} // namespace gatehouse::ui
