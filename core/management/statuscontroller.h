#pragma once

#include "domain/quota.h"
#include "domain/settings.h"
#include "management/controller.h"

namespace gatehouse::management {

// What everybody may read: the texts of the installation.
class StatusController final : public Controller
{
public:
    using Controller::Controller;
    void addTo(Router &router) override;
};

// The answer to GET /api/status. `startedAt` in seconds since 1970.
QByteArray statusBody(const domain::Settings &settings, const QString &version, qint64 startedAt);

} // namespace gatehouse::management
