#include "domain/settingbuilders.h"
#include "domain/settingtables.h"

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using Kind = SettingDescriptor::Kind;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

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

// A number that was meant in other units must not empty the ledger.
SettingDescriptor ledgerBytes()
{
    SettingDescriptor descriptor =
        bytes({u"traffic.ledger_bytes"_s},
              0,
              1024 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings",
                                      "What the database may hold; beyond it the oldest requests "
                                      "are removed, but none of the last hour; 0: no limit")),
              FIELD(traffic.ledgerBytes));
    descriptor.leastAboveZero = 1024 * 1024;
    return descriptor;
}

SettingDescriptor logLevel()
{
    return {.key = u"log.level"_s,
            .kind = Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings",
                "What is written to the log; it never holds keys or bodies, but with debug what "
                "providers say, who may repeat a request")),
            .choices = {u"debug"_s, u"info"_s, u"warning"_s, u"critical"_s},
            .read = [](const Settings &s) { return base::logLevelName(s.logging.level); },
            .write =
                [](Settings &s, const QString &v) {
                    s.logging.level = base::logLevelFrom(v).value_or(base::LogLevel::Info);
                }};
}

SettingDescriptor maskRules()
{
    SettingDescriptor descriptor = longText(
        {u"log.mask"_s},
        words(QT_TRANSLATE_NOOP(
            "Settings",
            "Words, or regular expressions between slashes, one a line, that are masked by "
            "asterisks in the log, in bodies that are kept from then on, in exports and in "
            "diagnostics; keys are masked anyway")),
        FIELD(logging.mask));
    descriptor.most = 16 * 1024;
    return descriptor;
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

} // namespace

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
        text({u"accounting.exchange_rates"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "How much of other currencies is a dollar, such as CNY 7.1 "
                                     "EUR 0.92, for prices in them")),
             FIELD(accounting.exchangeRates)),
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
        boolean({u"accounting.recoverable_keys"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Keys of tokens can be shown again. Off: of a new one only "
                                        "its ends are kept, and it is seen when it is made alone")),
                FIELD(accounting.recoverableKeys)),
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
        ledgerBytes(),
        integer({u"traffic.history_days"_s},
                0,
                36'500,
                words(QT_TRANSLATE_NOOP(
                    "Settings", "Days for which the history of changes is kept; 0: for good")),
                FIELD(traffic.historyDays)),
        logLevel(),
        boolean({u"log.requests"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "A line of the log for each request, with its id, who "
                                        "asked, what served it, its tokens and its cost")),
                FIELD(logging.requests)),
        maskRules(),
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

std::vector<SettingDescriptor> integrationDescriptors()
{
    return {
        boolean({u"integrations.metrics"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Answer GET /metrics in the format of Prometheus, to "
                                        "whoever sends the token below")),
                FIELD(integrations.metrics)),
        text({u"integrations.webhook_url"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "Where events are sent to: channels that fail and come back, "
                                     "refused keys, budgets, backups that fail; empty: nowhere")),
             FIELD(integrations.webhookUrl)),
        text({u"integrations.otlp_endpoint"_s, {}, u"OTEL_EXPORTER_OTLP_ENDPOINT"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "Where traces of requests are sent to by OTLP over HTTP, such "
                                     "as http://localhost:4318; /v1/traces is added; empty: "
                                     "nowhere")),
             FIELD(integrations.otlpEndpoint)),
        text({u"integrations.otlp_service_name"_s, {}, u"OTEL_SERVICE_NAME"_s},
             words(QT_TRANSLATE_NOOP("Settings", "What traces and metrics call this program")),
             FIELD(integrations.otlpServiceName)),
        boolean({u"integrations.otlp_metrics"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Send metrics to the same receiver: times and tokens of "
                                        "requests; /v1/metrics is added to its address")),
                FIELD(integrations.otlpMetrics)),
        span<milliseconds>(
            {u"integrations.otlp_metrics_interval"_s, {}, u"OTEL_METRIC_EXPORT_INTERVAL"_s},
            1'000,
            3'600'000,
            words(QT_TRANSLATE_NOOP("Settings", "How often metrics are sent")),
            FIELD(integrations.otlpMetricsInterval)),
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

} // namespace gatehouse::domain
