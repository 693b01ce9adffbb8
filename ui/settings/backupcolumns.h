#pragma once

#include "admin/upkeep/backupservice.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A row of the table of backups.
struct BackupRow
{
    admin::BackupListing listing{};

    bool operator==(const BackupRow &other) const
    {
        return listing.path == other.listing.path && listing.bytes == other.listing.bytes;
    }
};

using BackupTable = TableModel<BackupRow, QString>;

class BackupColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::BackupColumns)

public:
    static std::vector<Column<BackupRow>> columns();
    // Why a backup was made, in words.
    static QString reasonText(const QString &reason);
};

} // namespace gatehouse::ui
