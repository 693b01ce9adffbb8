#include "domain/settings.h"

#include "domain/addressrange.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Result;
using Kind = SettingDescriptor::Kind;

namespace {

constexpr double gibibyte = 1024.0 * 1024 * 1024;

struct Names
{
    QString key{};
    QString oneApiKey{};
    QString oneApiEnvironment{};
};

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

SettingDescriptor unpricedPolicy()
{
    return {.key = u"accounting.unpriced"_s,
            .kind = Kind::Choice,
            .description =
                u"What happens to a request whose model has no price: free, refuse, default"_s,
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
                u"Gateway threads; 0: half the cores"_s,
                FIELD(server.threads)),
        span<seconds>({u"server.grace_period"_s},
                      0,
                      3600,
                      u"How long open requests may go on after a stop"_s,
                      FIELD(server.gracePeriod)),
        integer({u"server.max_connections"_s},
                0,
                1'000'000,
                u"Connections at one time; 0: by the limit of open files"_s,
                FIELD(server.maxConnections)),
        text({u"server.listen"_s},
             u"Addresses to listen on, such as 127.0.0.1:3000; after a restart"_s,
             FIELD(server.listen)),
        text({u"server.allowed_hosts"_s},
             u"Further host names under which the management API answers"_s,
             FIELD(server.allowedHosts)),
        text({u"server.trusted_proxies"_s},
             u"Address ranges whose X-Forwarded-For is believed"_s,
             FIELD(server.trustedProxies)),
        text({u"server.tls_certificate"_s},
             u"PEM file with the certificate chain; empty: no TLS"_s,
             FIELD(server.tlsCertificate)),
        text({u"server.tls_key"_s}, u"PEM file with the private key"_s, FIELD(server.tlsKey)),
        integer({u"http.max_head_bytes"_s},
                1024,
                1024 * 1024,
                u"Longest head of a request"_s,
                FIELD(http.maxHeadBytes)),
        integer({u"http.max_fields"_s},
                10,
                1000,
                u"Most header fields of a request"_s,
                FIELD(http.maxFields)),
        integer({u"http.max_target_bytes"_s},
                256,
                64 * 1024,
                u"Longest request target"_s,
                FIELD(http.maxTargetBytes)),
        integer({u"http.max_body_bytes"_s},
                1024,
                4 * gibibyte,
                u"Longest body of a request"_s,
                FIELD(http.maxBodyBytes)),
        integer({u"http.body_budget_bytes"_s},
                1024 * 1024,
                1024 * gibibyte,
                u"All long bodies together, on disk"_s,
                FIELD(http.bodyMemoryBudget)),
        span<seconds>({u"http.tls_timeout"_s},
                      1,
                      600,
                      u"Until the TLS handshake of a client must be done"_s,
                      FIELD(http.tlsTimeout)),
        span<seconds>({u"http.head_timeout"_s},
                      1,
                      3600,
                      u"Until the head of a request must be there"_s,
                      FIELD(http.headTimeout)),
        span<seconds>({u"http.body_timeout"_s},
                      1,
                      3600,
                      u"Until the body must be there, and longer by its size at the least rate"_s,
                      FIELD(http.bodyTimeout)),
        integer({u"http.min_bytes_per_second"_s},
                1,
                gibibyte,
                u"Least rate of an upload"_s,
                FIELD(http.minBytesPerSecond)),
        span<seconds>({u"http.idle_timeout"_s},
                      1,
                      3600,
                      u"How long an idle connection is kept"_s,
                      FIELD(http.idleTimeout)),
        span<seconds>({u"http.write_timeout"_s},
                      1,
                      3600,
                      u"How long a client may take nothing of an answer"_s,
                      FIELD(http.writeTimeout)),
        integer({u"http.api_rate_limit"_s, {}, u"GLOBAL_API_RATE_LIMIT"_s},
                0,
                1'000'000,
                u"Management requests of one address in three minutes; 0: no limit"_s,
                FIELD(http.apiRequestsPerThreeMinutes)),
        integer({u"http.web_rate_limit"_s, {}, u"GLOBAL_WEB_RATE_LIMIT"_s},
                0,
                1'000'000,
                u"Requests of one address in three minutes for what is neither the relay's nor the "
                "management's; 0: no limit"_s,
                FIELD(http.webRequestsPerThreeMinutes)),
    };
}

