#include "admin/integrations/otlpservice.h"

#include "admin/integrations/otlpspans.h"
#include "base/logging.h"
#include "domain/catalog.h"

#include <QUuid>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Result;
using domain::UsageRecord;

namespace {

bool saysDisabled(const QMap<QString, QString> &environment)
{
    return environment.value(u"OTEL_SDK_DISABLED"_s)
               .trimmed()
               .compare("true"_L1, Qt::CaseInsensitive)
           == 0;
}

// Of what OpenTelemetry's variables ask for, and is not done.
void warnOfVariables(const QMap<QString, QString> &environment)
{
    const QString attributes = u"OTEL_RESOURCE_ATTRIBUTES"_s;
    if (!resourceAttributesFrom(environment.value(attributes)))
        qCWarning(base::lcAdmin).noquote() << attributes << "is not understood and left out.";
    for (const QString &name : {u"OTEL_EXPORTER_OTLP_PROTOCOL"_s,
                                u"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"_s,
                                u"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"_s}) {
        const QString protocol = environment.value(name);
        if (!protocol.isEmpty() && protocol != "http/json"_L1) {
            qCWarning(base::lcAdmin)
                << "Traces and metrics are sent by http/json alone, not by" << protocol.left(50);
            return;
        }
    }
}

} // namespace

OtlpService::OtlpService(const Foundation &foundation,
                         const IntegrationSecrets &secrets,
                         OwnAddress isOwnAddress,
                         storage::LedgerWriter *ledger,
                         QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_secrets(secrets)
    , m_isOwnAddress(std::move(isOwnAddress))
    , m_ledger(ledger)
    , m_isDisabled(saysDisabled(foundation.publisher.environment()))
    , m_instance(QUuid::createUuid().toString(QUuid::WithoutBraces))
    , m_meter(foundation, secrets, m_isOwnAddress, m_instance)
{
    m_pool.setMaxThreadCount(2); // a test does not wait for an export that hangs
    m_gathering.setInterval(m_patience.gathering);
    connect(&m_gathering, &QTimer::timeout, this, &OtlpService::send);
    connect(
        &m_base.publisher, &CatalogPublisher::catalogChanged, this, &OtlpService::applySettings);
    if (m_ledger) {
        m_observer = m_ledger->addObserver(
            [this](std::span<const storage::LedgerEntry> stored) { note(stored); });
    }
}

OtlpService::~OtlpService()
{
    if (m_ledger)
        m_ledger->removeObserver(m_observer);
    endWork();
}

void OtlpService::setPatience(OtlpPatience patience)
{
    m_meter.setPatience(patience);
    m_patience = std::move(patience);
    m_gathering.setInterval(m_patience.gathering);
}

qint64 OtlpService::dropped() const
{
    const std::lock_guard lock(m_mutex);
    return m_dropped;
}

size_t OtlpService::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting.size();
}

void OtlpService::applySettings()
{
    const auto &catalog = m_base.publisher.catalog();
    const domain::Settings::Integrations settings =
        catalog ? catalog->settings().integrations : domain::Settings::Integrations{};
    const bool isOn = settings.exportsTraces() && !m_stop.stop_requested();
    if ((isOn || settings.exportsMetrics()) && !std::exchange(m_isWarned, true))
        warnOfVariables(m_base.publisher.environment());
    if (isOn == m_isOn.exchange(isOn))
        return;
    if (isOn) {
        m_gathering.start();
        return;
    }
    m_gathering.stop();
    const std::lock_guard lock(m_mutex);
    m_waiting.clear();
}

void OtlpService::note(std::span<const storage::LedgerEntry> stored)
{
    m_meter.note(stored);
    if (!m_isOn)
        return;
    bool wakes = false;
    {
        const std::lock_guard lock(m_mutex);
        for (const storage::LedgerEntry &entry : stored) {
            if (!isTraced(entry.record))
                continue;
            if (m_waiting.size() == mostWaiting) {
                m_waiting.pop_front();
                ++m_dropped;
            }
            m_waiting.push_back(entry.record);
        }
        wakes = m_waiting.size() >= mostTogether && !std::exchange(m_isWoken, true);
    }
    if (wakes)
        QMetaObject::invokeMethod(this, &OtlpService::send, Qt::QueuedConnection);
}

std::vector<UsageRecord> OtlpService::takeWaiting()
{
    const std::lock_guard lock(m_mutex);
    const size_t count = std::min(m_waiting.size(), mostTogether);
    const auto end = m_waiting.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<UsageRecord> taken(std::make_move_iterator(m_waiting.begin()),
                                   std::make_move_iterator(end));
    m_waiting.erase(m_waiting.begin(), end);
    m_isWoken = false;
    return taken;
}

OtlpResource OtlpService::resource() const
{
    const auto &catalog = m_base.publisher.catalog();
    return catalog ? otlpResourceOf(catalog->settings().integrations, m_instance) : OtlpResource{};
}

