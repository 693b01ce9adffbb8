#include "frame/gatewayactions.h"

#include "theme/icons.h"

#include <QWidget>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

GatewayActions::GatewayActions(admin::GatewayControl &gateway, QWidget *owner)
    : QObject(owner)
    , m_gateway(gateway)
    , m_owner(owner)
    , m_start(make("gateway.start", u"play"_s, [this] { m_gateway.start(); }))
    , m_stop(make("gateway.stop", u"square"_s, [this] { stopGently(); }))
    , m_restart(make("gateway.restart", u"refresh-cw"_s, [this] { m_gateway.restart(); }))
    , m_pause(make("gateway.pause",
                   u"pause"_s,
                   [this] {
                       if (m_gateway.state() == admin::GatewayState::Paused)
                           m_gateway.resume();
                       else
                           m_gateway.pause();
                   }))
    , m_drain(make(
          "gateway.drain", u"log-out"_s, [this] { m_gateway.drain(std::chrono::seconds(60)); }))
{
    m_pause->setCheckable(true);
    connect(&m_gateway, &admin::GatewayControl::stateChanged, this, &GatewayActions::update);
    connect(&m_gateway, &admin::GatewayControl::problemChanged, this, &GatewayActions::update);
    connect(&m_gateway, &admin::GatewayControl::heldChanged, this, [this] {
        setTexts();
        update();
    });
    (new Translated(owner))->add([this] { setTexts(); });
    update();
}

QAction *GatewayActions::make(const char *name, const QString &iconName, std::function<void()> run)
{
    auto *action = new QAction(icon(iconName), {}, m_owner);
    action->setObjectName(QString::fromLatin1(name));
    connect(action, &QAction::triggered, this, std::move(run));
    return action;
}

void GatewayActions::setTexts()
{
    m_start->setText(tr("&Start the gateway"));
    m_stop->setText(tr("S&top…"));
    m_restart->setText(tr("&Restart the listener"));
    m_pause->setText(tr("&Pause new requests"));
    m_drain->setText(tr("&Drain and stop"));
    m_start->setStatusTip(tr("Begins to serve clients."));
    m_stop->setStatusTip(tr("Stops serving; running requests may end first."));
    m_restart->setStatusTip(tr("Applies changed addresses, certificates and threads."));
    m_pause->setStatusTip(tr("New requests are refused, running ones go on."));
    m_drain->setStatusTip(tr("Takes no new requests and stops when the running ones have ended."));
    if (m_gateway.isHeld()) {
        for (QAction *action : {m_start, m_restart, m_pause})
            action->setStatusTip(
                tr("Not while the database is being compacted: no request could be logged."));
    }
    for (QAction *action : all())
        action->setToolTip(action->statusTip());
}

void GatewayActions::update()
{
    using enum admin::GatewayState;
    const admin::GatewayState state = m_gateway.state();
    const bool serves = state == Running || state == Paused;
    const bool isFree = !m_gateway.isHeld();
    m_start->setEnabled(isFree && (state == Stopped || state == Failed));
    m_stop->setEnabled(serves || state == Draining || m_gateway.triesAgain());
    m_restart->setEnabled(isFree && serves);
    m_drain->setEnabled(serves);
    m_pause->setEnabled(isFree && serves);
    m_pause->setChecked(state == Paused);
}

void GatewayActions::stopGently()
{
    const qint64 inFlight = m_gateway.inFlight();
    if (inFlight == 0 || m_gateway.state() == admin::GatewayState::Draining)
        return m_gateway.stopNow();
    emit stopQuestion(inFlight);
}

} // namespace gatehouse::ui
