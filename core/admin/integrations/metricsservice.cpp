#include "admin/integrations/metricsservice.h"

#include "admin/integrations/metricssnapshot.h"
#include "admin/upkeep/databasesize.h"
#include "secrets/tokenkey.h"
#include "storage/ledger/ledgerwriter.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Result;
using domain::Health;
using MetricType = MetricsWriter::Type;

namespace {

constexpr std::array<QByteArrayView, RequestTotal::outcomes> outcomeNames{
    "ok", "client_error", "server_error", "cancelled"};
constexpr std::array<QByteArrayView, RequestTotal::tokenKinds> tokenNames{
    "input", "cache_read", "cache_write", "output", "reasoning"};

struct HealthName
{
    Health health = Health::Healthy;
    QByteArrayView name{};
};

constexpr std::array<HealthName, 8> healthNames{{{Health::Healthy, "healthy"},
                                                 {Health::Degraded, "degraded"},
                                                 {Health::Limited, "limited"},
                                                 {Health::Testing, "testing"},
                                                 {Health::Open, "open"},
                                                 {Health::AuthenticationFailed, "key_refused"},
                                                 {Health::NoCredit, "no_credit"},
                                                 {Health::Disabled, "disabled"}}};

ChannelLabel labelOf(const domain::CatalogChannel &channel)
{
    return {.id = QByteArray::number(channel.channel.id.value),
            .name = channel.channel.name.toUtf8(),
            .provider = channel.type ? QByteArray(channel.type->name) : QByteArray()};
}

void writeProgram(MetricsWriter &writer, const MetricsSnapshot &of)
{
    constexpr double thousand = 1'000;
    writer.begin(
        "gatehouse_build_info", MetricType::Gauge, "What this program is made of; always 1.");
    writer.value({{"version", QCoreApplication::applicationVersion().toUtf8()}, {"qt", qVersion()}},
                 quint64(1));
    const ProcessFigures &process = of.process;
    if (process.cpuSeconds) {
        writer.begin(
            "process_cpu_seconds", MetricType::Counter, "Processor time, of user and system.");
        writer.value({}, *process.cpuSeconds);
    }
    if (process.residentBytes) {
        writer.begin("process_resident_memory_bytes", MetricType::Gauge, "Memory that is in use.");
        writer.value({}, *process.residentBytes);
    }
    if (process.openFiles) {
        writer.begin("process_open_fds", MetricType::Gauge, "Open files and sockets.");
        writer.value({}, *process.openFiles);
    }
    if (process.mostFiles) {
        writer.begin("process_max_fds", MetricType::Gauge, "The most files that may be open.");
        writer.value({}, *process.mostFiles);
    }
    writer.begin(
        "process_start_time_seconds", MetricType::Gauge, "When it was started, since 1970, UTC.");
    writer.value({}, static_cast<double>(of.startedAt) / thousand);
}

void writeStates(MetricsWriter &writer, const MetricsSnapshot &of)
{
    writer.begin(
        "gatehouse_inflight_requests", MetricType::Gauge, "Requests that are being served.");
    writer.value({}, static_cast<quint64>(std::max(0, of.running)));
    writer.begin("gatehouse_channel_state",
                 MetricType::Gauge,
                 "How a channel is: 1 for the state that it is in, 0 for the others.");
    for (const ChannelOverview &state : of.states) {
        const ChannelLabel label = of.label(state.channel);
        for (const auto &[health, name] : healthNames) {
            writer.value({{"channel_id", label.id},
                          {"channel", label.name},
                          {"provider", label.provider},
                          {"state", name}},
                         quint64(state.health == health ? 1 : 0));
        }
    }
    writer.begin("gatehouse_channel_usable_keys",
                 MetricType::Gauge,
                 "Keys of a channel that are enabled and neither resting nor refused.");
    for (const ChannelOverview &state : of.states) {
        const ChannelLabel label = of.label(state.channel);
        writer.value({{"channel_id", label.id}, {"channel", label.name}},
                     static_cast<quint64>(std::max(0, state.usableKeys)));
    }
    writer.begin("gatehouse_ledger_healthy", MetricType::Gauge, "1 while requests can be booked.");
    writer.value({}, quint64(of.ledger.healthy ? 1 : 0));
    writer.begin(
        "gatehouse_ledger_queue_depth", MetricType::Gauge, "Rows that are not stored yet.");
    writer.value({}, static_cast<quint64>(std::max<qint64>(0, of.ledger.waiting)));
    writer.begin("gatehouse_ledger_rows", MetricType::Counter, "Rows that were stored.");
    writer.value({}, of.ledger.stored);
    if (of.databaseBytes > 0) {
        writer.begin(
            "gatehouse_db_size_bytes", MetricType::Gauge, "Size of the database on the disk.");
        writer.value({}, of.databaseBytes);
    }
}

void writeCounts(MetricsWriter &writer, const MetricsSnapshot &of)
{
    constexpr double nano = 1e-9;
    const std::vector<RequestTotal> &all = of.totals.requests;
    writer.begin("gatehouse_requests",
                 MetricType::Counter,
                 "Requests that reached a provider, by how they ended.");
    for (const RequestTotal &total : all) {
        const ChannelLabel label = of.label(total.channel);
        for (size_t i = 0; i < outcomeNames.size(); ++i) {
            writer.value({{"channel_id", label.id},
                          {"channel", label.name},
                          {"provider", label.provider},
                          {"model", total.model},
                          {"outcome", outcomeNames.at(i)}},
                         total.requests.at(i));
        }
    }
    writer.begin("gatehouse_failed_attempts",
                 MetricType::Counter,
                 "Attempts that failed, also where another channel served then. The reason is the "
                 "provider's status, or a code where it did not answer.");
    for (const FailedAttempts &failed : of.totals.failures) {
        const ChannelLabel label = of.label(failed.channel);
        writer.value({{"channel_id", label.id}, {"channel", label.name}, {"reason", failed.reason}},
                     failed.count);
    }
    writer.begin("gatehouse_tokens",
                 MetricType::Counter,
                 "Tokens, each counted as one type: input is neither read from a cache nor written "
                 "to one, output is without reasoning.");
    for (const RequestTotal &total : all) {
        const ChannelLabel label = of.label(total.channel);
        for (size_t i = 0; i < tokenNames.size(); ++i) {
            writer.value({{"channel_id", label.id},
                          {"channel", label.name},
                          {"model", total.model},
                          {"token_type", tokenNames.at(i)}},
                         total.tokens.at(i));
        }
    }
    writer.begin("gatehouse_cost_usd", MetricType::Counter, "What requests cost, in US dollars.");
    for (const RequestTotal &total : all) {
        const ChannelLabel label = of.label(total.channel);
        writer.value({{"channel_id", label.id}, {"channel", label.name}, {"model", total.model}},
                     static_cast<double>(total.costNanoDollars) * nano);
    }
}

void writeCache(MetricsWriter &writer, const MetricsSnapshot &of)
{
    writer.begin("gatehouse_cache_requests",
                 MetricType::Counter,
                 "Requests while the cache of answers was on: answered from it (hit), not found in "
                 "it (miss), or not looked for (bypass).");
    writer.value({{"result", "hit"}}, of.answers.hits);
    writer.value({{"result", "miss"}}, of.answers.misses);
    writer.value({{"result", "bypass"}}, of.answers.bypasses);
}

void writeDurations(MetricsWriter &writer, const MetricsSnapshot &of)
{
    constexpr double thousand = 1'000;
    const auto write =
        [&](QByteArrayView name, QByteArrayView help, DurationCounts RequestTotal::*member) {
            writer.begin(name, MetricType::Histogram, help);
            for (const RequestTotal &total : of.totals.requests) {
                const ChannelLabel label = of.label(total.channel);
                const DurationCounts &duration = total.*member;
                writer.histogram(
                    {{"channel_id", label.id}, {"channel", label.name}, {"model", total.model}},
                    DurationCounts::bounds,
                    duration.counts,
                    static_cast<double>(duration.milliseconds) / thousand);
            }
        };
    write("gatehouse_request_duration_seconds",
          "Time until the end of an answer, of requests that succeeded.",
          &RequestTotal::elapsed);
    write("gatehouse_time_to_first_token_seconds",
          "Time until the first token of an answer, of requests that succeeded.",
          &RequestTotal::firstByte);
}

QByteArray metricsText(const MetricsSnapshot &of, MetricsWriter::Form form)
{
    MetricsWriter writer(form);
    writeProgram(writer, of);
    writeStates(writer, of);
    writeCounts(writer, of);
    writeCache(writer, of);
    writeDurations(writer, of);
    writeAttemptMetrics(writer, of);
    return writer.text();
}

} // namespace