OtlpOrder OtlpService::order() const
{
    OtlpOrder order{.headers = m_secrets.value(IntegrationSecret::OtlpHeaders),
                    .patience = m_patience,
                    .isOwnAddress = m_isOwnAddress};
    const auto &catalog = m_base.publisher.catalog();
    if (!catalog)
        return order;
    order.proxies = catalog->settings().proxies;
    const domain::Settings::Integrations &settings = catalog->settings().integrations;
    const QString &own = settings.openTelemetry.tracesEndpoint;
    if (settings.exportsTraces())
        order.url = own.isEmpty() ? tracesUrl(QUrl(settings.otlpEndpoint)) : QUrl(own);
    return order;
}

QFuture<Result<OtlpDelivery>> OtlpService::exportNow(std::vector<UsageRecord> records)
{
    return runIn(m_pool,
                 [order = order(),
                  records = std::move(records),
                  catalog = m_base.publisher.catalog(),
                  resource = resource(),
                  hurry = m_hurry.get_token(),
                  stop = m_stop.get_token()]() mutable {
                     const auto channelOf =
                         [&catalog](domain::ChannelId id) -> const domain::Channel * {
                         const domain::CatalogChannel *found = catalog->channel(id);
                         return found ? &found->channel : nullptr;
                     };
                     order.body = tracesBody(records, channelOf, resource);
                     return exportByOtlp(order, hurry, stop);
                 });
}

void OtlpService::send()
{
    tellOfDropped();
    if (m_isSending || !m_isOn || m_stop.stop_requested())
        return;
    sendNext();
}

void OtlpService::sendNext()
{
    std::vector<UsageRecord> records = takeWaiting();
    if (records.empty())
        return;
    const auto count = static_cast<qint64>(records.size());
    m_isSending = true;
    whenDone(
        exportNow(std::move(records)), this, [this, count](const Result<OtlpDelivery> &outcome) {
            m_isSending = false;
            tell(outcome, count);
            if (outcome)
                emit delivered(*outcome);
            else
                emit failed(outcome.error());
            if (waiting() >= mostTogether)
                send();
        });
}

void OtlpService::tell(const Result<OtlpDelivery> &outcome, qint64 requests)
{
    if (!outcome) {
        m_lost += requests;
        if (isTimeToTell(m_sinceLossTold)) {
            qCWarning(base::lcAdmin).noquote()
                << "The traces of" << std::exchange(m_lost, 0)
                << "requests were not taken:" << outcome.error().message.english();
        }
        return;
    }
    const bool isPartial = outcome->rejected > 0 || !outcome->message.isEmpty();
    if (isPartial && isTimeToTell(m_sinceLossTold)) {
        qCWarning(base::lcAdmin).noquote() << "The receiver of traces left out" << outcome->rejected
                                           << "spans and said:" << outcome->message;
    }
}

void OtlpService::tellOfDropped()
{
    const qint64 news = dropped() - m_toldDropped;
    if (news == 0 || !isTimeToTell(m_sinceDropTold))
        return;
    m_toldDropped += news;
    qCWarning(base::lcAdmin) << "Of" << news
                             << "requests no traces are sent: more ended than the receiver took.";
}

Answer<OtlpDelivery> OtlpService::test()
{
    if (m_isDisabled) {
        return refused<OtlpDelivery>(
            base::ErrorCode::Conflict,
            base::Message::tr("OTEL_SDK_DISABLED switched traces off when Gatehouse was started."));
    }
    OtlpOrder traces = order();
    traces.body = testTracesBody(resource(), m_base.clock.wallMilliseconds());
    traces.patience.pauses.clear();
    OtlpOrder metrics = m_meter.order();
    metrics.body = testMetricsBody(resource());
    metrics.patience.pauses.clear();
    return runIn(
        m_pool,
        [traces = std::move(traces),
         metrics = std::move(metrics),
         hurry = m_hurry.get_token(),
         stop = m_stop.get_token()]() -> Result<OtlpDelivery> {
            if (metrics.url.isEmpty())
                return exportByOtlp(traces, hurry, stop);
            Result<OtlpDelivery> outcome = OtlpDelivery{};
            if (!traces.url.isEmpty())
                outcome = exportByOtlp(traces, hurry, stop);
            if (!outcome)
                return outcome;
            const Result<OtlpDelivery> ofMetrics = exportByOtlp(metrics, hurry, stop);
            if (!ofMetrics) {
                return base::fail(
                    ofMetrics.error().code,
                    base::Message::tr("Metrics were not taken: %1").arg(ofMetrics.error().message));
            }
            return traces.url.isEmpty() ? ofMetrics : outcome;
        });
}

void OtlpService::finish()
{
    const QDeadlineTimer deadline(m_patience.farewell);
    m_meter.sayFarewell();
    m_gathering.stop();
    m_hurry.request_stop();
    if (m_isOn.exchange(false) && !m_stop.stop_requested()) {
        // As many as have no room in one export go in several, one after the other.
        for (auto records = takeWaiting(); !records.empty(); records = takeWaiting())
            exportNow(std::move(records));
        if (!m_pool.waitForDone(static_cast<int>(m_patience.farewell.count())))
            qCWarning(base::lcAdmin) << "The last traces were not taken in time.";
    }
    m_meter.finish(deadline);
    endWork();
}

void OtlpService::endWork()
{
    m_meter.endWork();
    m_isOn = false;
    m_gathering.stop();
    m_hurry.request_stop();
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

} // namespace gatehouse::admin
