#include "management/backupcontroller.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

namespace {

QJsonObject backupJson(const admin::BackupListing &backup)
{
    return {{u"file"_s, backup.fileName},
            {u"reason"_s, backup.reason},
            {u"created_time"_s, backup.madeAt.toSecsSinceEpoch()},
            {u"bytes"_s, backup.bytes}};
}

// A file that a call names, and what protects the secrets in it.
struct NamedFile
{
    QString path{};
    base::Secret passphrase{};
};

base::Error onThatMachineAlone()
{
    return {base::ErrorCode::Denied,
            base::Message::verbatim(u"What names a file of the gateway's machine is carried out "
                                    "there alone: gatehouse backup FILE, gatehouse restore FILE, "
                                    "or Settings, Backup."_s),
            {}};
}

base::Result<NamedFile> namedFileIn(const Call &call)
{
    if (!call.request.local)
        return base::fail(onThatMachineAlone());
    const auto path = call.reader().string(u"path");
    const auto passphrase = call.reader().string(u"passphrase");
    if (!path || !passphrase)
        return base::fail(path ? passphrase.error() : path.error());
    if (!QDir::isAbsolutePath(path->value_or(QString()))) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::verbatim(u"Send the absolute path of the file in \"path\"."_s));
    }
    return NamedFile{.path = **path, .passphrase = base::Secret(passphrase->value_or(QString()))};
}

} // namespace

void BackupController::addTo(Router &router)
{
    router.add({.method = "POST",
                .pattern = "/api/backup",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return create(call); },
                .hasBody = true,
                .mayLackBody = true});
    router.add({.method = "DELETE",
                .pattern = "/api/backup",
                .policy = Policy::root(),
                .handler = [this](const Call &) { return cancel(); }});
    router.add({.method = "POST",
                .pattern = "/api/backup/file",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return copyTo(call); },
                .hasBody = true});
    router.add({.method = "POST",
                .pattern = "/api/restore",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return prepareRestore(call); },
                .hasBody = true});
    router.add({.method = "DELETE",
                .pattern = "/api/restore",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return cancelRestore(call); }});
}

// Who asks again, since no answer came in time, would have one whole copy made after the other, and each
// pushes an older backup out.
Response BackupController::create(const Call &call)
{
    const auto passphrase = call.reader().string(u"passphrase");
    if (!passphrase)
        return responded(passphrase.error());
    if (m_admin.backups.isBackingUp()) {
        return respond(
            admin::refused<admin::BackupListing>(
                base::ErrorCode::Conflict,
                base::Message::tr("A backup is being made already. Wait until it is there.")),
            backupJson);
    }
    return respond(*passphrase ? m_admin.backups.createWithSecrets(base::Secret(**passphrase))
                               : m_admin.backups.create(),
                   backupJson);
}

// Also one by schedule, or that of an import: what the other end does with its request reaches none.
Response BackupController::cancel()
{
    m_admin.backups.cancel();
    return respond(admin::answered(base::Result<>()));
}

Response BackupController::copyTo(const Call &call)
{
    const auto file = namedFileIn(call);
    if (!file)
        return responded(file.error());
    const auto copied = admin::onSuccess(
        m_admin.backups.exportTo(file->path, file->passphrase), m_context, [path = file->path] {
            return base::Result<qint64>(QFileInfo(path).size());
        });
    return respond(copied, [path = file->path](qint64 bytes) {
        return QJsonObject{{u"path"_s, path}, {u"bytes"_s, bytes}};
    });
}

Response BackupController::prepareRestore(const Call &call)
{
    const auto file = namedFileIn(call);
    if (!file)
        return responded(file.error());
    const auto withoutSecrets = call.reader().boolean(u"without_secrets");
    if (!withoutSecrets)
        return responded(withoutSecrets.error());
    return respond(
        m_admin.backups.prepareRestore(
            file->path,
            {.passphrase = file->passphrase, .withoutSecrets = withoutSecrets->value_or(false)}),
        [](const QString &safetyCopy) {
            return QJsonObject{{u"safety_copy"_s, safetyCopy}};
        });
}

// What waits was prepared on this machine, and is only forgotten there.
Response BackupController::cancelRestore(const Call &call)
{
    if (!call.request.local)
        return responded(onThatMachineAlone());
    if (!m_admin.backups.isRestorePrepared()) {
        return respond(admin::refused<void>(base::ErrorCode::NotFound,
                                            base::Message::verbatim(u"No restore is prepared."_s)));
    }
    return respond(m_admin.backups.cancelRestore());
}

} // namespace gatehouse::management
