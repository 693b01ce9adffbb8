#include "channeleditor/channelkeytable.h"

#include "admin/traffic/refusalreason.h"
#include "widgets/format.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Check = ChannelKeyRow::Check;

class Texts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ChannelKeyTable)
};

Cell keyCell(const ChannelKeyRow &row)
{
    Cell cell{.text = row.ending.isEmpty() ? u"…"_s : u"…%1"_s.arg(row.ending), .fixed = true};
    cell.accessible = row.ending.isEmpty() ? Texts::tr("A short key")
                                           : Texts::tr("The key that ends in %1").arg(row.ending);
    if (row.removed)
        cell.suffix = Texts::tr("is removed on saving");
    else if (row.replaced)
        cell.suffix = Texts::tr("is replaced on saving");
    if (!cell.suffix.isEmpty())
        cell.accessible = Texts::tr("%1: %2").arg(cell.accessible, cell.suffix);
    return cell;
}

Cell usedCell(const ChannelKeyRow &row)
{
    if (!row.isStored())
        return {.text = Texts::tr("new"), .secondary = true};
    Cell cell = Cell::check(row.enabled && !row.removed, Texts::tr("Use this key"));
    cell.toolTip = admin::shownReason(row.reason).translated();
    return cell;
}

Cell notTried(const ChannelKeyRow &row)
{
    if (row.testing)
        return {.text = Texts::tr("testing…"), .secondary = true};
    return {.text = row.isTested() ? Texts::tr("not tried") : Format::absent(),
            .accessible = Texts::tr("not tried"),
            .secondary = true};
}

QString failure(const ChannelKeyRow &row)
{
    const QString text =
        row.text.isEmpty() ? Texts::tr("failed") : row.text.translated().simplified();
    return row.httpStatus > 0 ? Texts::tr("%1: %2").arg(row.httpStatus).arg(text) : text;
}

Cell acceptedCell(const ChannelKeyRow &row)
{
    switch (row.authentication) {
    case Check::Passed:
        return {
            .text = Texts::tr("accepted"), .glyph = Glyph::Tick, .tone = Tone::Good, .plain = true};
    case Check::Failed:
        return {.text = failure(row),
                .toolTip = row.text.translated(),
                .glyph = Glyph::Key,
                .tone = Tone::Action};
    case Check::NotTried:
        break;
    }
    // What failed before the provider could look at the key.
    if (row.isTested() && !row.text.isEmpty()) {
        return {.text = failure(row),
                .toolTip = row.text.translated(),
                .glyph = Glyph::Cross,
                .tone = Tone::Failure};
    }
    return notTried(row);
}

Cell listCell(const ChannelKeyRow &row)
{
    if (row.listing == Check::Passed) {
        return {.text = Texts::tr("%n models", nullptr, row.models),
                .glyph = Glyph::Tick,
                .tone = Tone::Good,
                .plain = true};
    }
    if (row.listing == Check::Failed && row.authentication != Check::Failed) {
        return {.text = Texts::tr("none"),
                .toolTip = row.text.translated(),
                .glyph = Glyph::Dashed,
                .tone = Tone::Neutral};
    }
    return notTried(row);
}

Cell chatCell(const ChannelKeyRow &row)
{
    if (row.chat == Check::Passed) {
        return {.text = Format::duration(row.elapsed),
                .glyph = Glyph::Tick,
                .tone = Tone::Good,
                .plain = true};
    }
    if (row.chat == Check::Failed) {
        return {.text = failure(row),
                .toolTip = row.text.translated(),
                .glyph = Glyph::Cross,
                .tone = Tone::Failure};
    }
    if (row.testing && !row.chats)
        return {.text = Format::absent(), .accessible = Texts::tr("not tried"), .secondary = true};
    return notTried(row);
}

} // namespace

QString failureOf(const ChannelKeyRow &row)
{
    return row.isTested() && !row.testing && !row.text.isEmpty() ? failure(row) : QString();
}

std::vector<Column<ChannelKeyRow>> channelKeyColumns()
{
    using Row = ChannelKeyRow;
    std::vector<Column<Row>> columns;
    columns.push_back(
        {.traits = {.key = u"key"_s, .title = [] { return Texts::tr("Key"); }, .width = 84},
         .cell = keyCell});
    columns.push_back(
        {.traits = {.key = u"used"_s, .title = [] { return Texts::tr("Used"); }, .width = 48},
         .cell = usedCell,
         .edit = [](const Row &row) {
             return row.isStored() && !row.removed ? QVariant(row.enabled) : QVariant();
         }});
    columns.push_back({.traits = {.key = u"accepted"_s,
                                  .title = [] { return Texts::tr("Key accepted"); },
                                  .width = 150,
                                  .stretch = true},
                       .cell = acceptedCell});
    columns.push_back({.traits = {.key = u"models"_s,
                                  .title = [] { return Texts::tr("Model list"); },
                                  .width = 100},
                       .cell = listCell});
    columns.push_back({.traits = {.key = u"chat"_s,
                                  .title = [] { return Texts::tr("First token"); },
                                  .width = 92},
                       .cell = chatCell});
    return columns;
}

} // namespace gatehouse::ui
