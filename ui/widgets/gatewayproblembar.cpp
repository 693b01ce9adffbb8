#include "widgets/gatewayproblembar.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "admin/gateway/listenchoice.h"
#include "widgets/translated.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

const QString failure = u"gateway"_s;
const QString lost = u"lostAddress"_s;
const QString lostPort = u"lostPort"_s;

// What the gateway listens on, unless this start was told otherwise: then no setting changes it.
std::optional<admin::ListenChoice> changeableListen(const admin::SettingsService &settings)
{
    for (const admin::SettingView &view : settings.all()) {
        if (view.key == "server.listen"_L1 && !view.fromEnvironment)
            return admin::ListenChoice::from(view.value);
    }
    return std::nullopt;
}

} // namespace

bool isForAnotherAddress(const admin::GatewayProblem &problem)
{
    using enum admin::GatewayProblem::Kind;
    return problem.kind == PortInUse || problem.kind == PortForbidden
           || problem.kind == AddressMissing;
}

GatewayProblemBar::GatewayProblemBar(const Services &services, QWidget *parent)
    : MessageBar(parent)
    , m_services(services)
{
    connect(&m_services.gateway,
            &admin::GatewayControl::stateChanged,
            this,
            &GatewayProblemBar::refresh);
    connect(&m_services.gateway,
            &admin::GatewayControl::problemChanged,
            this,
            &GatewayProblemBar::refresh);
    connect(&m_services.gateway,
            &admin::GatewayControl::addressesChanged,
            this,
            &GatewayProblemBar::refresh);
    // What a restart failed for may have been taken back.
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &GatewayProblemBar::refresh);
    connect(this, &MessageBar::dismissed, this, [this](const QString &id) {
        if (id == lost)
            m_dismissed = m_services.gateway.lostAddresses();
        else if (id == lostPort)
            m_dismissedPorts = m_services.gateway.lostPorts();
    });
    (new Translated(this))->add([this] { refresh(); });
}

void GatewayProblemBar::setQuiet(bool quiet)
{
    if (m_quiet == quiet)
        return;
    m_quiet = quiet;
    refresh();
}

void GatewayProblemBar::setChoice(std::function<void()> choose)
{
    m_choose = std::move(choose);
    refresh();
}

void GatewayProblemBar::refresh()
{
    showLost();
    showLostPorts();
    const auto &problem = m_services.gateway.problem();
    const bool goesOn = m_services.gateway.isBeforeChange();
    const bool hasFailed = m_services.gateway.state() == admin::GatewayState::Failed;
    if (m_quiet || !problem || (!hasFailed && !goesOn))
        return removeMessage(failure);
    const QString why = problem->error.message.translated();
    Message message{
        .id = failure,
        .tone = Tone::Failure,
        .text = goesOn ? tr("%1 The gateway goes on as it was before the change.").arg(why)
                : m_services.gateway.triesAgain() ? tr("%1 It is tried again by itself.").arg(why)
                                                  : why,
        .details = problem->error.detail,
        .closable = false};
    const quint16 port = problem->nextFreePort;
    const bool isChangeable = changeableListen(m_services.administration.settings).has_value();
    if (port != 0 && isChangeable)
        message.actions.push_back(
            {.text = tr("Use port %1").arg(port), .run = [this, port] { usePort(port); }});
    if (m_choose && isChangeable && isForAnotherAddress(*problem))
        message.actions.push_back({.text = tr("Choose another…"), .run = m_choose});
    message.actions.push_back(
        {.text = tr("Try again"), .run = [this] { m_services.gateway.restart(); }});
    showMessage(std::move(message));
}

// The rest of the gateway goes on, so that nothing else would tell it.
void GatewayProblemBar::showLost()
{
    const QStringList addresses = m_services.gateway.lostAddresses();
    if (addresses != m_dismissed)
        m_dismissed.clear();
    if (addresses.isEmpty() || addresses == m_dismissed)
        return removeMessage(lost);
    showMessage({.id = lost,
                 .tone = Tone::Caution,
                 .text = tr("Nobody reaches the gateway by %1: this computer does not have that "
                            "address at the moment. Connect to that network again, or choose "
                            "another address in Settings, Server.")
                             .arg(addresses.join(u", "_s)),
                 .lasting = true});
}

void GatewayProblemBar::showLostPorts()
{
    const QStringList ports = m_services.gateway.lostPorts();
    if (ports != m_dismissedPorts)
        m_dismissedPorts.clear();
    if (ports.isEmpty() || ports == m_dismissedPorts)
        return removeMessage(lostPort);
    showMessage({.id = lostPort,
                 .tone = Tone::Caution,
                 .text = tr("Nobody reaches the gateway by %1: another program took it while the "
                            "gateway was to start anew. It is listened on again as soon as it is "
                            "free.")
                             .arg(ports.join(u", "_s)),
                 .lasting = true});
}

void GatewayProblemBar::usePort(quint16 port)
{
    admin::SettingsService &settings = m_services.administration.settings;
    const auto listen = changeableListen(settings);
    if (!listen)
        return;
    admin::whenDone(
        settings.set(u"server.listen"_s, listen->withPort(port).text()),
        this,
        [this](const base::Result<> &stored) {
            if (stored)
                return m_services.gateway.restart();
            showMessage({.id = u"port"_s, .tone = Tone::Failure, .text = stored.error().message});
        });
}

} // namespace gatehouse::ui
