#include "admin/import/importreport.h"

#include "admin/import/importtexts.h"

namespace gatehouse::admin {

bool ImportReport::isPartial() const
{
    return std::any_of(skipped.cbegin(), skipped.cend(), [](const ImportNote &note) {
        return note.cause == ImportNote::Cause::Unusable;
    });
}

void ImportReport::skip(ImportKind kind,
                        const QString &name,
                        ImportNote::Cause cause,
                        base::Message text)
{
    skipped.push_back(
        {.kind = kind, .name = shownName(name), .cause = cause, .text = std::move(text)});
}

void ImportReport::alter(ImportKind kind, const QString &name, base::Message text)
{
    altered.push_back({.kind = kind, .name = shownName(name), .text = std::move(text)});
}

} // namespace gatehouse::admin
