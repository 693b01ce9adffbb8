#pragma once

#include "admin/gateway/gatewayaddress.h"
#include "base/error.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace gatehouse::admin {

class GatewayRunner;
class OwnAddresses;
struct GatewayParts;

enum class GatewayState {
    Stopped,
    Starting,
    Running,
    Paused,   // new requests of the relay are refused, all else goes on
    Draining, // nothing is accepted; open requests go on until they or their time end
    Failed,   // it could not start; problem() says why, triesAgain() whether it tries on
};

// Why the gateway could not start or start anew, as values, so that a window can offer a way out.
struct GatewayProblem
{
    enum class Kind {
        PortInUse,
        PortForbidden,  // below 1024 without the right to it, or reserved by the system
        AddressMissing, // no interface of this computer has the address
        Certificate,    // it or its key cannot be used
        Other,
    };

    Kind kind = Kind::Other;
    base::Error error{}; // says it in a sentence
    QString address{};   // that was to be listened on
    quint16 port = 0;
    QString holder{};         // the program that holds the port; empty: not known
    qint64 holderProcess = 0; // its process id; 0: not known
    quint16 nextFreePort = 0; // one that could be had instead; 0: none was found
    // False: who holds the port, and which is free, is still being looked for; problemChanged() follows.
    bool isExplained = true;
};

// Starts, stops and pauses the gateway, and knows its addresses. While it stands still the rest of
// the program lives. Lives in the main thread; every change is told by stateChanged().
class GatewayControl : public QObject
{
    Q_OBJECT

public:
    // `parts` holds what the gateway is made of: see admin/gatewayparts.h.
    explicit GatewayControl(GatewayParts parts, QObject *parent = nullptr);
    ~GatewayControl() override;

    GatewayState state() const { return m_state; }
    // Of GatewayState::Failed; while it runs, why the last restart() came to nothing.
    const std::optional<GatewayProblem> &problem() const { return m_problem; }
    // It serves by the settings of before, since restart() came to nothing with those of now.
    bool isBeforeChange() const;
    // An address could not be listened on, which may pass: one of GatewayState::Failed, or of lostPorts().
    // It is tried again after a pause that grows up to some seconds, and when an interface comes or goes.
    bool triesAgain() const { return m_retry.isActive(); }
    // Requests that are being served now. Changes without a signal.
    qint64 inFlight() const;

    // Begins to serve by the settings of now. Running or Failed when it returns, but with a certificate
    // of the local authority, which may have to be made first; then that follows by signal. Nothing
    // happens while it runs.
    void start();
    // Cuts open requests. Stopped follows by signal.
    void stopNow();
    // Refuses new ones and lets open requests go on for `grace`; then Stopped. To be asked for again
    // with a shorter time.
    void drain(std::chrono::milliseconds grace);
    // Serves by the settings of now; open requests of before may go on for the setting
    // server.grace_period. Where that is not possible, it goes on by the settings of before and
    // problem() says why.
    void restart();
    // New requests of the relay are answered with 503 and Retry-After until resume().
    void pause();
    void resume();
    // Pauses it for something that must have the database for itself. start(), restart() and resume() do
    // nothing until release(), after which what hold() paused goes on. What was Starting then is Paused
    // first.
    void hold();
    void release();
    bool isHeld() const { return m_isHeld; }

    // The machine has slept or its addresses have changed: what is known of the ways to the providers
    // is forgotten, and its own addresses are looked up.
    void networkChanged();
    // Addresses came or went, of whatever interface: as networkChanged() if one that leads outward did.
    void interfacesChanged();

    // True if a setting that the listeners or threads were made of has changed since.
    bool needsRestart() const;
    // One for each listener, as it was bound: http://127.0.0.1:3000. Empty while it stands still.
    QStringList urls() const;
    // Under which clients can reach it, the one for this computer first. Empty while it stands still.
    const std::vector<GatewayAddress> &addresses() const { return m_addresses; }
    // What it listens on that this computer does not have at the moment, as "192.168.1.20:3000".
    const QStringList &lostAddresses() const { return m_lostAddresses; }
    // What it listened on before a restart() that came to nothing, and another program took meanwhile, as
    // "127.0.0.1:3000". The rest of it goes on.
    const QStringList &lostPorts() const { return m_lostPorts; }

signals:
    void stateChanged(gatehouse::admin::GatewayState state);
    // An interface came, went or changed its address, or the listeners did.
    void addressesChanged();
    void heldChanged();
    // It tried again and failed anew, perhaps for another reason, or more is known of the reason; or
    // a restart came to nothing.
    void problemChanged();

private:
    void begin();
    void startWithCertificate();
    void startNow();
    void fail(GatewayProblem problem);
    void retry();
    void retryLater();
    void setState(GatewayState state);
    void runnerEnded();
    void refreshAddresses();

    OwnAddresses &m_ownAddresses;
    const std::unique_ptr<GatewayRunner> m_runner;
    GatewayState m_state = GatewayState::Stopped;
    std::optional<GatewayProblem> m_problem{};
    QTimer m_retry;
    int m_attempt = 0;                         // raised by each start and stop
    std::chrono::milliseconds m_retryPause{0}; // before the next attempt
    std::vector<GatewayAddress> m_addresses{};
    QStringList m_lostAddresses{};
    QStringList m_lostPorts{};
    bool m_isHeld = false;
    bool m_resumes = false;                    // once it is no longer held
    std::vector<InterfaceAddress> m_outward{}; // as the ways to the providers were last looked for
};

} // namespace gatehouse::admin