std::vector<SettingDescriptor> relayDescriptors()
{
    return {
        integer({u"relay.retries"_s, u"RetryTimes"_s},
                0,
                20,
                u"Further attempts after a failed one"_s,
                FIELD(relay.retries)),
        span<seconds>({u"relay.connect_timeout"_s},
                      1,
                      600,
                      u"Until a provider must accept a connection"_s,
                      FIELD(relay.connectTimeout)),
        span<seconds>({u"relay.first_byte_timeout"_s},
                      1,
                      7200,
                      u"Until a provider must begin to answer"_s,
                      FIELD(relay.firstByteTimeout)),
        span<seconds>({u"relay.stall_timeout"_s},
                      1,
                      7200,
                      u"How long a provider may be silent within an answer"_s,
                      FIELD(relay.stallTimeout)),
        span<seconds>({u"relay.total_timeout"_s, {}, u"RELAY_TIMEOUT"_s},
                      0,
                      86400,
                      u"How long a request may take at all; 0: no limit"_s,
                      FIELD(relay.totalTimeout)),
        span<seconds>({u"relay.keep_alive_interval"_s},
                      1,
                      600,
                      u"After how long a silence a stream gets a sign of life"_s,
                      FIELD(relay.keepAliveInterval)),
        span<seconds>({u"relay.receipt_timeout"_s},
                      1,
                      600,
                      u"How long the end of an answer waits for its ledger row"_s,
                      FIELD(relay.receiptTimeout)),
        integer({u"relay.max_response_bytes"_s},
                1024,
                64 * gibibyte,
                u"Longest answer of a provider"_s,
                FIELD(relay.maxResponseBytes)),
        integer({u"relay.max_event_bytes"_s},
                1024,
                gibibyte,
                u"Longest line of a stream"_s,
                FIELD(relay.maxEventBytes)),
        integer({u"relay.breaker_failures"_s},
                1,
                1000,
                u"Failures in a row after which a channel rests"_s,
                FIELD(relay.breakerFailures)),
        span<seconds>({u"relay.breaker_rest"_s},
                      1,
                      86400,
                      u"How long a channel rests after repeated failures"_s,
                      FIELD(relay.breakerRest)),
        span<seconds>({u"relay.max_rest"_s},
                      1,
                      86400,
                      u"The most that a provider's Retry-After is heeded"_s,
                      FIELD(relay.maxRest)),
        boolean({u"relay.disable_automatically"_s, u"AutomaticDisableChannelEnabled"_s},
                u"Disable a channel whose provider refuses its key or its credit"_s,
                FIELD(relay.disableAutomatically)),
        boolean({u"relay.enable_automatically"_s, u"AutomaticEnableChannelEnabled"_s},
                u"Enable such a channel again when a test succeeds"_s,
                FIELD(relay.enableAutomatically)),
        integer(
            {u"tests.parallel"_s}, 1, 64, u"Channel tests at one time"_s, FIELD(tests.parallel)),
        span<seconds>({u"tests.timeout"_s},
                      1,
                      600,
                      u"How long a channel test may take"_s,
                      FIELD(tests.timeout)),
        span<minutes>({u"tests.interval"_s, {}, u"CHANNEL_TEST_FREQUENCY"_s},
                      0,
                      100'000,
                      u"Minutes between scheduled tests of all channels; 0: none"_s,
                      FIELD(tests.interval)),
        number({u"tests.slow_seconds"_s, u"ChannelDisableThreshold"_s},
               0,
               600,
               u"A slower test is reported as slow; 0: never"_s,
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
               u"Dollars a million input tokens, for models without a price"_s,
               FIELD(accounting.defaultInputPrice)),
        number({u"accounting.default_output_price"_s},
               0,
               100'000,
               u"Dollars a million output tokens, for models without a price"_s,
               FIELD(accounting.defaultOutputPrice)),
        integer({u"accounting.reserved_output_tokens"_s, u"PreConsumedQuota"_s},
                0,
                1'000'000,
                u"Output tokens held back where a request names no limit"_s,
                FIELD(accounting.reservedOutputTokens)),
        integer({u"accounting.new_user_quota"_s, u"QuotaForNewUser"_s},
                0,
                most,
                u"Units a new user starts with"_s,
                FIELD(accounting.newUserQuota)),
        integer({u"accounting.inviter_quota"_s, u"QuotaForInviter"_s},
                0,
                most,
                u"Units for who invites"_s,
                FIELD(accounting.inviterQuota)),
        integer({u"accounting.invitee_quota"_s, u"QuotaForInvitee"_s},
                0,
                most,
                u"Units for who was invited"_s,
                FIELD(accounting.inviteeQuota)),
        integer({u"accounting.remind_threshold"_s, u"QuotaRemindThreshold"_s},
                0,
                most,
                u"Units below which a user is reminded"_s,
                FIELD(accounting.remindThreshold)),
        boolean({u"accounting.log_consumption"_s, u"LogConsumeEnabled"_s},
                u"Show requests in the log; the ledger holds them in any case"_s,
                FIELD(accounting.logConsumption)),
        boolean({u"accounting.approximate_tokens"_s, u"ApproximateTokenEnabled"_s},
                u"Estimate tokens by length where a provider reports none"_s,
                FIELD(accounting.approximateTokens)),
        boolean({u"accounting.display_in_currency"_s, u"DisplayInCurrencyEnabled"_s},
                u"Show amounts in dollars"_s,
                FIELD(accounting.displayInCurrency)),
        boolean({u"accounting.display_token_statistics"_s, u"DisplayTokenStatEnabled"_s},
                u"Billing routes speak of the token, not of the user"_s,
                FIELD(accounting.displayTokenStatistics)),
        boolean({u"accounting.mask_keys"_s},
                u"Show tokens in lists only in part"_s,
                FIELD(accounting.maskKeys)),
        span<hours>({u"sessions.lifetime"_s},
                    1,
                    24 * 366,
                    u"Hours that a session lasts"_s,
                    FIELD(sessions.lifetime)),
        boolean({u"sessions.password_login"_s, u"PasswordLoginEnabled"_s},
                u"Users may sign in with a password"_s,
                FIELD(sessions.passwordLogin)),
        integer({u"sessions.attempts_before_delay"_s},
                1,
                1000,
                u"Wrong passwords before sign-in is slowed"_s,
                FIELD(sessions.attemptsBeforeDelay)),
        span<seconds>({u"sessions.longest_delay"_s},
                      1,
                      86400,
                      u"The most that sign-in is slowed"_s,
                      FIELD(sessions.longestDelay)),
        boolean({u"storage.synchronous_full"_s},
                u"Commits survive a power loss too, and take longer"_s,
                FIELD(storage.synchronousFull)),
        span<milliseconds>({u"storage.busy_timeout"_s},
                           0,
                           60'000,
                           u"Milliseconds to wait for a database that another program uses"_s,
                           FIELD(storage.busyTimeout)),
        integer({u"storage.kept_backups"_s},
                1,
                1000,
                u"Backups kept of those made before a migration"_s,
                FIELD(storage.keptBackups)),
    };
}

