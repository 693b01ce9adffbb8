#pragma once

#include "management/controller.h"

namespace gatehouse::management {

// POST /api/backup, which copies the database into the folder of backups, with the secrets of this
// installation where the body holds a passphrase for them, and DELETE, which ends what runs of it. The folder
// and the name are the program's, so that the network may ask, too. What names a file of this machine is for
// the local socket alone, as an import is: a copy to a place of the caller's choice (/api/backup/file), and
// the preparation of a restore (/api/restore).
class BackupController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response create(const Call &call);
    Response cancel();
    Response copyTo(const Call &call);
    Response prepareRestore(const Call &call);
    Response cancelRestore(const Call &call);
};

} // namespace gatehouse::management
