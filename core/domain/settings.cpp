#include "domain/settings.h"

#include "domain/addressrange.h"

#include <QDir>

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using Category = SettingDescriptor::Category;
using Kind = SettingDescriptor::Kind;

namespace {

constexpr double gibibyte = 1024.0 * 1024 * 1024;
const QString ledgerBytesKey = u"traffic.ledger_bytes"_s;

struct Names
{
    QString key{};
    QString oneApiKey{};
    QString oneApiEnvironment{};
};

// Descriptions stand in the source as they are found by the tools of translators.
QString words(const char *text)
{
    return QString::fromUtf8(text);
}

bool isTrue(const QString &text)
{
    return text == "true"_L1 || text == "1"_L1;
}

template<typename Access>
SettingDescriptor boolean(Names names, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = Kind::Boolean,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    return access(const_cast<Settings &>(s)) ? u"true"_s : u"false"_s;
                },
            .write = [access](Settings &s, const QString &v) { access(s) = isTrue(v); }};
}

template<typename Access>
SettingDescriptor
integer(Names names, double least, double most, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = Kind::Integer,
            .least = least,
            .most = most,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    return QString::number(access(const_cast<Settings &>(s)));
                },
            .write = [access](Settings &s, const QString &v) { access(s) = v.toLongLong(); }};
}

template<typename Access>
SettingDescriptor bytes(Names names, double least, double most, QString description, Access access)
{
    SettingDescriptor descriptor =
        integer(std::move(names), least, most, std::move(description), access);
    descriptor.kind = Kind::Bytes;
    return descriptor;
}

template<typename Access>
SettingDescriptor number(Names names, double least, double most, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = Kind::Number,
            .least = least,
            .most = most,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    return QString::number(access(const_cast<Settings &>(s)), 'g', 12);
                },
            .write = [access](Settings &s, const QString &v) { access(s) = v.toDouble(); }};
}

template<typename Unit>
constexpr Kind kindOf()
{
    if constexpr (std::is_same_v<Unit, std::chrono::seconds>)
        return Kind::Seconds;
    else if constexpr (std::is_same_v<Unit, std::chrono::minutes>)
        return Kind::Minutes;
    else if constexpr (std::is_same_v<Unit, std::chrono::hours>)
        return Kind::Hours;
    else
        return Kind::Milliseconds;
}

// A span of time that is written in whole `Unit`s.
template<typename Unit, typename Access>
SettingDescriptor span(Names names, double least, double most, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = kindOf<Unit>(),
            .least = least,
            .most = most,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    const auto value = access(const_cast<Settings &>(s));
                    return QString::number(std::chrono::duration_cast<Unit>(value).count());
                },
            .write = [access](Settings &s, const QString &v) { access(s) = Unit(v.toLongLong()); }};
}

template<typename Access>
SettingDescriptor text(Names names, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = Kind::Text,
            .most = 64 * 1024,
            .description = std::move(description),
            .read = [access](const Settings &s) { return access(const_cast<Settings &>(s)); },
            .write = [access](Settings &s, const QString &v) { access(s) = v; }};
}

template<typename Access>
SettingDescriptor longText(Names names, QString description, Access access)
{
    SettingDescriptor descriptor = text(std::move(names), std::move(description), access);
    descriptor.kind = Kind::LongText;
    return descriptor;
}

template<typename Access>
SettingDescriptor path(Names names, QString description, Access access)
{
    SettingDescriptor descriptor = text(std::move(names), std::move(description), access);
    descriptor.kind = Kind::Path;
    return descriptor;
}

template<typename Access>
SettingDescriptor folder(Names names, QString description, Access access)
{
    SettingDescriptor descriptor = text(std::move(names), std::move(description), access);
    descriptor.kind = Kind::Folder;
    return descriptor;
}

SettingDescriptor logLevel()
{
    return {.key = u"log.level"_s,
            .kind = Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings", "What is written to the log; it never holds keys or bodies")),
            .choices = {u"debug"_s, u"info"_s, u"warning"_s, u"critical"_s},
            .read = [](const Settings &s) { return base::logLevelName(s.logging.level); },
            .write =
                [](Settings &s, const QString &v) {
                    s.logging.level = base::logLevelFrom(v).value_or(base::LogLevel::Info);
                }};
}

