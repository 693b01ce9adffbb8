#include "settings/settingslayout.h"

#include "preferences/windowsettings.h"
#include "settings/accountblock.h"
#include "settings/backupblock.h"
#include "settings/cacheblock.h"
#include "settings/certificateblock.h"
#include "settings/databaseblock.h"
#include "settings/factsblock.h"
#include "settings/importblock.h"
#include "settings/listenblock.h"
#include "settings/metricsblock.h"
#include "settings/otlpblock.h"
#include "settings/privacyblock.h"
#include "settings/proxyblock.h"
#include "settings/resetblock.h"
#include "settings/secretsblock.h"
#include "settings/webhookblock.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

struct SettingsLayout
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::SettingsLayout)
};

// A title in the language of the moment.
std::function<QString()> title(const char *text)
{
    return [text] { return SettingsLayout::tr(text); };
}

PaneSpec general()
{
    return {
        .id = u"general"_s,
        .icon = u"settings"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "General")),
        .sections = {{.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Look")),
                      .keys = {windowkey::language,
                               windowkey::scheme,
                               windowkey::clockFormat,
                               windowkey::units,
                               windowkey::startPage}},
                     {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "People")),
                      .keys = {windowkey::people}}}};
}

PaneSpec server(const Services &services, SettingsStore &store)
{
    return {
        .id = u"server"_s,
        .icon = u"server"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Server")),
        .sections = {
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Who may connect")),
             .keys = {u"server.listen"_s},
             .block = [services, &store](
                          QWidget *parent) { return new ListenBlock(services, store, parent); },
             .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "addresses port firewall local network LAN")),
             .blockFirst = true},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Encryption")),
             .keys = {u"server.tls"_s, u"server.tls_certificate"_s, u"server.tls_key"_s},
             .block =
                 [services](QWidget *parent) { return new CertificateBlock(services, parent); },
             .words =
                 title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                         "certificate authority CA fingerprint export TLS SSL"))},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Capacity")),
             .keys = {u"server.max_connections"_s,
                      u"http.connections_per_address"_s,
                      u"server.threads"_s,
                      u"server.grace_period"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Size of requests")),
             .keys = {u"http.max_body_bytes"_s,
                      u"http.body_budget_bytes"_s,
                      u"http.max_head_bytes"_s,
                      u"http.max_fields"_s,
                      u"http.max_target_bytes"_s}},
            {.title =
                 title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Patience with clients")),
             .keys = {u"http.head_timeout"_s,
                      u"http.body_timeout"_s,
                      u"http.min_bytes_per_second"_s,
                      u"http.write_timeout"_s,
                      u"http.idle_timeout"_s,
                      u"http.tls_timeout"_s}}}};
}

PaneSpec security(const Services &services, SettingsStore &store)
{
    return {
        .id = u"security"_s,
        .icon = u"shield"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Security")),
        .sections = {
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Accounts")),
             .block = [services](QWidget *parent) { return new AccountBlock(services, parent); },
             .words = title(
                 QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                   "password root administrator sign out everywhere sessions"))},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Window")),
             .keys = {windowkey::lockAfter}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Signing in")),
             .keys = {u"sessions.password_login"_s,
                      u"sessions.lifetime"_s,
                      u"sessions.attempts_before_delay"_s,
                      u"sessions.longest_delay"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Network")),
             .keys = {u"server.allowed_networks"_s,
                      u"server.allowed_hosts"_s,
                      u"server.trusted_proxies"_s,
                      u"server.cors_origins"_s,
                      u"http.api_rate_limit"_s,
                      u"http.web_rate_limit"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Keys")),
             .keys = {u"accounting.recoverable_keys"_s,
                      u"accounting.mask_keys"_s,
                      windowkey::clipboard},
             .block = [services, &store](
                          QWidget *parent) { return new SecretsBlock(services, store, parent); },
             .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "keychain master key secrets"))}}};
}

