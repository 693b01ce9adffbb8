#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "admin/gateway/gatewayparts.h"
#include "gateway/newcomers.h"

#include <QThreadPool>

namespace gatehouse::admin {

// Makes, keeps and destroys the gateway for GatewayControl. One that is being stopped lives on until
// its requests have ended, beside the one that took its place. Lives in the main thread.
class GatewayRunner final : public QObject
{
    Q_OBJECT

public:
    explicit GatewayRunner(GatewayParts parts);
    ~GatewayRunner() override;

    // Before a start with a certificate of the local authority.
    bool needsLocalCertificate() const;
    Answer<LocalCertificate> makeLocalCertificate();

    // Nothing: it runs. One that ran until then takes no more requests and has the grace period of the
    // settings for those that are open; where the start fails, it goes on. Who holds a port is looked for
    // in another thread, once for each problem however often it is tried again; explained() follows.
    std::optional<GatewayProblem> start();
    // So that it is looked for anew.
    void forgetExplanation() { m_asked.reset(); }
    // What runs accepts nothing more; ended() follows for each gateway.
    void stop(std::chrono::milliseconds grace);

    // Of the machine.
    void networkChanged();

    bool isRunning() const { return m_current != nullptr; }
    // Nothing runs, and nothing is being stopped.
    bool hasEnded() const { return !m_current && m_ending.empty(); }
    void setPaused(bool paused) { m_parts.shared.paused = paused; }
    bool isPaused() const { return m_parts.shared.paused; }
    qint64 inFlight() const { return m_parts.shared.running; }
    QStringList urls() const { return m_current ? m_current->urls() : QStringList(); }
    std::vector<BoundAddress> bound() const;
    // Ports that another program took while a start that failed had them let go of, as "127.0.0.1:3000".
    QStringList lostPorts() const;
    // Opens them again; false: another program still has one.
    bool listenAgain() { return !m_current || m_current->listenAgain(); }
    std::chrono::milliseconds gracePeriod() const;
    // True if the settings of now make another gateway than the present one.
    bool hasOtherOptionsNow() const;

signals:
    void ended();
    void explained(const gatehouse::admin::GatewayProblem &problem);

private:
    base::Result<gateway::GatewayOptions> optionsNow() const;
    void explain(GatewayProblem &problem, const QHostAddress &host);
    void retire(std::chrono::milliseconds grace, gateway::Newcomers newcomers);
    void release(gateway::Gateway *gateway);
    std::vector<gateway::Gateway *> gateways() const;
    QFuture<std::vector<relay::RunningRequest>> running() const;
    QFuture<bool> cancel(const QByteArray &requestId) const;

    const GatewayParts m_parts;
    std::unique_ptr<gateway::Gateway> m_current;
    std::vector<std::unique_ptr<gateway::Gateway>> m_ending;
    std::optional<gateway::GatewayOptions> m_options; // of the present one
    std::optional<GatewayProblem> m_asked{};          // with what is known of it by now
    QThreadPool m_inquiries;
};

// Says in a sentence why `failure` came about.
GatewayProblem problemOf(const gateway::BindFailure &failure);

} // namespace gatehouse::admin