SettingDescriptor tlsMode()
{
    return {.key = u"server.tls"_s,
            .kind = Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings", "How HTTPS is offered; without a certificate it is off")),
            .choices = {u"off"_s, u"own"_s, u"local"_s},
            .read =
                [](const Settings &s) {
                    switch (s.server.tlsMode) {
                    case TlsMode::Off:
                        return u"off"_s;
                    case TlsMode::LocalAuthority:
                        return u"local"_s;
                    case TlsMode::OwnCertificate:
                        break;
                    }
                    return u"own"_s;
                },
            .write =
                [](Settings &s, const QString &v) {
                    s.server.tlsMode = v == "off"_L1     ? TlsMode::Off
                                       : v == "local"_L1 ? TlsMode::LocalAuthority
                                                         : TlsMode::OwnCertificate;
                }};
}

SettingDescriptor unpricedPolicy()
{
    return {.key = u"accounting.unpriced"_s,
            .kind = Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings", "What happens to a request whose model has no price")),
            .choices = {u"free"_s, u"refuse"_s, u"default"_s},
            .read =
                [](const Settings &s) {
                    switch (s.accounting.unpriced) {
                    case UnpricedPolicy::Refuse:
                        return u"refuse"_s;
                    case UnpricedPolicy::ChargeDefault:
                        return u"default"_s;
                    case UnpricedPolicy::ServeFree:
                        break;
                    }
                    return u"free"_s;
                },
            .write =
                [](Settings &s, const QString &v) {
                    s.accounting.unpriced = v == "refuse"_L1    ? UnpricedPolicy::Refuse
                                            : v == "default"_L1 ? UnpricedPolicy::ChargeDefault
                                                                : UnpricedPolicy::ServeFree;
                }};
}

SettingDescriptor captureLevel()
{
    return {.key = u"traffic.capture"_s,
            .kind = Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings", "Requests of which heads and bodies are kept for the inspector")),
            .choices = {u"off"_s, u"errors"_s, u"all"_s},
            .read =
                [](const Settings &s) {
                    switch (s.traffic.capture) {
                    case CaptureLevel::Errors:
                        return u"errors"_s;
                    case CaptureLevel::All:
                        return u"all"_s;
                    case CaptureLevel::Off:
                        break;
                    }
                    return u"off"_s;
                },
            .write =
                [](Settings &s, const QString &v) {
                    s.traffic.capture = v == "errors"_L1 ? CaptureLevel::Errors
                                        : v == "all"_L1  ? CaptureLevel::All
                                                         : CaptureLevel::Off;
                }};
}

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

#define FIELD(member)                                                                              \
    [](Settings & s) -> auto &                                                                     \
    {                                                                                              \
        return s.member;                                                                           \
    }

