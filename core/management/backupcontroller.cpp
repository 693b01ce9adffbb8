#include "management/backupcontroller.h"

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

} // namespace gatehouse::management
