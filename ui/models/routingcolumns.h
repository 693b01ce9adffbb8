#pragma once

#include "admin/channels/routeexplanation.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// How models are routed, in words and as columns.
class RoutingColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::RoutingColumns)

public:
    static QString strategy(domain::RoutingStrategy strategy);
    static QString affinity(bool isOn);
    // Of what is so because the settings say so.
    static QString byDefault(const QString &what);

    static void addTo(std::vector<Column<admin::ServedModel>> &columns);
};

} // namespace gatehouse::ui