std::vector<SettingDescriptor> serverDescriptors()
{
    return {
        integer({u"server.threads"_s},
                0,
                256,
                words(QT_TRANSLATE_NOOP("Settings", "Gateway threads; 0: half the cores")),
                FIELD(server.threads)),
        span<seconds>(
            {u"server.grace_period"_s},
            0,
            3600,
            words(QT_TRANSLATE_NOOP("Settings", "How long open requests may go on after a stop")),
            FIELD(server.gracePeriod)),
        integer({u"server.max_connections"_s},
                0,
                1'000'000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Connections at one time; 0: 16,384, or fewer where the "
                                        "limit of open files is low")),
                FIELD(server.maxConnections)),
        text({u"server.listen"_s},
             words(QT_TRANSLATE_NOOP("Settings", "Addresses to listen on, such as 127.0.0.1:3000")),
             FIELD(server.listen)),
        text({u"server.allowed_hosts"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "Further host names under which the management API answers")),
             FIELD(server.allowedHosts)),
        text({u"server.trusted_proxies"_s},
             words(
                 QT_TRANSLATE_NOOP("Settings", "Address ranges whose X-Forwarded-For is believed")),
             FIELD(server.trustedProxies)),
        tlsMode(),
        path({u"server.tls_certificate"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "PEM file with the certificate chain; empty: no TLS")),
             FIELD(server.tlsCertificate)),
        path({u"server.tls_key"_s},
             words(QT_TRANSLATE_NOOP("Settings", "PEM file with the private key")),
             FIELD(server.tlsKey)),
        bytes({u"http.max_head_bytes"_s},
              1024,
              1024 * 1024,
              words(QT_TRANSLATE_NOOP("Settings", "Longest head of a request")),
              FIELD(http.maxHeadBytes)),
        integer({u"http.max_fields"_s},
                10,
                1000,
                words(QT_TRANSLATE_NOOP("Settings", "Most header fields of a request")),
                FIELD(http.maxFields)),
        bytes({u"http.max_target_bytes"_s},
              256,
              64 * 1024,
              words(QT_TRANSLATE_NOOP("Settings", "Longest request target")),
              FIELD(http.maxTargetBytes)),
        bytes({u"http.max_body_bytes"_s},
              1024,
              4 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Longest body of a request")),
              FIELD(http.maxBodyBytes)),
        bytes({u"http.body_budget_bytes"_s},
              1024 * 1024,
              1024 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "All long bodies together, on disk")),
              FIELD(http.bodyMemoryBudget)),
        span<seconds>({u"http.tls_timeout"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP("Settings",
                                              "Until the TLS handshake of a client must be done")),
                      FIELD(http.tlsTimeout)),
        span<seconds>(
            {u"http.head_timeout"_s},
            1,
            3600,
            words(QT_TRANSLATE_NOOP("Settings", "Until the head of a request must be there")),
            FIELD(http.headTimeout)),
        span<seconds>(
            {u"http.body_timeout"_s},
            1,
            3600,
            words(QT_TRANSLATE_NOOP(
                "Settings",
                "Until the body must be there, and longer by its size at the least rate")),
            FIELD(http.bodyTimeout)),
        bytes({u"http.min_bytes_per_second"_s},
              1,
              gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Least rate of an upload")),
              FIELD(http.minBytesPerSecond)),
        span<seconds>({u"http.idle_timeout"_s},
                      1,
                      3600,
                      words(QT_TRANSLATE_NOOP("Settings", "How long an idle connection is kept")),
                      FIELD(http.idleTimeout)),
        span<seconds>(
            {u"http.write_timeout"_s},
            1,
            3600,
            words(QT_TRANSLATE_NOOP("Settings", "How long a client may take nothing of an answer")),
            FIELD(http.writeTimeout)),
        integer(
            {u"http.api_rate_limit"_s, {}, u"GLOBAL_API_RATE_LIMIT"_s},
            0,
            1'000'000,
            words(QT_TRANSLATE_NOOP(
                "Settings", "Management requests of one address in three minutes; 0: no limit")),
            FIELD(http.apiRequestsPerThreeMinutes)),
        integer({u"http.web_rate_limit"_s, {}, u"GLOBAL_WEB_RATE_LIMIT"_s},
                0,
                1'000'000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Requests of one address in three minutes for what neither "
                                        "the relay nor the management serves; 0: no limit")),
                FIELD(http.webRequestsPerThreeMinutes)),
        integer({u"http.connections_per_address"_s},
                0,
                1'000'000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Connections of one address at one time, but of trusted "
                                        "proxies; 0: no limit")),
                FIELD(http.connectionsPerAddress)),
    };
}

