#pragma once

#include "admin/channels/routeexplanation.h"
#include "admin/prices/priceservice.h"
#include "models/priceparts.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A row of the table of prices: one that is in force, was or will be, or a model that is used without any.
struct PriceRow
{
    domain::ModelPrice price{};
    domain::PriceState state = domain::PriceState::InForce;
    bool lacksRate = false; // of its currency: it cannot be charged
    // Of another currency, at its present rate. Absent: there is none, or the prices are in dollars.
    std::optional<domain::TokenPrices> dollars{};
    QStringList channels{};
    // Of `channels`, as far as it is in force; without a price: where other channels have one.
    std::vector<domain::ChannelId> channelIds{};
    bool unpriced = false;
    qint64 requests = 0; // without a price, within 30 days

    // A built-in price is the same through several channels, and a change of it counts for them all.
    bool standsForSeveral() const;
    // Whether the model has no price through some of its channels only.
    bool isOfSome() const { return unpriced && !channelIds.empty(); }
    // Whether it is a person's, and that of a date.
    bool isEdited() const;
    bool isInForce() const { return state == domain::PriceState::InForce; }
    QString key() const;
    bool operator==(const PriceRow &) const = default;
};

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
