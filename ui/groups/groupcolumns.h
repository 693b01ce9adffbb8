#pragma once

#include "domain/group.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A group with the names of who is in it.
struct GroupRow
{
    domain::Group group{};
    QStringList users{};
    QStringList channels{};
};

// The one that new users are in; it is always there and keeps its name.
inline constexpr QByteArrayView usualGroup = "default";

using GroupTable = TableModel<GroupRow, QByteArray>;

class GroupColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::GroupColumns)

public:
    static std::vector<Column<GroupRow>> columns();
};

} // namespace gatehouse::ui