std::vector<SettingDescriptor> relayDescriptors()
{
    return {
        integer({u"relay.retries"_s, u"RetryTimes"_s},
                0,
                20,
                words(QT_TRANSLATE_NOOP("Settings", "Further attempts after a failed one")),
                FIELD(relay.retries)),
        span<seconds>(
            {u"relay.connect_timeout"_s},
            1,
            600,
            words(QT_TRANSLATE_NOOP("Settings", "Until a provider must accept a connection")),
            FIELD(relay.connectTimeout)),
        span<seconds>({u"relay.first_byte_timeout"_s},
                      1,
                      7200,
                      words(QT_TRANSLATE_NOOP("Settings", "Until a provider must begin to answer")),
                      FIELD(relay.firstByteTimeout)),
        span<seconds>({u"relay.stall_timeout"_s},
                      1,
                      7200,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "How long a provider may be silent within an answer")),
                      FIELD(relay.stallTimeout)),
        span<seconds>(
            {u"relay.total_timeout"_s, {}, u"RELAY_TIMEOUT"_s},
            0,
            86400,
            words(QT_TRANSLATE_NOOP("Settings", "How long a request may take at all; 0: no limit")),
            FIELD(relay.totalTimeout)),
        span<seconds>({u"relay.keep_alive_interval"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "After how long a silence a stream gets a sign of life")),
                      FIELD(relay.keepAliveInterval)),
        span<seconds>({u"relay.receipt_timeout"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "How long the end of an answer waits for its ledger row")),
                      FIELD(relay.receiptTimeout)),
        bytes({u"relay.max_response_bytes"_s},
              1024,
              64 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Longest answer of a provider")),
              FIELD(relay.maxResponseBytes)),
        bytes({u"relay.max_event_bytes"_s},
              1024,
              gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Longest line of a stream")),
              FIELD(relay.maxEventBytes)),
        integer(
            {u"relay.breaker_failures"_s},
            1,
            1000,
            words(QT_TRANSLATE_NOOP("Settings", "Failures in a row after which a channel rests")),
            FIELD(relay.breakerFailures)),
        span<seconds>({u"relay.breaker_rest"_s},
                      1,
                      86400,
                      words(QT_TRANSLATE_NOOP("Settings",
                                              "How long a channel rests after repeated failures")),
                      FIELD(relay.breakerRest)),
        span<seconds>({u"relay.max_rest"_s},
                      1,
                      86400,
                      words(QT_TRANSLATE_NOOP("Settings",
                                              "The most that a provider's Retry-After is heeded")),
                      FIELD(relay.maxRest)),
        boolean({u"relay.disable_automatically"_s, u"AutomaticDisableChannelEnabled"_s},
                words(QT_TRANSLATE_NOOP(
                    "Settings", "Disable a channel whose provider refuses its key or its credit")),
                FIELD(relay.disableAutomatically)),
        boolean({u"relay.enable_automatically"_s, u"AutomaticEnableChannelEnabled"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Enable such a channel again when a test succeeds")),
                FIELD(relay.enableAutomatically)),
        integer({u"tests.parallel"_s},
                1,
                64,
                words(QT_TRANSLATE_NOOP("Settings", "Channel tests at one time")),
                FIELD(tests.parallel)),
        span<seconds>({u"tests.timeout"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP("Settings", "How long a channel test may take")),
                      FIELD(tests.timeout)),
        span<minutes>({u"tests.interval"_s, {}, u"CHANNEL_TEST_FREQUENCY"_s},
                      0,
                      100'000,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "Time between scheduled tests of all channels; 0: none")),
                      FIELD(tests.interval)),
        number({u"tests.slow_seconds"_s, u"ChannelDisableThreshold"_s},
               0,
               600,
               words(QT_TRANSLATE_NOOP("Settings", "A slower test is reported as slow; 0: never")),
               FIELD(tests.slowSeconds)),
    };
}