std::vector<SettingDescriptor> textDescriptors()
{
    return {
        text({u"texts.system_name"_s, u"SystemName"_s},
             u"The name shown to users"_s,
             FIELD(texts.systemName)),
        text({u"texts.server_address"_s, u"ServerAddress"_s},
             u"The address shown to users"_s,
             FIELD(texts.serverAddress)),
        text({u"texts.notice"_s, u"Notice"_s}, u"A notice for users"_s, FIELD(texts.notice)),
        text({u"texts.about"_s, u"About"_s}, u"A text about this gateway"_s, FIELD(texts.about)),
        text({u"texts.home_page"_s, u"HomePageContent"_s},
             u"The content of the home page"_s,
             FIELD(texts.homePage)),
        text({u"texts.footer"_s, u"Footer"_s}, u"The footer of pages"_s, FIELD(texts.footer)),
        text({u"texts.logo"_s, u"Logo"_s}, u"The address of a logo"_s, FIELD(texts.logo)),
        text({u"texts.top_up_link"_s, u"TopUpLink"_s},
             u"Where users can pay"_s,
             FIELD(texts.topUpLink)),
        text({u"texts.chat_link"_s, u"ChatLink"_s},
             u"Where users can chat"_s,
             FIELD(texts.chatLink)),
        text({u"texts.theme"_s, u"Theme"_s}, u"The theme of a web console"_s, FIELD(texts.theme)),
    };
}

