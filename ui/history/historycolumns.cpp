#include "history/historycolumns.h"

#include "admin/history/historytexts.h"
#include "admin/upkeep/settinglabels.h"
#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using domain::HistoryEntry;
using domain::HistoryObject;

namespace {

// A setting is called as its page calls it.
Cell objectCell(const HistoryEntry &entry)
{
    const QString text = admin::historyObjectText(entry).translated();
    if (entry.object != HistoryObject::Setting)
        return Cell::of(text);
    const QString label = admin::settingLabel(entry.objectName);
    return label.isEmpty()
               ? Cell::of(text)
               : Cell{.text = HistoryColumns::tr("Setting %1").arg(Format::quoted(label)),
                      .toolTip = entry.objectName};
}

Cell actionCell(const HistoryEntry &entry)
{
    Cell cell = Cell::of(admin::historyActionText(entry).translated());
    switch (entry.action) {
    case domain::HistoryAction::SignInFailed:
    case domain::HistoryAction::DisabledByProgram:
    case domain::HistoryAction::CircuitOpened:
        cell.glyph = Glyph::HalfDisc;
        cell.tone = Tone::Caution;
        cell.plain = true;
        break;
    default:
        break;
    }
    return cell;
}

Cell detailsCell(const HistoryEntry &entry)
{
    QStringList texts;
    for (const base::Message &text : admin::historyFieldTexts(entry))
        texts.append(text.translated());
    return {.text = texts.join(u"; "_s), .toolTip = texts.join(u'\n')};
}

} // namespace

std::vector<Column<HistoryEntry>> HistoryColumns::columns()
{
    std::vector<Column<HistoryEntry>> columns;
    columns.push_back({.traits = {.key = u"time"_s,
                                  .title = [] { return tr("Time"); },
                                  .kind = ColumnKind::Moment,
                                  .width = 136},
                       .cell =
                           [](const HistoryEntry &entry) {
                               const auto at = QDateTime::fromMSecsSinceEpoch(entry.at);
                               return Cell{.text = Format::moment(at, QDateTime::currentDateTime()),
                                           .toolTip = Format::full(at)};
                           },
                       .sort = [](const HistoryEntry &entry) { return QVariant(entry.at); }});
    columns.push_back({.traits = {.key = u"by"_s, .title = [] { return tr("By"); }, .width = 136},
                       .cell = [](const HistoryEntry &entry) {
                           return Cell::of(admin::historyAuthorText(entry.author).translated());
                       }});
    columns.push_back(
        {.traits = {.key = u"object"_s, .title = [] { return tr("Object"); }, .width = 184},
         .cell = objectCell});
    columns.push_back(
        {.traits = {.key = u"action"_s, .title = [] { return tr("Change"); }, .width = 144},
         .cell = actionCell});
    columns.push_back({.traits = {.key = u"details"_s,
                                  .title = [] { return tr("Details"); },
                                  .width = 240,
                                  .stretch = true},
                       .cell = detailsCell});
    return columns;
}

} // namespace gatehouse::ui