std::vector<SettingDescriptor> accountingDescriptors()
{
    constexpr double most = 9e15;
    return {
        unpricedPolicy(),
        number({u"accounting.default_input_price"_s},
               0,
               100'000,
               words(QT_TRANSLATE_NOOP(
                   "Settings", "Dollars a million input tokens, for models without a price")),
               FIELD(accounting.defaultInputPrice)),
        number({u"accounting.default_output_price"_s},
               0,
               100'000,
               words(QT_TRANSLATE_NOOP(
                   "Settings", "Dollars a million output tokens, for models without a price")),
               FIELD(accounting.defaultOutputPrice)),
        integer({u"accounting.reserved_output_tokens"_s, u"PreConsumedQuota"_s},
                0,
                1'000'000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Output tokens held back where a request names no limit")),
                FIELD(accounting.reservedOutputTokens)),
        integer({u"accounting.new_user_quota"_s, u"QuotaForNewUser"_s},
                0,
                most,
                words(QT_TRANSLATE_NOOP("Settings", "What a new user may spend at first")),
                FIELD(accounting.newUserQuota)),
        integer({u"accounting.inviter_quota"_s, u"QuotaForInviter"_s},
                0,
                most,
                words(QT_TRANSLATE_NOOP(
                    "Settings",
                    "What is given to who invites; for consoles of One API, without effect here")),
                FIELD(accounting.inviterQuota)),
        integer(
            {u"accounting.invitee_quota"_s, u"QuotaForInvitee"_s},
            0,
            most,
            words(QT_TRANSLATE_NOOP(
                "Settings",
                "What is given to who was invited; for consoles of One API, without effect here")),
            FIELD(accounting.inviteeQuota)),
        integer({u"accounting.remind_threshold"_s, u"QuotaRemindThreshold"_s},
                0,
                most,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "What is left when a user is reminded; for consoles of One "
                                        "API, without effect here")),
                FIELD(accounting.remindThreshold)),
        boolean({u"accounting.log_consumption"_s, u"LogConsumeEnabled"_s},
                words(QT_TRANSLATE_NOOP(
                    "Settings",
                    "Show requests in the log; for consoles of One API, without effect here")),
                FIELD(accounting.logConsumption)),
        boolean({u"accounting.approximate_tokens"_s, u"ApproximateTokenEnabled"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Estimate tokens by length where a provider reports none")),
                FIELD(accounting.approximateTokens)),
        boolean({u"accounting.display_in_currency"_s, u"DisplayInCurrencyEnabled"_s},
                words(QT_TRANSLATE_NOOP("Settings", "Show amounts in dollars")),
                FIELD(accounting.displayInCurrency)),
        boolean({u"accounting.display_token_statistics"_s, u"DisplayTokenStatEnabled"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Billing routes speak of the token, not of the user")),
                FIELD(accounting.displayTokenStatistics)),
        boolean({u"accounting.mask_keys"_s},
                words(QT_TRANSLATE_NOOP("Settings", "Show tokens in lists only in part")),
                FIELD(accounting.maskKeys)),
        span<hours>({u"sessions.lifetime"_s},
                    1,
                    24 * 366,
                    words(QT_TRANSLATE_NOOP("Settings", "How long a session lasts")),
                    FIELD(sessions.lifetime)),
        boolean({u"sessions.password_login"_s, u"PasswordLoginEnabled"_s},
                words(QT_TRANSLATE_NOOP("Settings", "Users may sign in with a password")),
                FIELD(sessions.passwordLogin)),
        integer({u"sessions.attempts_before_delay"_s},
                1,
                1000,
                words(QT_TRANSLATE_NOOP("Settings", "Wrong passwords before sign-in is slowed")),
                FIELD(sessions.attemptsBeforeDelay)),
        span<seconds>({u"sessions.longest_delay"_s},
                      1,
                      86400,
                      words(QT_TRANSLATE_NOOP("Settings", "The most that sign-in is slowed")),
                      FIELD(sessions.longestDelay)),
        boolean({u"storage.synchronous_full"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Commits survive a power loss too, and take longer")),
                FIELD(storage.synchronousFull)),
        span<milliseconds>(
            {u"storage.busy_timeout"_s, {}, u"SQLITE_BUSY_TIMEOUT"_s},
            0,
            60'000,
            words(QT_TRANSLATE_NOOP("Settings",
                                    "How long to wait for a database that another program uses")),
            FIELD(storage.busyTimeout)),
        integer({u"storage.kept_backups"_s},
                1,
                1000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Backups that are kept; a new one removes the oldest")),
                FIELD(storage.keptBackups)),
        span<hours>({u"storage.backup_interval"_s},
                    0,
                    24 * 366,
                    words(QT_TRANSLATE_NOOP(
                        "Settings", "Time after which a backup is made by itself; 0: never")),
                    FIELD(storage.backupInterval)),
        folder({u"storage.backup_directory"_s},
               words(QT_TRANSLATE_NOOP("Settings",
                                       "The folder of backups, one for each Gatehouse; empty: "
                                       "beside the database")),
               FIELD(storage.backupDirectory)),
    };
}

std::vector<SettingDescriptor> trafficDescriptors()
{
    return {
        integer({u"traffic.ledger_days"_s},
                0,
                36'500,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Days for which requests stay in the list; 0: for good")),
                FIELD(traffic.ledgerDays)),
        bytes({ledgerBytesKey},
              0,
              1024 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings",
                                      "What the database may hold; beyond it the oldest requests "
                                      "are removed, but none of the last hour; 0: no limit")),
              FIELD(traffic.ledgerBytes)),
        logLevel(),
        captureLevel(),
        integer({u"traffic.capture_days"_s},
                1,
                3'650,
                words(QT_TRANSLATE_NOOP("Settings", "Days for which heads and bodies are kept")),
                FIELD(traffic.captureDays)),
        bytes({u"traffic.capture_bytes"_s},
              1024 * 1024,
              1024 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings",
                                      "The disk space that heads and bodies may take; beyond it "
                                      "the oldest are removed")),
              FIELD(traffic.captureBytes)),
        bytes({u"traffic.capture_body_bytes"_s},
              1024,
              64 * 1024 * 1024,
              words(QT_TRANSLATE_NOOP("Settings", "The most that is kept of one body")),
              FIELD(traffic.captureBodyBytes)),
    };
}

