#pragma once

#include "admin/people/tokenmanager.h"
#include "charts/budgetbar.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

using TokenTable = TableModel<admin::TokenListing, qint64>;

// How a token stands, by what is stored and by the time: one that has expired is shown as expired
// though nothing has used it since.
enum class TokenState { Active, NearlyUsed, UsedUp, Expired, Disabled };

TokenState stateOf(const domain::Token &token, const QDateTime &now);
// How much of what it was given is spent; not limited: no bar.
Budget budgetOf(const domain::Token &token);
// "all", or the first ones and how many there are.
QString modelsText(const domain::Token &token);
// "anywhere", "this computer", "this computer and the local network", or the ranges.
QString networksText(const domain::Token &token);
// Who still uses the key before the last rotation, a line for each client; empty: nobody is known.
QString formerUsersText(const admin::TokenListing &row);
// Whether the key before the last rotation is still valid.
bool isInGrace(const domain::Token &token);
// Until when it is, of one in grace, and whether it is in use.
QString formerKeyText(const domain::Token &token);
QString expiryText(const domain::Token &token, const QDateTime &now);

class TokenColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TokenColumns)

public:
    // The role under which the cells of "budget" hold their Budget.
    static constexpr int budgetRole = role::first;

    static std::vector<Column<admin::TokenListing>> columns();
    static Cell stateCell(const domain::Token &token, const QDateTime &now);
};

QString rangesText(const QList<domain::AddressRange> &ranges);

} // namespace gatehouse::ui
