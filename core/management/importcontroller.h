#pragma once

#include "admin/import/importreport.h"
#include "management/controller.h"

namespace gatehouse::management {

// POST /api/import, and DELETE, which stops what runs of it. It names a file of this machine, and so is for the local socket alone: over the
// network, a session of root that somebody else got hold of could try out any path, and databases are
// larger than the bodies that the management reads.
class ImportController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;

private:
    Response carryOut(const Call &call);
    Response stop(const Call &call);
};

QJsonObject importJson(const admin::ImportReport &report);

} // namespace gatehouse::management
