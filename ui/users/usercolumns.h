#pragma once

#include "admin/people/userservice.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

using UserTable = TableModel<admin::UserListing, qint64>;

class UserColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::UserColumns)

public:
    // The role under which the cells of "balance" hold their Budget.
    static constexpr int budgetRole = role::first;

    static std::vector<Column<admin::UserListing>> columns();
    static QString roleText(domain::Role role);
};

} // namespace gatehouse::ui
