#pragma once

#include "admin/traffic/requestreport.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A line of what a request used and cost, as texts.
struct CostRow
{
    int place = 0;
    QString name{};
    QString count{};
    QString price{}; // of a million tokens, or of one
    QString cost{};
    QString note{}; // tool tip
    bool isTotal = false;

    bool operator==(const CostRow &) const = default;
};

using CostTable = TableModel<CostRow, int>;

// The usage of a request with its costs, whose last line is their sum: the recorded cost. All costs
// have as many decimals as the longest needs, so that the eye can add them up.
class CostRows
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::CostRows)

public:
    static std::vector<Column<CostRow>> columns();
    static std::vector<CostRow> rows(const admin::RequestReport &report);
};

} // namespace gatehouse::ui
