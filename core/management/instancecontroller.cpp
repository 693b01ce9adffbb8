#include "management/instancecontroller.h"

#include "base/logging.h"

#include <QCoreApplication>
#include <QTimer>

#include <chrono>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using admin::GatewayControl;
using admin::GatewayState;
using base::Result;

namespace {

QString stateName(GatewayState state)
{
    switch (state) {
    case GatewayState::Starting:
        return u"starting"_s;
    case GatewayState::Running:
        return u"running"_s;
    case GatewayState::Paused:
        return u"paused"_s;
    case GatewayState::Draining:
        return u"draining"_s;
    case GatewayState::Failed:
        return u"failed"_s;
    case GatewayState::Stopped:
        break;
    }
    return u"stopped"_s;
}

gateway::ApiResponse nothingServes()
{
    return refusal(u"No gateway runs in this program."_s);
}

} // namespace

InstanceController::InstanceController(admin::Administration &administration,
                                       QObject *context,
                                       Instance instance,
                                       QJsonObject facts,
                                       std::function<QStringList()> listeners)
    : Controller(administration, context)
    , m_instance(std::move(instance))
    , m_facts(std::move(facts))
    , m_listeners(std::move(listeners))
{}

void InstanceController::addTo(Router &router)
{
    router.add(
        {.method = "GET",
         .pattern = "/api/gateway",
         .policy = Policy::administrator(),
         .handler = [this](const Call &call) { return responded(succeeded(describe(call))); }});
    router.add({.method = "POST",
                .pattern = "/api/gateway/reload",
                .policy = Policy::root(),
                .handler = [this](const Call &) { return reload(); }});
    router.add({.method = "POST",
                .pattern = "/api/gateway/stop",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return stop(call); }});
}

GatewayControl *InstanceController::gateway() const
{
    return m_instance.gateway ? m_instance.gateway() : nullptr;
}

QJsonObject InstanceController::describe(const Call &call) const
{
    QJsonObject json = m_facts;
    json.insert(u"listeners"_s, QJsonArray::fromStringList(m_listeners()));
    const GatewayControl *control = gateway();
    json.insert(u"state"_s, stateName(control ? control->state() : GatewayState::Stopped));
    json.insert(u"in_flight"_s, control ? control->inFlight() : 0);
    if (control && control->problem())
        json.insert(u"problem"_s, control->problem()->error.message.english());
    json.insert(u"restore_prepared"_s, m_admin.backups.isRestorePrepared());
    if (call.request.local) {
        json.insert(u"mode"_s, m_instance.mode);
        json.insert(u"process"_s, QCoreApplication::applicationPid());
        json.insert(u"data_directory"_s, m_instance.dataDirectory);
    }
    return json;
}

// What somebody stopped or paused in the window stays so.
Result<> InstanceController::startAnew() const
{
    GatewayControl *control = gateway();
    if (!control)
        return {};
    const bool isWanted =
        control->state() == GatewayState::Running || control->state() == GatewayState::Failed;
    if (!isWanted)
        return {};
    control->restart();
    if (control->problem())
        return base::fail(control->problem()->error);
    return {};
}

Response InstanceController::reload()
{
    if (!gateway())
        return responded(nothingServes());
    if (m_instance.readAgain) {
        if (const Result<> read = m_instance.readAgain(); !read)
            return responded(read.error());
    }
    const auto started = admin::onSuccess(m_admin.publisher.publish(), m_context, [this] {
        return startAnew().map([this] { return m_listeners(); });
    });
    return respond(started, [](const QStringList &urls) {
        return QJsonObject{{u"listeners"_s, QJsonArray::fromStringList(urls)}};
    });
}

Response InstanceController::stop(const Call &call)
{
    if (!call.request.local) {
        return responded(base::Error{
            base::ErrorCode::Denied,
            base::Message::verbatim(u"The program is stopped on its own machine alone: gatehouse "
                                    "stop, or the service manager."_s),
            {}});
    }
    if (!m_instance.stop)
        return responded(nothingServes());
    // The answer leaves first: the local socket closes with the program.
    constexpr std::chrono::milliseconds pause(200);
    qCInfo(base::lcAdmin) << "The program is stopped by the command line.";
    QTimer::singleShot(pause, m_context, m_instance.stop);
    return responded(succeeded());
}

} // namespace gatehouse::management
