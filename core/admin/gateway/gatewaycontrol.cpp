#include "admin/gateway/gatewaycontrol.h"

#include "admin/gateway/gatewayparts.h"
#include "admin/gateway/gatewayrunner.h"

#include <QNetworkInformation>

#include <utility>

namespace gatehouse::admin {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds firstRetry{1'000};
constexpr milliseconds longestRetry{8'000};

// Another program may end, or an interface come up.
bool mayPass(const GatewayProblem &problem)
{
    return problem.kind == GatewayProblem::Kind::PortInUse
           || problem.kind == GatewayProblem::Kind::AddressMissing;
}

} // namespace

GatewayControl::GatewayControl(GatewayParts parts, QObject *parent)
    : QObject(parent)
    , m_ownAddresses(parts.ownAddresses)
    , m_runner(std::make_unique<GatewayRunner>(std::move(parts)))
{
    connect(m_runner.get(), &GatewayRunner::ended, this, &GatewayControl::runnerEnded);
    connect(m_runner.get(), &GatewayRunner::explained, this, [this](const GatewayProblem &problem) {
        if (!m_problem || m_problem->isExplained)
            return;
        m_problem = problem;
        emit problemChanged();
    });
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &GatewayControl::retry);
    // Systems without a service that tells of changes are asked now and then.
    m_outward = outward(interfaceAddresses());
    constexpr milliseconds pause{10'000};
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &GatewayControl::refreshAddresses);
    timer->start(pause);
    if (QNetworkInformation::loadDefaultBackend()) {
        connect(QNetworkInformation::instance(),
                &QNetworkInformation::reachabilityChanged,
                this,
                &GatewayControl::refreshAddresses);
    }
}

GatewayControl::~GatewayControl() = default;

qint64 GatewayControl::inFlight() const
{
    return m_runner->inFlight();
}

bool GatewayControl::needsRestart() const
{
    return m_runner->isRunning() && m_runner->hasOtherOptionsNow();
}

bool GatewayControl::isBeforeChange() const
{
    const bool serves = m_state == GatewayState::Running || m_state == GatewayState::Paused;
    return serves && m_problem && needsRestart();
}

QStringList GatewayControl::urls() const
{
    return m_runner->urls();
}

void GatewayControl::start()
{
    if (!m_runner->isRunning())
        begin();
}

// What runs goes on meanwhile.
void GatewayControl::begin()
{
    if (m_isHeld)
        return;
    m_retry.stop();
    m_retryPause = firstRetry;
    m_problem.reset();
    m_runner->forgetExplanation();
    if (m_state == GatewayState::Stopped || m_state == GatewayState::Failed)
        m_runner->setPaused(false);
    setState(GatewayState::Starting);
    startWithCertificate();
}

// With one of the local authority that names the addresses of now.
void GatewayControl::startWithCertificate()
{
    const int attempt = ++m_attempt;
    if (!m_runner->needsLocalCertificate())
        return startNow();
    m_runner->makeLocalCertificate().then(
        this, [this, attempt](const base::Result<LocalCertificate> &made) {
            if (attempt != m_attempt)
                return; // it was stopped or started anew meanwhile
            if (made)
                return startNow();
            fail({.kind = GatewayProblem::Kind::Certificate, .error = made.error()});
        });
}

void GatewayControl::startNow()
{
    // It was held while its certificate was made.
    const bool waits = m_isHeld && !m_runner->isPaused();
    if (waits)
        m_runner->setPaused(true);
    std::optional<GatewayProblem> problem = m_runner->start();
    refreshAddresses();
    if (problem) {
        if (waits)
            m_runner->setPaused(false);
        return fail(std::move(*problem));
    }
    m_resumes = m_resumes || waits;
    m_problem.reset();
    setState(m_runner->isPaused() ? GatewayState::Paused : GatewayState::Running);
}

void GatewayControl::fail(GatewayProblem problem)
{
    if (m_runner->isRunning()) { // as before
        if (!m_lostPorts.isEmpty())
            retryLater();
        m_problem = std::move(problem);
        setState(m_runner->isPaused() ? GatewayState::Paused : GatewayState::Running);
        emit problemChanged();
        return;
    }
    if (mayPass(problem))
        retryLater();
    m_problem = std::move(problem);
    const bool hadFailed = m_state == GatewayState::Failed;
    setState(GatewayState::Failed);
    if (hadFailed)
        emit problemChanged();
}

// Whether what serves is to be another one is for a person to decide; it only takes back what it had.
void GatewayControl::retry()
{
    if (m_runner->isRunning()) {
        if (!m_runner->listenAgain())
            retryLater();
        refreshAddresses();
    } else if (m_isHeld) {
        retryLater();
    } else {
        startWithCertificate();
    }
}

void GatewayControl::retryLater()
{
    m_retry.start(m_retryPause);
    m_retryPause = std::min(2 * m_retryPause, longestRetry);
}

void GatewayControl::stopNow()
{
    drain(milliseconds(0));
}

void GatewayControl::drain(milliseconds grace)
{
    if (m_state == GatewayState::Stopped)
        return;
    m_retry.stop();
    ++m_attempt;
    m_problem.reset();
    m_runner->stop(grace);
    refreshAddresses();
    setState(m_runner->hasEnded() ? GatewayState::Stopped : GatewayState::Draining);
}

void GatewayControl::restart()
{
    begin();
}

void GatewayControl::pause()
{
    if (m_state != GatewayState::Running)
        return;
    m_runner->setPaused(true);
    setState(GatewayState::Paused);
}

void GatewayControl::resume()
{
    if (m_state != GatewayState::Paused || m_isHeld)
        return;
    m_runner->setPaused(false);
    setState(GatewayState::Running);
}

void GatewayControl::hold()
{
    if (m_isHeld)
        return;
    m_resumes = m_state == GatewayState::Running;
    m_isHeld = true;
    pause();
    // It is being started anew, and serves.
    if (m_state == GatewayState::Starting && m_runner->isRunning() && !m_runner->isPaused()) {
        m_runner->setPaused(true);
        m_resumes = true;
    }
    emit heldChanged();
}

void GatewayControl::release()
{
    if (!m_isHeld)
        return;
    m_isHeld = false;
    if (std::exchange(m_resumes, false)) {
        if (m_state == GatewayState::Starting)
            m_runner->setPaused(false);
        else
            resume();
    }
    emit heldChanged();
}

void GatewayControl::networkChanged()
{
    m_runner->networkChanged();
    refreshAddresses();
}

// The kernel tells of every address, also of those that are prolonged.
void GatewayControl::interfacesChanged()
{
    std::vector<InterfaceAddress> present = outward(interfaceAddresses());
    if (present == m_outward)
        return refreshAddresses();
    m_outward = std::move(present);
    networkChanged();
    if (m_retry.isActive()) {
        m_retry.stop();
        retry();
    }
}

void GatewayControl::runnerEnded()
{
    if (m_state == GatewayState::Draining && m_runner->hasEnded())
        setState(GatewayState::Stopped);
}

void GatewayControl::setState(GatewayState state)
{
    if (m_state == state)
        return;
    m_state = state;
    emit stateChanged(state);
}

void GatewayControl::refreshAddresses()
{
    const std::vector<BoundAddress> bound = m_runner->bound();
    const std::vector<InterfaceAddress> interfaces = interfaceAddresses();
    m_ownAddresses.set(bound, interfaces);
    std::vector<GatewayAddress> present = addressesOf(bound, interfaces);
    QStringList lost = admin::lostAddresses(bound, interfaces);
    QStringList ports = m_runner->lostPorts();
    if (present == m_addresses && lost == m_lostAddresses && ports == m_lostPorts)
        return;
    m_addresses = std::move(present);
    m_lostAddresses = std::move(lost);
    m_lostPorts = std::move(ports);
    emit addressesChanged();
}

} // namespace gatehouse::admin
