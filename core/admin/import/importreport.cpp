#include "admin/import/importreport.h"

#include "admin/import/importtexts.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

QString sourceName(ImportSource source)
{
    switch (source) {
    case ImportSource::OneApi:
        return u"One API"_s;
    case ImportSource::NewApi:
        return u"New API"_s;
    case ImportSource::LiteLlm:
        return u"LiteLLM"_s;
    case ImportSource::CcSwitch:
        return u"cc-switch"_s;
    case ImportSource::ClaudeCodeRouter:
        return u"Claude Code Router"_s;
    case ImportSource::Environment:
        break;
    }
    return u".env"_s;
}

bool isGateway(ImportSource source)
{
    return source == ImportSource::OneApi || source == ImportSource::NewApi;
}

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
