#include "settings/proposalcolumns.h"

#include "domain/providertype.h"
#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// The first remark, with the others in the tool tip.
Cell remarkOf(const ProposalRow &row, const QString &present)
{
    QStringList remarks;
    if (!row.present.isEmpty())
        remarks.append(present);
    for (const base::Message &note : row.notes)
        remarks.append(note.translated());
    if (remarks.isEmpty())
        return {};
    return {.text = remarks.join(u' '),
            .toolTip = remarks.join(u'\n'),
            .glyph = row.present.isEmpty() ? Glyph::HalfDisc : Glyph::Bars,
            .tone = row.present.isEmpty() ? Tone::Caution : Tone::Neutral};
}

} // namespace

std::vector<ProposalRow> ProposalColumns::rowsOf(const admin::ImportPreview &preview)
{
    std::vector<ProposalRow> rows;
    for (const admin::ProposedChannel &one : preview.channels) {
        const domain::ProviderType *type = domain::providerType(one.channel.type);
        rows.push_back({.number = static_cast<qint64>(rows.size()),
                        .ticked = one.present.isEmpty(),
                        .name = one.channel.name,
                        .origin = one.origin,
                        .type = QString::fromLatin1(type ? type->name : ""),
                        .address = one.channel.baseUrl,
                        .maskedKey = one.maskedKey,
                        .models = one.channel.models,
                        .present = one.present,
                        .notes = one.notes});
    }
    return rows;
}

std::vector<Column<ProposalRow>> ProposalColumns::columns()
{
    std::vector<Column<ProposalRow>> columns;
    columns.push_back({.traits = {.key = u"import"_s,
                                  .title = [] { return tr("Import"); },
                                  .width = 34,
                                  .icon = u"import"_s,
                                  .alignment = Qt::AlignCenter,
                                  .searched = false},
                       .cell =
                           [](const ProposalRow &row) {
                               return Cell::check(row.ticked, tr("Import %1").arg(row.name));
                           },
                       .sort = [](const ProposalRow &row) { return QVariant(row.ticked ? 0 : 1); },
                       .edit = [](const ProposalRow &row) { return QVariant(row.ticked); }});
    columns.push_back(
        {.traits = {.key = u"name"_s, .title = [] { return tr("Name"); }, .width = 120},
         .cell = [](const ProposalRow &row) { return Cell::named(row.name, row.type); }});
    columns.push_back(
        {.traits = {.key = u"origin"_s,
                    .title = [] { return tr("Entry in the file"); },
                    .width = 90,
                    .explanation =
                        [] {
                            return tr("The section or the variable of the file that the channel "
                                      "was read from.");
                        }},
         .cell = [](const ProposalRow &row) { return Cell::of(row.origin); }});
    columns.push_back(
        {.traits = {.key = u"type"_s, .title = [] { return tr("Provider"); }, .width = 150},
         .cell = [](const ProposalRow &row) {
             return Cell{.text = row.type, .suffix = row.address};
         }});
    columns.push_back({.traits = {.key = u"key"_s, .title = [] { return tr("Key"); }, .width = 92},
                       .cell = [](const ProposalRow &row) {
                           return row.maskedKey.isEmpty()
                                      ? Cell::absent(tr("no key"))
                                      : Cell{.text = row.maskedKey, .fixed = true};
                       }});
    columns.push_back({.traits = {.key = u"models"_s,
                                  .title = [] { return tr("Models"); },
                                  .kind = ColumnKind::Number,
                                  .width = 60},
                       .cell =
                           [](const ProposalRow &row) {
                               return Cell{.text = Format::count(row.models.size()),
                                           .toolTip = row.models.mid(0, 20).join(u'\n')};
                           },
                       .sort = [](const ProposalRow &row) { return QVariant(row.models.size()); }});
    columns.push_back({.traits = {.key = u"remark"_s,
                                  .title = [] { return tr("Remark"); },
                                  .width = 180,
                                  .stretch = true,
                                  .least = 140},
                       .cell = [](const ProposalRow &row) {
                           return remarkOf(row, tr("It is here already as %1.").arg(row.present));
                       }});
    return columns;
}

} // namespace gatehouse::ui
