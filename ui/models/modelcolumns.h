#pragma once

#include "admin/channels/routeexplanation.h"
#include "admin/prices/priceservice.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A row of the table of prices: one that is in force, or a model that is used without any.
struct PriceRow
{
    domain::ModelPrice price{};
    QStringList channels{};
    bool unpriced = false;
    qint64 requests = 0; // of an unpriced model, within 30 days

    QString key() const;
    bool operator==(const PriceRow &) const = default;
};

// The prices of tokens that can be edited in a cell.
enum class PricePart { Input, Output, CacheRead, CacheWrite, CacheWriteLong, Reasoning };

// Absent: charged as the plain input or output is.
std::optional<domain::UnitPrice> priceOf(const domain::ModelPrice &price, PricePart part);
// In dollars for a million tokens, as a person types it.
QString typedPrice(domain::UnitPrice price);
// `price` with that part in dollars for a million tokens as typed; an empty text takes an optional
// part away. InvalidInput: it is no amount, negative, or an obligatory one is missing.
base::Result<domain::ModelPrice>
withPart(domain::ModelPrice price, PricePart part, const QString &typed);

using ServedModelTable = TableModel<admin::ServedModel, QByteArray>;
using PriceTable = TableModel<PriceRow, QString>;

class ModelColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ModelColumns)

public:
    static std::vector<Column<admin::ServedModel>> models();
    // `channelName` gives the name of a channel by its number.
    static std::vector<Column<PriceRow>>
    prices(std::function<QString(domain::ChannelId)> channelName);
};

} // namespace gatehouse::ui
