#pragma once

#include "models/modelcolumns.h"

namespace gatehouse::ui {

// What of a price the table of prices shows in its cells.
class PriceColumns
{
public:
    // A part of the price of tokens, which can be edited. Sorted by what it is in dollars at the present rates.
    // A clock marks one that is another at certain hours.
    static Column<PriceRow>
    ofPart(const QString &key, PricePart part, std::function<QString()> title, bool hidden);
    // What input costs at certain hours.
    static Cell hoursCell(const PriceRow &row);
};

} // namespace gatehouse::ui