PaneSpec routing()
{
    return {
        .id = u"routing"_s,
        .icon = u"route"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Routing")),
        .sections = {
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Default model")),
             .keys = {u"relay.default_model"_s}},
            {.title =
                 title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Choice of the channel")),
             .keys = {u"relay.strategy"_s,
                      u"relay.affinity"_s,
                      u"relay.affinity_ttl"_s,
                      u"relay.affinity_entries"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Attempts")),
             .keys = {u"relay.retries"_s,
                      u"relay.retry_statuses"_s,
                      u"relay.connect_timeout"_s,
                      u"relay.first_byte_timeout"_s,
                      u"relay.stall_timeout"_s,
                      u"relay.total_timeout"_s}},
            {.title =
                 title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Channels that fail")),
             .keys = {u"relay.breaker_failures"_s,
                      u"relay.breaker_rest"_s,
                      u"relay.max_rest"_s,
                      u"relay.disable_automatically"_s,
                      u"relay.enable_automatically"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Channel tests")),
             .keys = {u"tests.interval"_s,
                      u"tests.parallel"_s,
                      u"tests.timeout"_s,
                      u"tests.slow_seconds"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Answers")),
             .keys = {u"relay.max_response_bytes"_s,
                      u"relay.max_event_bytes"_s,
                      u"relay.keep_alive_interval"_s,
                      u"relay.receipt_timeout"_s,
                      u"relay.answer_details"_s}}}};
}

PaneSpec budgets()
{
    return {
        .id = u"budgets"_s,
        .icon = u"coins"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Prices & budgets")),
        .sections = {
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Prices")),
             .keys = {u"accounting.unpriced"_s,
                      u"accounting.default_input_price"_s,
                      u"accounting.default_output_price"_s,
                      u"accounting.exchange_rates"_s,
                      u"accounting.reserved_output_tokens"_s,
                      u"accounting.approximate_tokens"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Budgets of users")),
             .keys = {u"accounting.new_user_quota"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Management API")),
             .keys = {u"accounting.display_in_currency"_s,
                      u"accounting.display_token_statistics"_s}}}};
}

PaneSpec privacy(const Services &services)
{
    return {
        .id = u"privacy"_s,
        .icon = u"scroll-text"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Logging & privacy")),
        .sections = {
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Requests")),
             .keys = {u"traffic.ledger_days"_s, u"traffic.ledger_bytes"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Changes")),
             .keys = {u"traffic.history_days"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Log")),
             .keys = {u"log.level"_s, u"log.requests"_s, u"log.mask"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Heads and bodies")),
             .keys = {u"traffic.capture"_s,
                      u"traffic.capture_days"_s,
                      u"traffic.capture_bytes"_s,
                      u"traffic.capture_body_bytes"_s},
             .block = [services](QWidget *parent) { return new PrivacyBlock(services, parent); },
             .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "delete all captured bodies"))}}};
}

PaneSpec cache(const Services &services)
{
    return {.id = u"cache"_s,
            .icon = u"layers"_s,
            .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Cache")),
            .sections = {
                {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Kept answers")),
                 .keys = {u"cache.answers"_s,
                          u"cache.requests"_s,
                          u"cache.scope"_s,
                          u"cache.ttl"_s,
                          u"cache.bytes"_s,
                          u"cache.answer_bytes"_s},
                 .block = [services](QWidget *parent) { return new CacheBlock(services, parent); },
                 .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                                  "clear now memory hits same request again"))}}};
}

PaneSpec notifications()
{
    QStringList keys;
    for (const QString &name : notificationNames())
        keys.append(windowkey::notify + name);
    return {.id = u"notifications"_s,
            .icon = u"bell"_s,
            .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Notifications")),
            .sections = {
                {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Tell me when")),
                 .keys = keys}}};
}

PaneSpec startup()
{
    return {
        .id = u"startup"_s,
        .icon = u"power"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Startup")),
        .sections = {{.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Start")),
                      .keys = {SettingsStore::startsAtLogin, windowkey::hidden}},
                     {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Window")),
                      .keys = {windowkey::close, windowkey::keepAwake}}}};
}

PaneSpec backup(const Services &services, SettingsStore &store)
{
    return {.id = u"backup"_s,
            .icon = u"archive"_s,
            .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Backup")),
            .sections = {
                {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Schedule")),
                 .keys = {u"storage.backup_interval"_s,
                          u"storage.kept_backups"_s,
                          u"storage.backup_directory"_s}},
                {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Copies")),
                 .block = [services, &store](
                              QWidget *parent) { return new BackupBlock(services, store, parent); },
                 .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                                  "back up now restore save a copy delete include "
                                                  "secrets passphrase"))}}};
}

PaneSpec importing(const Services &services)
{
    return {.id = u"import"_s,
            .icon = u"import"_s,
            .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Import")),
            .sections = {
                {.title = title(
                     QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "From another program")),
                 .block = [services](QWidget *parent) { return new ImportBlock(services, parent); },
                 .words = title(QT_TRANSLATE_NOOP(
                     "gatehouse::ui::SettingsLayout",
                     "migrate take over database users tokens channels One API New API "
                     "LiteLLM cc-switch Claude Code Router .env configuration"))}}};
}

