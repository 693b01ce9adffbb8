#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "management/controller.h"

#include <functional>

namespace gatehouse::management {

// The program around the management API, as far as it may be asked about and told what to do. Empty
// where a command works on its own: then nothing is served.
struct Instance
{
    QString mode{};          // "serve" or "window"
    QString dataDirectory{}; // told to the local socket alone
    std::function<admin::GatewayControl *()> gateway{};
    // Reads again what stands above the stored settings. Where it fails nothing has changed. Empty: nothing.
    std::function<base::Result<>()> readAgain{};
    std::function<void()> stop{}; // ends the program once open requests have ended
};

// GET /api/gateway, and POST to what lies below it: reload, and stop, which is for the local socket
// alone since nobody could start the program again over the network.
class InstanceController final : public Controller
{
public:
    // `facts` never change; `listeners` as in ManagementApi::setListeners().
    InstanceController(admin::Administration &administration,
                       QObject *context,
                       Instance instance,
                       QJsonObject facts,
                       std::function<QStringList()> listeners);
    void addTo(Router &router) override;

private:
    admin::GatewayControl *gateway() const;
    QJsonObject describe(const Call &call) const;
    Response reload();
    Response stop(const Call &call);
    base::Result<> startAnew() const;

    const Instance m_instance;
    const QJsonObject m_facts;
    const std::function<QStringList()> m_listeners;
};

} // namespace gatehouse::management
