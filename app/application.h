#pragma once

#include "admin/boxsealer.h"
#include "admin/channels/channeltester.h"
#include "admin/gateway/gatewaycontrol.h"
#include "admin/gateway/ownaddresses.h"
#include "configuration/datadirectory.h"
#include "configuration/options.h"
#include "exitcode.h"
#include "gateway/echo/echoprovider.h"
#include "gateway/localdoor.h"
#include "gateway/worker.h"
#include "integration/networkwatch.h"
#include "management/managementapi.h"
#include "protocol/capabilities/builtincapabilities.h"
#include "protocol/counting/tokencounter.h"
#include "protocol/prices/builtinprices.h"
#include "relay/admission/tokenmeter.h"
#include "secrets/secretsloader.h"
#include "storage/ledger/ledgerwriter.h"
#include "storage/ledger/requestlog.h"
#include "storage/preparedrestore.h"

#include <QObject>

namespace gatehouse::app {

// Builds every object, wires it and owns the order in which all is shut down. Lives in the main
// thread.
class Application final : public QObject
{
    Q_OBJECT

public:
    enum class Mode {
        Serve,   // listens to clients and to the command line; fails if it cannot
        Window,  // as Serve, but what keeps the gateway from starting is left to the window to show
        Command, // carries out one command on what is there; nothing is listened to
        Filling, // as Command, but makes what is not there yet
        Restoring, // as Filling, also over a damaged database; what a restore makes void is not told
    };

    Application(Options options, Mode mode, QObject *parent = nullptr);
    ~Application() override;

    // Answered by exactly one of started() and failed().
    void start();
    // Lets open requests end, then stores all and emits stopped(). A second call does nothing.
    void stop();
    // The same, with another time for them than the setting server.grace_period.
    void stop(std::chrono::milliseconds grace);
    // Reads the settings and the catalog again, and starts the listeners anew with what they say. What
    // comes of it is logged.
    void reload();

    management::ManagementApi &api() { return *m_api; }
    // From started() on.
    admin::Administration &administration() { return *m_administration; }
    admin::ChannelTester &tester() { return *m_tester; }
    // In Mode::Serve and Mode::Window alone.
    admin::GatewayControl &gateway() { return *m_control; }
    QStringList urls() const { return m_control ? m_control->urls() : QStringList(); }
    const Options &options() const { return m_options; }
    // The first user was made at this start: nothing was stored before.
    bool isFirstStart() const { return m_firstStart; }
    // Where the master key was found; absent before started().
    std::optional<secrets::SecretSource> secretSource() const { return m_secretSource; }
    // In Mode::Restoring, where the damaged database is kept; empty: it is whole.
    QString damagedDatabase() const { return m_room ? m_room->damagedDatabase() : QString(); }
    // It failed because there is no keychain, and nothing is stored that one would have sealed.
    bool needsSecretsChoice() const { return m_needsSecretsChoice; }

signals:
    // The data directory is this process's own from now on.
    void directoryLocked();
    void started();
    // It cannot go on; `message` says why and what to do.
    void failed(gatehouse::app::ExitCode code, const gatehouse::base::Message &message);
    void stopped();
    // The command line asks the program to end, as a signal of the system would.
    void endRequested();

private:
    class Meter;
    class Events;

    // The steps of a start, each begun by the one before it.
    base::Result<> mayStart() const;
    base::Result<> carryOutRestore(const storage::DatabaseOptions &database);
    void openStorage();
    void readRecord();
    void loadSecrets(const secrets::SecretsRecord &record);
    void keepRecord(const secrets::LoadedSecrets &loaded);
    base::Result<admin::FirstStartOptions> firstStartOf() const;
    void startAdministration(const secrets::MachineSecrets &secrets);
    void startServing();

    management::Instance instance();
    base::Result<> readConfigurationAgain();
    void tellOrigins(const Options &options);
    void makeGateway();
    void gatewayChanged(admin::GatewayState state);
    void gatewayStarted();
    void openDoor();
    void giveUp(const base::Error &error);
    void giveUp(ExitCode code, const base::Message &message);
    secrets::SecretsEnvironment secretsEnvironment() const;
    void finishStop();

    const Options m_options;
    const Mode m_mode;
    base::SystemClock m_clock;
    admin::OwnAddresses m_ownAddresses;

    // In the order in which they are made; they are destroyed the other way round.
    std::unique_ptr<DataDirectory> m_directory;
    std::unique_ptr<storage::RestoreRoom> m_room; // in Mode::Restoring
    std::unique_ptr<storage::StorageThreads> m_storage;
    std::unique_ptr<secrets::SecretsLoader> m_secretsLoader;
    std::optional<secrets::SecretSource> m_secretSource;
    std::unique_ptr<admin::BoxSealer> m_sealer;
    std::unique_ptr<protocol::BuiltinPrices> m_prices;
    protocol::BuiltinCapabilities m_capabilities;
    std::unique_ptr<protocol::TokenCounter> m_counter;
    std::unique_ptr<Meter> m_meter;
    std::unique_ptr<relay::Admission> m_admission;
    std::unique_ptr<relay::ChannelHealth> m_health;
    std::unique_ptr<relay::ChannelLoad> m_load;
    std::unique_ptr<storage::LedgerWriter> m_ledger;
    std::unique_ptr<storage::RequestLog> m_requestLog;
    std::unique_ptr<gateway::EchoProvider> m_echo;
    std::unique_ptr<admin::Administration> m_administration;
    std::unique_ptr<Events> m_events;
    std::unique_ptr<admin::ChannelTester> m_tester;
    std::unique_ptr<management::ManagementApi> m_api;
    std::unique_ptr<http::SpoolBudget> m_spool;
    std::unique_ptr<gateway::Shared> m_shared;
    std::unique_ptr<admin::GatewayControl> m_control;
    std::unique_ptr<NetworkWatch> m_network;
    std::unique_ptr<gateway::LocalDoor> m_door;
    bool m_isStarting = false; // the gateway's first start is under way
    bool m_stopping = false;
    bool m_isNew = false; // nothing was stored before
    bool m_firstStart = false;
    bool m_isEnding = false;
    bool m_needsSecretsChoice = false;
};

} // namespace gatehouse::app