PaneSpec integrations(const Services &services)
{
    return {
        .id = u"integrations"_s,
        .icon = u"plug"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Integrations")),
        .sections = {
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Prometheus")),
             .keys = {u"integrations.metrics"_s},
             .block = [services](QWidget *parent) { return new MetricsBlock(services, parent); },
             .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "metrics token monitoring OpenMetrics Grafana"))},
            {.title =
                 title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "OpenTelemetry (OTLP)")),
             .keys = {u"integrations.otlp_endpoint"_s,
                      u"integrations.otlp_metrics"_s,
                      u"integrations.otlp_metrics_interval"_s,
                      u"integrations.otlp_service_name"_s},
             .block = [services](QWidget *parent) { return new OtlpBlock(services, parent); },
             .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "traces spans metrics collector OTel Jaeger Tempo "
                                              "headers send a test"))},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Webhook")),
             .keys = {u"integrations.webhook_url"_s},
             .block = [services](QWidget *parent) { return new WebhookBlock(services, parent); },
             .words = title(
                 QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                   "events notifications send a test secret signature HMAC"))}}};
}

PaneSpec advanced(const Services &services, SettingsStore &store)
{
    return {
        .id = u"advanced"_s,
        .icon = u"sliders-horizontal"_s,
        .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Advanced")),
        .sections = {
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Database")),
             .keys = {u"storage.synchronous_full"_s, u"storage.busy_timeout"_s},
             .block = [services](QWidget *parent) { return new DatabaseBlock(services, parent); },
             .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "size compact vacuum check integrity"))},
            {.title =
                 title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Outgoing connections")),
             .block = [services](QWidget *parent) { return new ProxyBlock(services, parent); },
             .words = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "proxy HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY "
                                              "SOCKS environment"))},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout",
                                              "Texts for users of the management API")),
             .keys = {u"texts.system_name"_s,
                      u"texts.server_address"_s,
                      u"texts.notice"_s,
                      u"texts.about"_s,
                      u"texts.home_page"_s,
                      u"texts.footer"_s,
                      u"texts.logo"_s,
                      u"texts.top_up_link"_s,
                      u"texts.chat_link"_s,
                      u"texts.theme"_s,
                      u"accounting.inviter_quota"_s,
                      u"accounting.invitee_quota"_s,
                      u"accounting.remind_threshold"_s,
                      u"accounting.log_consumption"_s}},
            {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "All settings")),
             .block = [services,
                       &store](QWidget *parent) { return new ResetBlock(services, store, parent); },
             .words = title(
                 QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "reset defaults factory"))}}};
}

PaneSpec about(SettingsStore &store)
{
    return {.id = u"about"_s,
            .icon = u"info"_s,
            .title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "About")),
            .sections = {
                {.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "This program")),
                 .block = [&store](QWidget *parent) { return new FactsBlock(store, parent); },
                 .words = title(QT_TRANSLATE_NOOP(
                     "gatehouse::ui::SettingsLayout",
                     "version licence licences data folder log copy diagnostics"))}}};
}

// A setting that is new in the core is found although nobody gave it a place.
void addTheRest(std::vector<PaneSpec> &panes, const SettingsStore &store)
{
    QStringList placed;
    for (const PaneSpec &pane : panes)
        placed += pane.keys();
    SectionSpec rest{.title = title(QT_TRANSLATE_NOOP("gatehouse::ui::SettingsLayout", "Other"))};
    for (const admin::SettingView &setting : store.all()) {
        if (!placed.contains(setting.key))
            rest.keys.append(setting.key);
    }
    const auto last = std::find_if(
        panes.begin(), panes.end(), [](const PaneSpec &pane) { return pane.id == "advanced"_L1; });
    if (!rest.keys.isEmpty() && last != panes.end())
        last->sections.push_back(rest);
}

} // namespace

std::vector<PaneSpec> settingsPanes(const Services &services, SettingsStore &store)
{
    std::vector<PaneSpec> panes{general(),
                                server(services, store),
                                security(services, store),
                                routing(),
                                budgets(),
                                privacy(services),
                                cache(services),
                                notifications(),
                                startup(),
                                backup(services, store),
                                importing(services),
                                integrations(services),
                                advanced(services, store),
                                about(store)};
    addTheRest(panes, store);
    return panes;
}

} // namespace gatehouse::ui
