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
    return notes[static_cast<size_t>(ImportNote::Cause::Unusable)] > 0;
}

qint64 ImportReport::unlisted(ImportNote::Cause cause) const
{
    return std::max<qint64>(notes[static_cast<size_t>(cause)] - mostNotes, 0);
}

void ImportReport::skip(ImportKind kind,
                        const QString &name,
                        ImportNote::Cause cause,
                        base::Message text)
{
    add(skipped, {.kind = kind, .name = shownName(name), .cause = cause, .text = std::move(text)});
}

void ImportReport::alter(ImportKind kind, const QString &name, base::Message text)
{
    add(altered, {.kind = kind, .name = shownName(name), .text = std::move(text)});
}

// A report of a large database stays one that can be read and shown.
void ImportReport::add(std::vector<ImportNote> &list, ImportNote note)
{
    if (++notes[static_cast<size_t>(note.cause)] <= mostNotes)
        list.push_back(std::move(note));
}

} // namespace gatehouse::admin
