#pragma once

#include "admin/channels/drafttest.h"
#include "widgets/table/tablemodel.h"

namespace gatehouse::ui {

// One key of the channel that is being edited, and what its test said. It holds no key.
struct ChannelKeyRow
{
    using Check = admin::DraftKeyReport::Check;

    qint64 number = 0; // the stored key's id; of new ones -1, -2 …
    QString ending{};  // its last four characters; empty: too short to show any
    bool enabled = true;
    bool removed = false;  // will be, on saving
    bool replaced = false; // by another key, on saving
    bool testing = false;
    bool chats = true; // the test sends a message, too
    Check authentication = Check::NotTried;
    Check listing = Check::NotTried;
    Check chat = Check::NotTried;
    int models = 0;
    std::chrono::milliseconds elapsed{0};
    int httpStatus = 0;
    QString reason{};     // why a machine disabled it
    base::Message text{}; // why the test failed
    QString elsewhere{};  // the channel that has the same key; empty: none

    bool isStored() const { return number > 0; }
    bool isTested() const
    {
        return authentication != Check::NotTried || listing != Check::NotTried
               || chat != Check::NotTried || !text.isEmpty();
    }
    bool operator==(const ChannelKeyRow &) const = default;
};

using ChannelKeyTable = TableModel<ChannelKeyRow>;

// Why its test failed, with the status that was answered; empty: it did not.
QString failureOf(const ChannelKeyRow &row);

// Key, whether it is used, and the three checks.
std::vector<Column<ChannelKeyRow>> channelKeyColumns();

} // namespace gatehouse::ui

#include "widgets/table/tablemodelimplementation.h"
