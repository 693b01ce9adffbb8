#include "management/importcontroller.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using admin::ImportKind;
using admin::ImportNote;
using admin::ImportReport;

namespace {

QString kindName(ImportKind kind)
{
    switch (kind) {
    case ImportKind::User:
        return u"user"_s;
    case ImportKind::Token:
        return u"token"_s;
    case ImportKind::Channel:
        return u"channel"_s;
    case ImportKind::Group:
        return u"group"_s;
    case ImportKind::Setting:
        break;
    }
    return u"setting"_s;
}

QString causeName(ImportNote::Cause cause)
{
    switch (cause) {
    case ImportNote::Cause::Altered:
        return u"altered"_s;
    case ImportNote::Cause::Deleted:
        return u"deleted"_s;
    case ImportNote::Cause::Present:
        return u"present"_s;
    case ImportNote::Cause::Unusable:
        break;
    }
    return u"unusable"_s;
}

QString sourceKey(admin::ImportSource source)
{
    switch (source) {
    case admin::ImportSource::OneApi:
        return u"one-api"_s;
    case admin::ImportSource::NewApi:
        return u"new-api"_s;
    case admin::ImportSource::LiteLlm:
        return u"litellm"_s;
    case admin::ImportSource::CcSwitch:
        return u"cc-switch"_s;
    case admin::ImportSource::ClaudeCodeRouter:
        return u"claude-code-router"_s;
    case admin::ImportSource::Environment:
        break;
    }
    return u"env"_s;
}

QJsonArray notesJson(const std::vector<ImportNote> &notes)
{
    QJsonArray array;
    for (const ImportNote &note : notes) {
        array.append(QJsonObject{{u"kind"_s, kindName(note.kind)},
                                 {u"name"_s, note.name},
                                 {u"cause"_s, causeName(note.cause)},
                                 {u"text"_s, note.text.english()}});
    }
    return array;
}

base::Error overTheNetwork()
{
    return {
        base::ErrorCode::Denied,
        base::Message::verbatim(u"An import reads a file of the gateway's machine, and is carried "
                                "out there alone: gatehouse import FILE, or Settings, Import."_s),
        {}};
}

} // namespace

QJsonObject importJson(const ImportReport &report)
{
    QJsonObject counts;
    for (const ImportKind kind : admin::importKinds) {
        const ImportReport::Count &count = report.count(kind);
        counts.insert(QString(kindName(kind) + u's'),
                      QJsonObject{{u"found"_s, count.found}, {u"imported"_s, count.imported}});
    }
    return {{u"source"_s, sourceKey(report.source)},
            {u"source_name"_s, admin::sourceName(report.source)},
            {u"stored"_s, report.stored},
            {u"partial"_s, report.isPartial()},
            {u"counts"_s, counts},
            {u"skipped"_s, notesJson(report.skipped)},
            {u"altered"_s, notesJson(report.altered)},
            {u"skipped_more"_s,
             report.unlisted(ImportNote::Cause::Deleted)
                 + report.unlisted(ImportNote::Cause::Present)
                 + report.unlisted(ImportNote::Cause::Unusable)},
            {u"altered_more"_s, report.unlisted(ImportNote::Cause::Altered)},
            {u"logs_left"_s, report.logs},
            {u"redemptions_left"_s, report.redemptions},
            {u"prices_left"_s, report.prices},
            {u"safety_copy"_s, report.safetyCopy},
            {u"pending"_s, report.pending.english()}};
}

void ImportController::addTo(Router &router)
{
    router.add({.method = "POST",
                .pattern = "/api/import",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return carryOut(call); },
                .hasBody = true});
    router.add({.method = "DELETE",
                .pattern = "/api/import",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return stop(call); }});
}

// What the other end does with its request does not reach an import, so that this does.
Response ImportController::stop(const Call &call)
{
    if (!call.request.local)
        return responded(overTheNetwork());
    m_admin.imports.stopAll();
    return respond(admin::answered(base::Result<>()));
}

Response ImportController::carryOut(const Call &call)
{
    if (!call.request.local)
        return responded(overTheNetwork());
    const auto path = call.reader().string(u"path");
    const auto dryRun = call.reader().boolean(u"dry_run");
    if (!path || !dryRun)
        return responded(path ? dryRun.error() : path.error());
    if (!QDir::isAbsolutePath(path->value_or(QString())))
        return responded(refusal(u"Send the absolute path of the file in \"path\"."_s));
    admin::ImportService &imports = m_admin.imports;
    return respond(dryRun->value_or(false) ? imports.plan(call.actor(), **path)
                                           : imports.carryOut(call.actor(), **path),
                   importJson);
}

} // namespace gatehouse::management
