#pragma once

#include "admin/channels/channelservice.h"
#include "admin/channels/modelroutingservice.h"
#include "admin/channels/routeexplanation.h"
#include "admin/gateway/answerservice.h"
#include "admin/history/historyservice.h"
#include "admin/import/importservice.h"
#include "admin/integrations/exportwatch.h"
#include "admin/integrations/happeningwatch.h"
#include "admin/integrations/integrationsecrets.h"
#include "admin/integrations/metricsservice.h"
#include "admin/integrations/otlpservice.h"
#include "admin/integrations/webhookservice.h"
#include "admin/people/budgetkeeper.h"
#include "admin/people/firststart.h"
#include "admin/people/groupservice.h"
#include "admin/people/passwordpool.h"
#include "admin/people/sessionservice.h"
#include "admin/people/tokenmanager.h"
#include "admin/people/tokenservice.h"
#include "admin/people/userservice.h"
#include "admin/prices/priceservice.h"
#include "admin/statistics/statisticsservice.h"
#include "admin/traffic/bookmarkservice.h"
#include "admin/traffic/captureservice.h"
#include "admin/traffic/trafficservice.h"
#include "admin/traffic/usageservice.h"
#include "admin/upkeep/backupservice.h"
#include "admin/upkeep/certificateservice.h"
#include "admin/upkeep/maintenanceservice.h"
#include "admin/upkeep/restorelosses.h"
#include "admin/upkeep/settingsservice.h"
#include "admin/upkeep/trash.h"
#include "storage/captures/capturestore.h"

namespace gatehouse::admin {

// What the administration needs from below and from the application. The references outlive it.
struct AdministrationParts
{
    storage::StorageThreads &storage;
    const storage::KeySealer &sealer;
    const base::Clock &clock;
    relay::Admission &admission;
    relay::ChannelHealth &health;
    relay::ChannelLoad &load;
    base::Secret sessionSecret{};
    base::Secret masterKey{}; // for backups that are to include it
    QMap<QString, QString> environment{};
    BuiltInPrice builtInPrice{};
    RouteService::ContextWindow contextWindow{};
    RouteService::PromptTokens promptTokens{};
    RouteService::Capabilities capabilities{};
    OwnAddress isOwnAddress{};
    QString directory{}; // for files of the program, such as the certificate of the local authority
    storage::LedgerWriter *ledger = nullptr; // null: nothing is relayed
    secrets::PasswordCost passwordCost{};
};

// All services of the administration, which the window, the command line and the management API
// share. Lives in the main thread.
class Administration
{
public:
    explicit Administration(AdministrationParts parts);
    // Answers what is still asked, while those who asked are there. The storage was stopped before.
    ~Administration();
    Administration(const Administration &) = delete;
    Administration &operator=(const Administration &) = delete;

    // Makes the first user if there is none, seals what is not, then publishes the first catalog.
    Answer<FirstStartReport> start(FirstStartOptions options);

    // Where the gateway threads put what they captured.
    domain::CaptureSink &captureSink() { return m_captures; }

private:
    Answer<> prepareChannels();

    PasswordPool m_passwords;
    storage::CaptureStore m_captures;

public:
    CatalogPublisher publisher;
    const Foundation foundation;
    HistoryService history;
    UserService users;
    TokenService tokens;
    TokenManager tokenManager;
    ChannelService channels;
    GroupService groups;
    PriceService prices;
    RouteService routes;
    ModelRoutingService modelRoutings;
    SettingsService settings;
    UsageService usage;
    TrafficService traffic; // to be started by whoever lives long
    CaptureService captures;
    BookmarkService bookmarks; // to be started by whoever lives long
    AnswerService answers;
    StatisticsService statistics; // to be started by whoever lives long
    IntegrationSecrets integrationSecrets;
    MetricsService metrics;
    SessionService sessions;
    BudgetKeeper budgets;
    Trash trash;
    BackupService backups;
    RestoreLosses losses;
    MaintenanceService maintenance;
    CertificateService certificates;
    ImportService imports;
    HappeningWatch happenings; // to be started by whoever lives long
    WebhookService webhook;
    OtlpService otlp;
    ExportWatch exportWatch;
};

} // namespace gatehouse::admin