#undef FIELD

std::vector<SettingDescriptor> allDescriptors()
{
    std::vector<SettingDescriptor> all;
    for (auto part :
         {serverDescriptors(), relayDescriptors(), accountingDescriptors(), textDescriptors()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

QString unitOf(Kind kind)
{
    switch (kind) {
    case Kind::Milliseconds:
        return u" milliseconds"_s;
    case Kind::Seconds:
        return u" seconds"_s;
    case Kind::Minutes:
        return u" minutes"_s;
    case Kind::Hours:
        return u" hours"_s;
    default:
        return {};
    }
}

Result<> checkNumber(const SettingDescriptor &setting, const QString &value)
{
    bool ok = false;
    const double parsed =
        setting.kind == Kind::Number ? value.toDouble(&ok) : double(value.toLongLong(&ok));
    if (ok && std::isfinite(parsed) && parsed >= setting.least && parsed <= setting.most)
        return {};
    return fail(ErrorCode::InvalidInput,
                u"%1 must be a number from %2 to %3%4, not \"%5\"."_s.arg(setting.key)
                    .arg(setting.least, 0, 'g', 12)
                    .arg(setting.most, 0, 'g', 12)
                    .arg(unitOf(setting.kind), value.left(100)));
}

Result<> check(const SettingDescriptor &setting, const QString &value)
{
    static const QStringList booleans{u"true"_s, u"false"_s, u"1"_s, u"0"_s};
    static const QStringList policies{u"free"_s, u"refuse"_s, u"default"_s};
    switch (setting.kind) {
    case Kind::Boolean:
        if (booleans.contains(value))
            return {};
        return fail(ErrorCode::InvalidInput,
                    u"%1 must be true or false, not \"%2\"."_s.arg(setting.key, value.left(100)));
    case Kind::Choice:
        if (policies.contains(value))
            return {};
        return fail(ErrorCode::InvalidInput,
                    u"%1 must be one of: %2."_s.arg(setting.key, policies.join(u", "_s)));
    case Kind::Text:
        if (value.size() > qsizetype(setting.most)) {
            return fail(ErrorCode::InvalidInput,
                        u"%1 is longer than %2 characters."_s.arg(setting.key).arg(setting.most));
        }
        if (setting.key == "server.trusted_proxies"_L1)
            return addressRangesFrom(value).map([](const auto &) {});
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
        return fail(ErrorCode::NotFound, u"There is no setting \"%1\"."_s.arg(key.left(100)));
    const QString trimmed = setting->kind == Kind::Text ? value : value.trimmed();
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
            ignored->append(origin + u": "_s + done.error().message);
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