MetricsService::MetricsService(const Foundation &foundation,
                               const StatisticsService &statistics,
                               const IntegrationSecrets &secrets,
                               const relay::AnswerCache &answers,
                               const storage::LedgerWriter *ledger)
    : m_base(foundation)
    , m_statistics(statistics)
    , m_secrets(secrets)
    , m_answers(answers)
    , m_ledger(ledger)
    , m_startedAt(foundation.clock.wallMilliseconds())
{
    m_pool.setMaxThreadCount(1); // however many ask, one processor is enough for this
}

bool MetricsService::isOn() const
{
    const auto &catalog = m_base.publisher.catalog();
    return catalog && catalog->settings().integrations.metrics;
}

bool MetricsService::hasToken() const
{
    return !m_secrets.value(IntegrationSecret::MetricsToken).isEmpty();
}

bool MetricsService::isToken(QByteArrayView token) const
{
    if (!hasToken())
        return false;
    // Of their hashes, so that not even the length is told.
    const secrets::KeyHash sent = secrets::tokenKeyHash(token);
    const secrets::KeyHash own =
        secrets::tokenKeyHash(m_secrets.value(IntegrationSecret::MetricsToken).reveal());
    return base::equalInConstantTime(secrets::viewOf(sent), secrets::viewOf(own));
}

Answer<QByteArray> MetricsService::text(MetricsWriter::Form form)
{
    MetricsSnapshot snapshot{.states = m_statistics.states(),
                             .answers = m_answers.counts(),
                             .transitions = m_base.health.transitions(),
                             .running = m_base.admission.running(),
                             .startedAt = m_startedAt};
    if (const auto &catalog = m_base.publisher.catalog()) {
        for (const auto &channel : catalog->channels())
            snapshot.channels.emplace(channel->channel.id, labelOf(*channel));
    }
    if (m_ledger)
        snapshot.ledger = m_ledger->state();
    return runIn(m_pool,
                 [this, form, snapshot = std::move(snapshot)]() mutable -> Result<QByteArray> {
                     snapshot.totals = m_statistics.totals();
                     snapshot.attempts = m_statistics.attemptTotals();
                     snapshot.process = processFigures();
                     snapshot.databaseBytes =
                         static_cast<quint64>(std::max<qint64>(0, databaseBytes(m_base)));
                     return metricsText(snapshot, form);
                 });
}

} // namespace gatehouse::admin
