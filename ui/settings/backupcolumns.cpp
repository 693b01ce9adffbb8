#include "settings/backupcolumns.h"

#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

QString BackupColumns::reasonText(const QString &reason)
{
    if (reason == "manual"_L1)
        return tr("By hand");
    if (reason == "manual-with-secrets"_L1)
        return tr("By hand, with secrets");
    if (reason == "scheduled"_L1)
        return tr("By schedule");
    if (reason == "before-restore"_L1)
        return tr("Before a restore");
    if (reason == "before-import"_L1)
        return tr("Before an import");
    if (reason.startsWith("migration"_L1) || reason.startsWith("before-"_L1))
        return tr("Before an update");
    return reason.isEmpty() ? tr("Unknown") : reason;
}

std::vector<Column<BackupRow>> BackupColumns::columns()
{
    std::vector<Column<BackupRow>> columns;
    columns.push_back({.traits = {.key = u"made"_s,
                                  .title = [] { return tr("Made"); },
                                  .kind = ColumnKind::Moment,
                                  .width = 200},
                       .cell =
                           [](const BackupRow &row) {
                               return Cell{.text = Format::full(row.listing.madeAt.toLocalTime()),
                                           .toolTip = row.listing.fileName};
                           },
                       .sort =
                           [](const BackupRow &row) {
                               return QVariant(row.listing.madeAt.toMSecsSinceEpoch());
                           }});
    columns.push_back(
        {.traits = {.key = u"reason"_s,
                    .title = [] { return tr("Reason"); },
                    .width = 140,
                    .stretch = true},
         .cell = [](const BackupRow &row) { return Cell::of(reasonText(row.listing.reason)); }});
    columns.push_back(
        {.traits = {.key = u"size"_s,
                    .title = [] { return tr("Size"); },
                    .kind = ColumnKind::Number,
                    .width = 90},
         .cell = [](const BackupRow &row) { return Cell::of(Format::bytes(row.listing.bytes)); },
         .sort = [](const BackupRow &row) { return QVariant(row.listing.bytes); }});
    return columns;
}

} // namespace gatehouse::ui