std::vector<SettingDescriptor> textDescriptors()
{
    return {
        text({u"texts.system_name"_s, u"SystemName"_s},
             words(QT_TRANSLATE_NOOP("Settings", "The name shown to users")),
             FIELD(texts.systemName)),
        text({u"texts.server_address"_s, u"ServerAddress"_s},
             words(QT_TRANSLATE_NOOP("Settings", "The address shown to users")),
             FIELD(texts.serverAddress)),
        longText({u"texts.notice"_s, u"Notice"_s},
                 words(QT_TRANSLATE_NOOP("Settings", "A notice for users")),
                 FIELD(texts.notice)),
        longText({u"texts.about"_s, u"About"_s},
                 words(QT_TRANSLATE_NOOP("Settings", "A text about this gateway")),
                 FIELD(texts.about)),
        longText({u"texts.home_page"_s, u"HomePageContent"_s},
                 words(QT_TRANSLATE_NOOP("Settings", "The content of the home page")),
                 FIELD(texts.homePage)),
        longText({u"texts.footer"_s, u"Footer"_s},
                 words(QT_TRANSLATE_NOOP("Settings", "The footer of pages")),
                 FIELD(texts.footer)),
        text({u"texts.logo"_s, u"Logo"_s},
             words(QT_TRANSLATE_NOOP("Settings", "The address of a logo")),
             FIELD(texts.logo)),
        text({u"texts.top_up_link"_s, u"TopUpLink"_s},
             words(QT_TRANSLATE_NOOP("Settings", "Where users can pay")),
             FIELD(texts.topUpLink)),
        text({u"texts.chat_link"_s, u"ChatLink"_s},
             words(QT_TRANSLATE_NOOP("Settings", "Where users can chat")),
             FIELD(texts.chatLink)),
        text({u"texts.theme"_s, u"Theme"_s, u"THEME"_s},
             words(QT_TRANSLATE_NOOP("Settings", "The theme of a web console")),
             FIELD(texts.theme)),
    };
}

#undef FIELD

Category categoryOf(const QString &key)
{
    static const QMap<QString, Category> byPrefix{{u"server"_s, Category::Server},
                                                  {u"http"_s, Category::Http},
                                                  {u"relay"_s, Category::Routing},
                                                  {u"tests"_s, Category::Tests},
                                                  {u"accounting"_s, Category::Accounting},
                                                  {u"sessions"_s, Category::Security},
                                                  {u"storage"_s, Category::Storage},
                                                  {u"traffic"_s, Category::Traffic},
                                                  {u"log"_s, Category::Traffic},
                                                  {u"texts"_s, Category::Texts}};
    if (key == "server.allowed_hosts"_L1 || key == "server.trusted_proxies"_L1)
        return Category::Security;
    return byPrefix.value(key.section(u'.', 0, 0), Category::Advanced);
}

std::vector<SettingDescriptor> allDescriptors()
{
    static const QStringList ofListeners{u"server.threads"_s,
                                         u"server.max_connections"_s,
                                         u"server.listen"_s,
                                         u"server.tls"_s,
                                         u"server.tls_certificate"_s,
                                         u"server.tls_key"_s};
    static const QStringList ofStart{u"storage.synchronous_full"_s, u"storage.busy_timeout"_s};
    std::vector<SettingDescriptor> all;
    for (auto part : {serverDescriptors(),
                      relayDescriptors(),
                      accountingDescriptors(),
                      trafficDescriptors(),
                      textDescriptors()})
        all.insert(all.end(), part.begin(), part.end());
    for (SettingDescriptor &setting : all) {
        setting.category = categoryOf(setting.key);
        setting.restartsListener = ofListeners.contains(setting.key);
        setting.restartsProgram = ofStart.contains(setting.key);
    }
    return all;
}

