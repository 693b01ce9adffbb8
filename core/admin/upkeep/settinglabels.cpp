#include "admin/upkeep/settinglabels.h"

#include <QCoreApplication>
#include <QHash>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

using Labels = QHash<QString, const char *>;

QString labelFrom(const Labels &labels, const char *context, const QString &key)
{
    const char *label = labels.value(key, nullptr);
    return label ? QCoreApplication::translate(context, label) : QString();
}

QString translated(const char *text)
{
    return QCoreApplication::translate("Settings", text);
}

} // namespace

QString settingLabel(const QString &key)
{
    static const Labels labels{
        {u"server.threads"_s, QT_TRANSLATE_NOOP("SettingLabels", "Threads")},
        {u"server.grace_period"_s, QT_TRANSLATE_NOOP("SettingLabels", "Time to finish")},
        {u"server.max_connections"_s, QT_TRANSLATE_NOOP("SettingLabels", "Connections")},
        {u"server.listen"_s, QT_TRANSLATE_NOOP("SettingLabels", "Listen on")},
        {u"server.allowed_hosts"_s, QT_TRANSLATE_NOOP("SettingLabels", "Host names")},
        {u"server.allowed_networks"_s, QT_TRANSLATE_NOOP("SettingLabels", "Allowed networks")},
        {u"server.trusted_proxies"_s, QT_TRANSLATE_NOOP("SettingLabels", "Trusted proxies")},
        {u"server.cors_origins"_s, QT_TRANSLATE_NOOP("SettingLabels", "Web pages")},
        {u"server.tls"_s, QT_TRANSLATE_NOOP("SettingLabels", "HTTPS")},
        {u"server.tls_certificate"_s, QT_TRANSLATE_NOOP("SettingLabels", "Certificate file")},
        {u"server.tls_key"_s, QT_TRANSLATE_NOOP("SettingLabels", "Key file")},
        {u"http.max_head_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Request head")},
        {u"http.max_fields"_s, QT_TRANSLATE_NOOP("SettingLabels", "Header fields")},
        {u"http.max_target_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Request target")},
        {u"http.max_body_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Request body")},
        {u"http.body_budget_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "All bodies")},
        {u"http.tls_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "TLS handshake")},
        {u"http.head_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Head within")},
        {u"http.body_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Body within")},
        {u"http.min_bytes_per_second"_s, QT_TRANSLATE_NOOP("SettingLabels", "Upload rate")},
        {u"http.idle_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Idle connections")},
        {u"http.write_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Slow clients")},
        {u"http.api_rate_limit"_s, QT_TRANSLATE_NOOP("SettingLabels", "Management requests")},
        {u"http.web_rate_limit"_s, QT_TRANSLATE_NOOP("SettingLabels", "Other requests")},
        {u"http.connections_per_address"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Connections per address")},
        {u"relay.retries"_s, QT_TRANSLATE_NOOP("SettingLabels", "Retries")},
        {u"relay.retry_statuses"_s, QT_TRANSLATE_NOOP("SettingLabels", "Retry after status")},
        {u"relay.connect_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Connect within")},
        {u"relay.first_byte_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "First byte within")},
        {u"relay.stall_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Longest silence")},
        {u"relay.total_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Whole request")},
        {u"relay.keep_alive_interval"_s, QT_TRANSLATE_NOOP("SettingLabels", "Signs of life")},
        {u"relay.receipt_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Ledger receipt")},
        {u"relay.max_response_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Longest answer")},
        {u"relay.max_event_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Longest event")},
        {u"relay.answer_details"_s, QT_TRANSLATE_NOOP("SettingLabels", "Details in answers")},
        {u"relay.breaker_failures"_s, QT_TRANSLATE_NOOP("SettingLabels", "Failures to rest")},
        {u"relay.breaker_rest"_s, QT_TRANSLATE_NOOP("SettingLabels", "Length of a rest")},
        {u"relay.max_rest"_s, QT_TRANSLATE_NOOP("SettingLabels", "Longest Retry-After")},
        {u"relay.disable_automatically"_s, QT_TRANSLATE_NOOP("SettingLabels", "Disable by itself")},
        {u"relay.enable_automatically"_s, QT_TRANSLATE_NOOP("SettingLabels", "Enable by itself")},
        {u"relay.default_model"_s, QT_TRANSLATE_NOOP("SettingLabels", "Default model")},
        {u"relay.strategy"_s, QT_TRANSLATE_NOOP("SettingLabels", "Strategy")},
        {u"relay.affinity"_s, QT_TRANSLATE_NOOP("SettingLabels", "Affinity")},
        {u"relay.affinity_ttl"_s, QT_TRANSLATE_NOOP("SettingLabels", "Affinity lasts")},
        {u"relay.affinity_entries"_s, QT_TRANSLATE_NOOP("SettingLabels", "Sessions remembered")},
        {u"cache.answers"_s, QT_TRANSLATE_NOOP("SettingLabels", "Keep answers")},
        {u"cache.requests"_s, QT_TRANSLATE_NOOP("SettingLabels", "Which answers")},
        {u"cache.scope"_s, QT_TRANSLATE_NOOP("SettingLabels", "Given to")},
        {u"cache.ttl"_s, QT_TRANSLATE_NOOP("SettingLabels", "Keep for")},
        {u"cache.bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Memory")},
        {u"cache.answer_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Longest kept answer")},
        {u"tests.parallel"_s, QT_TRANSLATE_NOOP("SettingLabels", "Parallel tests")},
        {u"tests.timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Test within")},
        {u"tests.interval"_s, QT_TRANSLATE_NOOP("SettingLabels", "Test every")},
        {u"tests.slow_seconds"_s, QT_TRANSLATE_NOOP("SettingLabels", "Slow from")},
        {u"accounting.unpriced"_s, QT_TRANSLATE_NOOP("SettingLabels", "Without a price")},
        {u"accounting.default_input_price"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Default input price")},
        {u"accounting.default_output_price"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Default output price")},
        {u"accounting.exchange_rates"_s, QT_TRANSLATE_NOOP("SettingLabels", "Exchange rates")},
        {u"accounting.reserved_output_tokens"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Reserved output")},
        {u"accounting.new_user_quota"_s, QT_TRANSLATE_NOOP("SettingLabels", "New users get")},
        {u"accounting.inviter_quota"_s, QT_TRANSLATE_NOOP("SettingLabels", "Inviters get")},
        {u"accounting.invitee_quota"_s, QT_TRANSLATE_NOOP("SettingLabels", "Invited users get")},
        {u"accounting.remind_threshold"_s, QT_TRANSLATE_NOOP("SettingLabels", "Reminder below")},
        {u"accounting.log_consumption"_s, QT_TRANSLATE_NOOP("SettingLabels", "Request log")},
        {u"accounting.approximate_tokens"_s, QT_TRANSLATE_NOOP("SettingLabels", "Token estimates")},
        {u"accounting.display_in_currency"_s, QT_TRANSLATE_NOOP("SettingLabels", "Currency")},
        {u"accounting.display_token_statistics"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Billing routes")},
        {u"accounting.mask_keys"_s, QT_TRANSLATE_NOOP("SettingLabels", "Token lists")},
        {u"accounting.recoverable_keys"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Keys can be shown again")},
        {u"sessions.lifetime"_s, QT_TRANSLATE_NOOP("SettingLabels", "Session length")},
        {u"sessions.password_login"_s, QT_TRANSLATE_NOOP("SettingLabels", "Password sign-in")},
        {u"sessions.attempts_before_delay"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Wrong passwords")},
        {u"sessions.longest_delay"_s, QT_TRANSLATE_NOOP("SettingLabels", "Longest delay")},
        {u"storage.synchronous_full"_s, QT_TRANSLATE_NOOP("SettingLabels", "Safe commits")},
        {u"storage.busy_timeout"_s, QT_TRANSLATE_NOOP("SettingLabels", "Busy database")},
        {u"storage.kept_backups"_s, QT_TRANSLATE_NOOP("SettingLabels", "Keep")},
        {u"storage.backup_interval"_s, QT_TRANSLATE_NOOP("SettingLabels", "Back up every")},
        {u"storage.backup_directory"_s, QT_TRANSLATE_NOOP("SettingLabels", "Folder")},
        {u"log.level"_s, QT_TRANSLATE_NOOP("SettingLabels", "Log")},
        {u"log.requests"_s, QT_TRANSLATE_NOOP("SettingLabels", "Log requests")},
        {u"log.mask"_s, QT_TRANSLATE_NOOP("SettingLabels", "Mask as well")},
        {u"traffic.ledger_days"_s, QT_TRANSLATE_NOOP("SettingLabels", "Keep requests")},
        {u"traffic.ledger_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Largest database")},
        {u"traffic.history_days"_s, QT_TRANSLATE_NOOP("SettingLabels", "Keep changes")},
        {u"traffic.capture"_s, QT_TRANSLATE_NOOP("SettingLabels", "Keep bodies")},
        {u"traffic.capture_days"_s, QT_TRANSLATE_NOOP("SettingLabels", "Keep bodies for")},
        {u"traffic.capture_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Disk space")},
        {u"traffic.capture_body_bytes"_s, QT_TRANSLATE_NOOP("SettingLabels", "Longest body")},
        {u"integrations.metrics"_s, QT_TRANSLATE_NOOP("SettingLabels", "Metrics")},
        {u"integrations.webhook_url"_s, QT_TRANSLATE_NOOP("SettingLabels", "Webhook address")},
        {u"integrations.otlp_endpoint"_s, QT_TRANSLATE_NOOP("SettingLabels", "OTLP address")},
        {u"integrations.otlp_service_name"_s, QT_TRANSLATE_NOOP("SettingLabels", "Service name")},
        {u"integrations.otlp_metrics"_s, QT_TRANSLATE_NOOP("SettingLabels", "Metrics as well")},
        {u"integrations.otlp_metrics_interval"_s,
         QT_TRANSLATE_NOOP("SettingLabels", "Send metrics every")},
        {u"texts.system_name"_s, QT_TRANSLATE_NOOP("SettingLabels", "Name")},
        {u"texts.server_address"_s, QT_TRANSLATE_NOOP("SettingLabels", "Address")},
        {u"texts.notice"_s, QT_TRANSLATE_NOOP("SettingLabels", "Notice")},
        {u"texts.about"_s, QT_TRANSLATE_NOOP("SettingLabels", "About")},
        {u"texts.home_page"_s, QT_TRANSLATE_NOOP("SettingLabels", "Home page")},
        {u"texts.footer"_s, QT_TRANSLATE_NOOP("SettingLabels", "Footer")},
        {u"texts.logo"_s, QT_TRANSLATE_NOOP("SettingLabels", "Logo")},
        {u"texts.top_up_link"_s, QT_TRANSLATE_NOOP("SettingLabels", "Top-up link")},
        {u"texts.chat_link"_s, QT_TRANSLATE_NOOP("SettingLabels", "Chat link")},
        {u"texts.theme"_s, QT_TRANSLATE_NOOP("SettingLabels", "Theme")}};
    return labelFrom(labels, "SettingLabels", key);
}

QString settingChoiceLabel(const QString &key, const QString &value)
{
    static const Labels labels{
        {u"server.tls=off"_s, QT_TRANSLATE_NOOP("Settings", "Off")},
        {u"server.tls=own"_s, QT_TRANSLATE_NOOP("Settings", "With the certificate named below")},
        {u"server.tls=local"_s,
         QT_TRANSLATE_NOOP("Settings", "With a certificate of this computer’s own authority")},
        {u"relay.strategy=priority_weight"_s, QT_TRANSLATE_NOOP("Settings", "Priority, weight")},
        {u"relay.strategy=round_robin"_s, QT_TRANSLATE_NOOP("Settings", "Round-robin")},
        {u"relay.strategy=lowest_latency"_s, QT_TRANSLATE_NOOP("Settings", "Lowest latency")},
        {u"relay.strategy=lowest_cost"_s, QT_TRANSLATE_NOOP("Settings", "Lowest cost")},
        {u"relay.strategy=least_busy"_s, QT_TRANSLATE_NOOP("Settings", "Least busy")},
        {u"cache.requests=embeddings"_s,
         QT_TRANSLATE_NOOP("Settings", "Embeddings and moderations")},
        {u"cache.requests=repeatable"_s,
         QT_TRANSLATE_NOOP("Settings", "Those, and answers at temperature 0")},
        {u"cache.requests=all"_s, QT_TRANSLATE_NOOP("Settings", "Those, and all answers in words")},
        {u"cache.scope=user"_s, QT_TRANSLATE_NOOP("Settings", "All tokens of the same user")},
        {u"cache.scope=token"_s, QT_TRANSLATE_NOOP("Settings", "The same token alone")},
        {u"log.level=debug"_s,
         QT_TRANSLATE_NOOP("Settings", "Everything, for looking into a fault")},
        {u"log.level=info"_s, QT_TRANSLATE_NOOP("Settings", "Events and whatever goes wrong")},
        {u"log.level=warning"_s, QT_TRANSLATE_NOOP("Settings", "Warnings and failures")},
        {u"log.level=critical"_s, QT_TRANSLATE_NOOP("Settings", "Failures alone")},
        {u"traffic.capture=off"_s, QT_TRANSLATE_NOOP("Settings", "None")},
        {u"traffic.capture=errors"_s, QT_TRANSLATE_NOOP("Settings", "Those of failed requests")},
        {u"traffic.capture=all"_s, QT_TRANSLATE_NOOP("Settings", "All")},
        {u"accounting.unpriced=free"_s, QT_TRANSLATE_NOOP("Settings", "It is served for nothing")},
        {u"accounting.unpriced=refuse"_s, QT_TRANSLATE_NOOP("Settings", "It is refused")},
        {u"accounting.unpriced=default"_s,
         QT_TRANSLATE_NOOP("Settings", "It is charged by the default prices")}};
    const QString label = labelFrom(labels, "Settings", key + u'=' + value);
    return label.isEmpty() ? value : label;
}

QString settingUnit(domain::SettingDescriptor::Kind kind)
{
    using Kind = domain::SettingDescriptor::Kind;
    switch (kind) {
    case Kind::Milliseconds:
        return translated(QT_TRANSLATE_NOOP("Settings", "milliseconds"));
    case Kind::Seconds:
        return translated(QT_TRANSLATE_NOOP("Settings", "seconds"));
    case Kind::Minutes:
        return translated(QT_TRANSLATE_NOOP("Settings", "minutes"));
    case Kind::Hours:
        return translated(QT_TRANSLATE_NOOP("Settings", "hours"));
    case Kind::Bytes:
        return translated(QT_TRANSLATE_NOOP("Settings", "bytes"));
    default:
        return {};
    }
}

QString settingText(const QString &english)
{
    return translated(english.toUtf8().constData());
}

} // namespace gatehouse::admin
