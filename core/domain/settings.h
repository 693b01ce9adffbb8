#pragma once

#include "base/logging.h"
#include "domain/modelrouting.h"
#include "domain/outgoingproxies.h"

#include <QByteArrayView>
#include <QMap>
#include <QString>
#include <QStringList>

#include <chrono>
#include <functional>
#include <span>

namespace gatehouse::domain {

enum class TlsMode {
    Off,
    OwnCertificate, // the PEM files that are named
    LocalAuthority, // see admin::CertificateService
};

// Of which requests heads and bodies are kept.
enum class CaptureLevel { Off, Errors, All };

// Whose answers the cache keeps.
enum class CachedRequests {
    Embeddings, // and moderations
    Repeatable, // and what language models answer at temperature 0
    All,        // whatever the temperature
};
// Whom a kept answer may be given to.
enum class CacheScope { User, Token };

enum class UnpricedPolicy { ServeFree, Refuse, ChargeDefault };

// The name under which clients ask for Settings::Relay::defaultModel.
inline constexpr QByteArrayView defaultModelAlias = "default";

// Every setting of the gateway with its default. The names of the members, their limits, One API's
// names and the environment variables stand in settingDescriptors().
struct Settings
{
    struct Server
    {
        qint64 threads = 0; // 0: half the cores
        std::chrono::milliseconds gracePeriod{10'000};
        qint64 maxConnections = 0; // 0: 16,384, or what the system's limit of open files allows
        QString listen = QStringLiteral("127.0.0.1:3000"); // addresses, separated by white space
        QString allowedHosts{};    // further names under which the management API may be asked
        QString trustedProxies{};  // ranges whose X-Forwarded-For is believed
        QString allowedNetworks{}; // of clients, as networksFrom() reads them; empty: all
        QString corsOrigins{};     // of web pages that may ask the relay; see allowedOriginsFrom()
        QString tlsCertificate{};  // path of a PEM file; empty: no TLS
        QString tlsKey{};
        TlsMode tlsMode = TlsMode::OwnCertificate; // without a certificate: off
    } server{};