Message unitOf(Kind kind)
{
    switch (kind) {
    case Kind::Milliseconds:
        return Message::tr(" milliseconds");
    case Kind::Seconds:
        return Message::tr(" seconds");
    case Kind::Minutes:
        return Message::tr(" minutes");
    case Kind::Hours:
        return Message::tr(" hours");
    case Kind::Bytes:
        return Message::tr(" bytes");
    default:
        return {};
    }
}

Result<> checkNumber(const SettingDescriptor &setting, const QString &value)
{
    bool ok = false;
    const double parsed =
        setting.kind == Kind::Number ? value.toDouble(&ok) : double(value.toLongLong(&ok));
    // A number that was meant in other units must not empty the ledger.
    constexpr double leastLedger = 1024 * 1024;
    if (ok && setting.key == ledgerBytesKey && parsed > 0 && parsed < leastLedger) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("%1 must be 0 or at least %2 bytes, not \"%3\".")
                        .arg(setting.key, leastLedger, value));
    }
    if (ok && std::isfinite(parsed) && parsed >= setting.least && parsed <= setting.most)
        return {};
    return fail(
        ErrorCode::InvalidInput,
        Message::tr("%1 must be a number from %2 to %3%4, not \"%5\".")
            .arg(setting.key, setting.least, setting.most, unitOf(setting.kind), value.left(100)));
}

Result<> check(const SettingDescriptor &setting, const QString &value)
{
    static const QStringList booleans{u"true"_s, u"false"_s, u"1"_s, u"0"_s};
    switch (setting.kind) {
    case Kind::Boolean:
        if (booleans.contains(value))
            return {};
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 must be true or false, not \"%2\".").arg(setting.key, value.left(100)));
    case Kind::Choice:
        if (setting.choices.contains(value))
            return {};
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 must be one of: %2.").arg(setting.key, setting.choices.join(u", "_s)));
    case Kind::Text:
    case Kind::LongText:
    case Kind::Path:
    case Kind::Folder:
        if (value.size() > qsizetype(setting.most)) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr("%1 is longer than %2 characters.").arg(setting.key, setting.most));
        }
        if (setting.key == "server.trusted_proxies"_L1)
            return addressRangesFrom(value).map([](const auto &) {});
        if (setting.kind == Kind::Folder && !value.isEmpty() && QDir::isRelativePath(value)) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("%1 must be a folder with its whole path, not \"%2\".")
                            .arg(setting.key, value.left(100)));
        }
        return {};
    default:
        return checkNumber(setting, value);
    }
}

} // namespace

std::span<const SettingDescriptor> settingDescriptors()
{
    static const std::vector<SettingDescriptor> all = allDescriptors();
    return all;
}

const SettingDescriptor *settingDescriptor(QStringView key)
{
    for (const SettingDescriptor &setting : settingDescriptors()) {
        if (setting.key == key || (!setting.oneApiKey.isEmpty() && setting.oneApiKey == key))
            return &setting;
    }
    return nullptr;
}

Result<> assign(Settings &settings, const QString &key, const QString &value)
{
    const SettingDescriptor *setting = settingDescriptor(key);
    if (!setting)
        return fail(ErrorCode::NotFound,
                    Message::tr("There is no setting \"%1\".").arg(key.left(100)));
    const bool isText = setting->kind == Kind::Text || setting->kind == Kind::LongText;
    const QString trimmed = isText ? value : value.trimmed();
    return check(*setting, trimmed).map([&] { setting->write(settings, trimmed); });
}

Settings settingsFrom(const QMap<QString, QString> &stored,
                      const QMap<QString, QString> &environment,
                      QStringList *ignored)
{
    Settings settings;
    const auto apply = [&](const QString &key, const QString &value, const QString &origin) {
        const Result<> done = assign(settings, key, value);
        if (!done && ignored)
            ignored->append(origin + u": "_s + done.error().message.english());
    };
    for (auto it = stored.cbegin(); it != stored.cend(); ++it) {
        if (settingDescriptor(it.key()))
            apply(it.key(), it.value(), it.key());
    }
    for (const SettingDescriptor &setting : settingDescriptors()) {
        const QString own = u"GATEHOUSE_"_s + QString(setting.key).replace(u'.', u'_').toUpper();
        for (const QString &name : {setting.oneApiEnvironment, own}) {
            if (!name.isEmpty() && environment.contains(name))
                apply(setting.key, environment.value(name), name);
        }
    }
    return settings;
}

} // namespace gatehouse::domain
