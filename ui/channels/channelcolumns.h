#pragma once

#include "admin/statistics/statistics.h"
#include "charts/heatstrip.h"
#include "domain/channel.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A channel with how it is and was.
struct ChannelRow
{
    domain::Channel channel{};
    admin::ChannelOverview overview{};
    bool testing = false;
    bool keysLost = false; // in a restore without secrets, and nobody has entered them since
    std::optional<double> balanceInDollars{}; // by the exchange rates; absent: there is no rate
};

using ChannelTable = TableModel<ChannelRow, qint64>;

class ChannelColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ChannelColumns)

public:
    // The role under which the cells of "strip" hold their HeatStrip.
    static constexpr int stripRole = role::first;

    static std::vector<Column<ChannelRow>> columns();
    static QString typeText(int type);
    // The last hour.
    static HeatStrip stripOf(const admin::ChannelOverview &overview);
    // Glyph and word of its state, without the time left. One that would serve but has no models does not
    // look healthy.
    static Cell healthCell(const ChannelRow &row);
    // What its state means and what happens now, in a sentence.
    static QString reasonText(const ChannelRow &row);
    // How long it waits still; absent if it does not.
    static std::optional<std::chrono::seconds> left(const ChannelRow &row, const QDateTime &now);
};

} // namespace gatehouse::ui
