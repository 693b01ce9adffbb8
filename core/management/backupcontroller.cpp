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
                .handler = [this](const Call &) { return create(); }});
    router.add({.method = "DELETE",
                .pattern = "/api/backup",
                .policy = Policy::root(),
                .handler = [this](const Call &) { return cancel(); }});
}

Response BackupController::create()
{
    return respond(m_admin.backups.create(), backupJson);
}

// Also one by schedule, or that of an import: what the other end does with its request reaches none.
Response BackupController::cancel()
{
    m_admin.backups.cancel();
    return respond(admin::answered(base::Result<>()));
}

} // namespace gatehouse::management
