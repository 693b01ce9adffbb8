#include "groups/groupcolumns.h"

#include "groups/groupcommands.h"
#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// How many there are; who they are says the tool tip.
Column<GroupRow> membersColumn(const QString &key,
                               std::function<QString()> title,
                               std::function<const QStringList &(const GroupRow &)> members)
{
    return {.traits = {.key = key,
                       .title = std::move(title),
                       .kind = ColumnKind::Number,
                       .width = 80,
                       .named = true},
            .cell =
                [members](const GroupRow &row) {
                    const QStringList &names = members(row);
                    if (names.isEmpty())
                        return Cell::absent(GroupColumns::tr("none"));
                    return Cell{.text = Format::count(names.size()),
                                .toolTip = Format::list(names),
                                .accessible = Format::list(names)};
                },
            .sort = [members](const GroupRow &row) { return QVariant(members(row).size()); },
            .words = [members](const GroupRow &row) { return members(row); }};
}

} // namespace

std::vector<Column<GroupRow>> GroupColumns::columns()
{
    std::vector<Column<GroupRow>> columns;
    columns.push_back(
        {.traits =
             {.key = u"name"_s, .title = [] { return tr("Name"); }, .width = 160, .stretch = true},
         .cell = [](const GroupRow &row) { return Cell::of(QString::fromUtf8(row.group.name)); },
         .edit = [](const GroupRow &row) -> QVariant {
             return row.group.name == usualGroup ? QVariant()
                                                 : QVariant(QString::fromUtf8(row.group.name));
         }});
    columns.push_back(
        {.traits = {.key = u"factor"_s,
                    .title = [] { return tr("Price factor"); },
                    .kind = ColumnKind::Number,
                    .width = 104,
                    .explanation =
                        [] {
                            return tr("What a request costs by the prices is multiplied by this.");
                        }},
         .cell =
             [](const GroupRow &row) {
                 return Cell::of(GroupCommands::factorText(row.group.ratioMillionths));
             },
         .sort = [](const GroupRow &row) { return QVariant(row.group.ratioMillionths); },
         .edit = [](const GroupRow &row) -> QVariant {
             return GroupCommands::factorText(row.group.ratioMillionths);
         }});
    columns.push_back(membersColumn(
        u"users"_s,
        [] { return tr("Users"); },
        [](const GroupRow &row) -> const QStringList & { return row.users; }));
    columns.push_back(membersColumn(
        u"channels"_s,
        [] { return tr("Channels"); },
        [](const GroupRow &row) -> const QStringList & { return row.channels; }));
    return columns;
}

} // namespace gatehouse::ui
