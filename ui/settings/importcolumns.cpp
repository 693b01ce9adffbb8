#include "settings/importcolumns.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::ImportKind;
using admin::ImportNote;

namespace {

// What needs a person stands out; what is as it should be does not.
Tone toneOf(ImportNote::Cause cause)
{
    switch (cause) {
    case ImportNote::Cause::Altered:
        return Tone::Caution;
    case ImportNote::Cause::Unusable:
        return Tone::Failure;
    case ImportNote::Cause::Deleted:
    case ImportNote::Cause::Present:
        break;
    }
    return Tone::Neutral;
}

Glyph glyphOf(ImportNote::Cause cause)
{
    switch (cause) {
    case ImportNote::Cause::Altered:
        return Glyph::HalfDisc;
    case ImportNote::Cause::Unusable:
        return Glyph::Cross;
    case ImportNote::Cause::Deleted:
    case ImportNote::Cause::Present:
        break;
    }
    return Glyph::Bars;
}

} // namespace

QString ImportColumns::kindText(ImportKind kind)
{
    switch (kind) {
    case ImportKind::User:
        return tr("User");
    case ImportKind::Token:
        return tr("Token");
    case ImportKind::Channel:
        return tr("Channel");
    case ImportKind::Group:
        return tr("Group");
    case ImportKind::Setting:
        break;
    }
    return tr("Setting");
}

QString ImportColumns::kindsText(ImportKind kind)
{
    switch (kind) {
    case ImportKind::User:
        return tr("Users");
    case ImportKind::Token:
        return tr("Tokens");
    case ImportKind::Channel:
        return tr("Channels");
    case ImportKind::Group:
        return tr("Groups");
    case ImportKind::Setting:
        break;
    }
    return tr("Settings");
}

std::vector<ImportRow> ImportColumns::rowsOf(const admin::ImportReport &report)
{
    std::vector<ImportRow> rows;
    for (const std::vector<ImportNote> *notes : {&report.skipped, &report.altered}) {
        for (const ImportNote &note : *notes)
            rows.push_back({.number = static_cast<qint64>(rows.size()), .note = note});
    }
    return rows;
}

std::vector<Column<ImportRow>> ImportColumns::columns()
{
    std::vector<Column<ImportRow>> columns;
    columns.push_back(
        {.traits = {.key = u"outcome"_s, .title = [] { return tr("Outcome"); }, .width = 108},
         .cell = [](const ImportRow &row) {
             const bool altered = row.note.cause == ImportNote::Cause::Altered;
             return Cell{.text = altered ? tr("Changed") : tr("Left out"),
                         .glyph = glyphOf(row.note.cause),
                         .tone = toneOf(row.note.cause)};
         }});
    columns.push_back(
        {.traits = {.key = u"kind"_s, .title = [] { return tr("What"); }, .width = 84},
         .cell = [](const ImportRow &row) { return Cell::of(kindText(row.note.kind)); }});
    columns.push_back(
        {.traits = {.key = u"name"_s, .title = [] { return tr("Name"); }, .width = 140},
         .cell = [](const ImportRow &row) { return Cell::of(row.note.name); }});
    columns.push_back(
        {.traits = {.key = u"reason"_s,
                    .title = [] { return tr("Why"); },
                    .width = 220,
                    .stretch = true,
                    .least = 160},
         .cell = [](const ImportRow &row) { return Cell::of(row.note.text.translated()); }});
    return columns;
}

} // namespace gatehouse::ui