    struct Http
    {
        qint64 maxHeadBytes = 64 * 1024;
        qint64 maxFields = 100;
        qint64 maxTargetBytes = 8 * 1024;
        qint64 maxBodyBytes = 32 * 1024 * 1024;
        qint64 bodyMemoryBudget = 1024LL * 1024 * 1024; // of all spooled bodies together
        std::chrono::milliseconds tlsTimeout{10'000};
        std::chrono::milliseconds headTimeout{10'000};
        std::chrono::milliseconds bodyTimeout{30'000};
        qint64 minBytesPerSecond = 16 * 1024; // prolongs bodyTimeout by size / rate
        std::chrono::milliseconds idleTimeout{75'000};
        std::chrono::milliseconds writeTimeout{60'000}; // a client that reads nothing
        qint64 apiRequestsPerThreeMinutes = 480;        // of one address; 0: no limit
        qint64 webRequestsPerThreeMinutes = 240;        // likewise, of all other paths
        qint64 connectionsPerAddress = 8'192;           // at one time; 0: no limit
    } http{};

    struct Relay
    {
        qint64 retries = 3;      // further attempts
        QString retryStatuses{}; // as StatusCodes reads them; empty: what the provider says decides
        std::chrono::milliseconds connectTimeout{10'000};
        std::chrono::milliseconds firstByteTimeout{300'000};
        std::chrono::milliseconds stallTimeout{180'000}; // silence within an answer
        std::chrono::milliseconds totalTimeout{0};       // 0: none
        std::chrono::milliseconds keepAliveInterval{15'000};
        std::chrono::milliseconds receiptTimeout{5'000};
        qint64 maxResponseBytes = 256LL * 1024 * 1024;
        qint64 maxEventBytes =
            12 * 1024 * 1024;       // one line of a stream, which may be a whole picture
        qint64 breakerFailures = 5; // in a row, before a channel is left alone
        std::chrono::milliseconds breakerRest{30'000};
        std::chrono::milliseconds maxRest{60'000}; // at most for Retry-After
        bool disableAutomatically = false;
        bool enableAutomatically = false;
        QString defaultModel{}; // what requests for the alias get; empty: there is none
        RoutingStrategy strategy = RoutingStrategy::PriorityWeight;
        bool affinity = true;
        std::chrono::milliseconds affinityTtl{300'000}; // since a session's last request
        qint64 affinityEntries = 100'000;               // sessions; beyond, the oldest is forgotten
        bool answerDetails = true;                      // answers tell how they came about
    } relay{};

    struct Cache
    {
        bool answers = false;
        CachedRequests requests = CachedRequests::Embeddings;
        CacheScope scope = CacheScope::User;
        std::chrono::milliseconds ttl{3'600'000};
        qint64 bytes = 64LL * 1024 * 1024; // of all
        qint64 answerBytes = 1024 * 1024;  // of one
    } cache{};

    struct Accounting
    {
        UnpricedPolicy unpriced = UnpricedPolicy::ServeFree;
        double defaultInputPrice = 2.0; // dollars a million tokens
        double defaultOutputPrice = 8.0;
        QString exchangeRates{};             // as ExchangeRates reads them
        qint64 reservedOutputTokens = 16384; // where a request names no limit of its own
        qint64 newUserQuota = 0;
        qint64 inviterQuota = 0;
        qint64 inviteeQuota = 0;
        qint64 remindThreshold = 1000;
        bool logConsumption = true;
        bool approximateTokens = false;
        bool displayInCurrency = true;
        bool displayTokenStatistics = true;
        bool maskKeys = false;       // show tokens in lists only in part
        bool recoverableKeys = true; // those of tokens are kept, not their ends alone
    } accounting{};

    struct ChannelTests
    {
        qint64 parallel = 4;
        std::chrono::milliseconds timeout{30'000};
        std::chrono::minutes interval{0}; // 0: no scheduled runs
        double slowSeconds = 5;           // slower is reported as slow; 0: never
    } tests{};

    struct Sessions
    {
        std::chrono::hours lifetime{30 * 24};
        bool passwordLogin = true;
        qint64 attemptsBeforeDelay = 5;
        std::chrono::milliseconds longestDelay{900'000};
    } sessions{};

    struct Storage
    {
        bool synchronousFull = false;
        std::chrono::milliseconds busyTimeout{3'000};
        qint64 keptBackups = 5;
        QString backupDirectory{};            // empty: beside the database
        std::chrono::hours backupInterval{0}; // 0: backups are made by hand alone
    } storage{};

    struct Traffic
    {
        qint64 ledgerDays = 0;    // 0: lines are kept for good
        qint64 ledgerBytes = 0;   // of the SQLite database; 0: no limit
        qint64 historyDays = 365; // 0: changes are kept for good
        CaptureLevel capture = CaptureLevel::Off;
        qint64 captureDays = 3;
        qint64 captureBytes = 512LL * 1024 * 1024; // on the disk
        qint64 captureBodyBytes = 1024 * 1024;     // of one body
    } traffic{};

    struct Logging
    {
        base::LogLevel level = base::LogLevel::Info;
        bool requests = false; // a line for each
        QString mask{};        // as base::MaskRules reads it
    } logging{};

    struct Integrations
    {
        bool metrics = false; // GET /metrics is answered
        QString webhookUrl{}; // where events are posted; empty: nowhere
        // Where traces and metrics are sent to, without the path of either; empty: nowhere.
        QString otlpEndpoint{};
        QString otlpServiceName = QStringLiteral("gatehouse"); // what they call this program
        bool otlpMetrics = false;                              // metrics are sent there, too
        std::chrono::milliseconds otlpMetricsInterval{60'000};

        // What a start was told by variables of OpenTelemetry for which there is no setting.
        struct OpenTelemetry
        {
            bool isDisabled = false;
            QString tracesEndpoint{}; // with their paths; empty: they go by otlpEndpoint
            QString metricsEndpoint{};
            QString resourceAttributes{}; // name=value,name=value
        } openTelemetry{};

        bool exportsTraces() const
        {
            return !openTelemetry.isDisabled
                   && !(otlpEndpoint.isEmpty() && openTelemetry.tracesEndpoint.isEmpty());
        }
        bool exportsMetrics() const
        {
            return !openTelemetry.isDisabled
                   && (!openTelemetry.metricsEndpoint.isEmpty()
                       || (otlpMetrics && !otlpEndpoint.isEmpty()));
        }
    } integrations{};

    // What this start was told by HTTPS_PROXY and the like.
    OutgoingProxies proxies{};

    struct Texts
    {
        QString systemName = QStringLiteral("Gatehouse");
        QString serverAddress{};
        QString notice{};
        QString about{};
        QString homePage{};
        QString footer{};
        QString logo{};
        QString topUpLink{};
        QString chatLink{};
        QString theme = QStringLiteral("default");
    } texts{};
};

// What is known of one setting: its stable key, One API's option key, the environment variable
// (beside GATEHOUSE_ and the key in capitals), the unit of what is written, and its limits.
struct SettingDescriptor
{
    enum class Kind {
        Boolean,
        Integer,
        Number,
        Milliseconds,
        Seconds,
        Minutes,
        Hours,
        Bytes,
        Text,
        LongText, // of several lines
        Path,
        Folder,
        Choice
    };
    enum class Category {
        Server,
        Http,
        Routing,
        Tests,
        Accounting,
        Security,
        Storage,
        Traffic,
        Texts,
        Integrations,
        Advanced
    };

    QString key{};
    QString oneApiKey{};         // empty: One API has none
    QString oneApiEnvironment{}; // One API's, or OpenTelemetry's; empty: they have none
    Kind kind = Kind::Text;
    double least = 0;
    double most = 0;
    double leastAboveZero = 0; // of what is not 0, where 0 is something else, such as no limit
    QString description{};     // English; translated in the context "Settings"
    Category category = Category::Advanced;
    bool restartsListener = false; // listeners and threads are made of it
    bool restartsProgram = false;
    QStringList choices{}; // of Kind::Choice
    std::function<QString(const Settings &)> read{};
    std::function<void(Settings &, const QString &)> write{}; // of a value that was checked
};

std::span<const SettingDescriptor> settingDescriptors();
// By its key or One API's; null: there is no such setting.
const SettingDescriptor *settingDescriptor(QStringView key);

// Sets one setting from its text. Refuses unknown keys and values out of their limits.
base::Result<> assign(Settings &settings, const QString &key, const QString &value);

// The settings as stored (key -> value), with the environment over them. What is stored but not
// understood is left at its default and named in `ignored`.
Settings settingsFrom(const QMap<QString, QString> &stored,
                      const QMap<QString, QString> &environment,
                      QStringList *ignored = nullptr);

} // namespace gatehouse::domain
