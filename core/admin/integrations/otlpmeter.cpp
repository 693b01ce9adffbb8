#include "admin/integrations/otlpmeter.h"

#include "admin/integrations/otlpspans.h"
#include "base/logging.h"
#include "domain/catalog.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Result;

namespace {

const domain::Channel *channelIn(const std::shared_ptr<const domain::Catalog> &catalog,
                                 domain::ChannelId id)
{
    const domain::CatalogChannel *found = catalog ? catalog->channel(id) : nullptr;
    return found ? &found->channel : nullptr;
}

} // namespace

OtlpMeter::OtlpMeter(const Foundation &foundation,
                     const IntegrationSecrets &secrets,
                     OwnAddress isOwnAddress,
                     QString instance,
                     QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_secrets(secrets)
    , m_isOwnAddress(std::move(isOwnAddress))
    , m_instance(std::move(instance))
{
    m_pool.setMaxThreadCount(1);
    connect(&m_interval, &QTimer::timeout, this, &OtlpMeter::send);
    connect(&m_base.publisher, &CatalogPublisher::catalogChanged, this, &OtlpMeter::applySettings);
}

OtlpMeter::~OtlpMeter()
{
    endWork();
}

void OtlpMeter::applySettings()
{
    const auto &catalog = m_base.publisher.catalog();
    const bool isOn =
        catalog && catalog->settings().integrations.exportsMetrics() && !m_hurry.stop_requested();
    {
        const std::lock_guard lock(m_catalogMutex);
        m_catalog = isOn ? catalog : nullptr;
    }
    m_measures.forgetChannels();
    if (isOn) {
        const auto interval = catalog->settings().integrations.otlpMetricsInterval;
        if (m_interval.intervalAsDuration() != interval)
            m_interval.setInterval(interval);
    }
    if (isOn == m_isOn)
        return;
    if (isOn) {
        m_measures.begin(m_base.clock.wallMilliseconds());
        m_interval.start();
    } else {
        m_interval.stop();
    }
    m_isOn = isOn;
}

void OtlpMeter::note(std::span<const storage::LedgerEntry> stored)
{
    if (!m_isOn)
        return;
    std::shared_ptr<const domain::Catalog> catalog;
    {
        const std::lock_guard lock(m_catalogMutex);
        catalog = m_catalog;
    }
    const auto channelOf = [&catalog](domain::ChannelId id) { return channelIn(catalog, id); };
    for (const storage::LedgerEntry &entry : stored) {
        if (isMeasured(entry.record))
            m_measures.note(entry.record, channelOf);
    }
}

OtlpOrder OtlpMeter::order() const
{
    OtlpOrder order{.headers = m_secrets.value(IntegrationSecret::OtlpHeaders),
                    .patience = m_patience,
                    .isOwnAddress = m_isOwnAddress};
    const auto &catalog = m_base.publisher.catalog();
    if (!catalog)
        return order;
    order.proxies = catalog->settings().proxies;
    const domain::Settings::Integrations &settings = catalog->settings().integrations;
    const QString &own = settings.openTelemetry.metricsEndpoint;
    if (settings.exportsMetrics())
        order.url = own.isEmpty() ? metricsUrl(QUrl(settings.otlpEndpoint)) : QUrl(own);
    return order;
}

QFuture<Result<OtlpDelivery>> OtlpMeter::exportNow()
{
    const auto &catalog = m_base.publisher.catalog();
    return runIn(m_pool,
                 [this,
                  order = order(),
                  resource = otlpResourceOf(catalog->settings().integrations, m_instance),
                  now = m_base.clock.wallMilliseconds(),
                  hurry = m_hurry.get_token(),
                  stop = m_stop.get_token()]() mutable -> Result<OtlpDelivery> {
                     order.body = m_measures.body(resource, now);
                     return order.body.isEmpty() ? OtlpDelivery{}
                                                 : exportByOtlp(order, hurry, stop);
                 });
}

void OtlpMeter::send()
{
    if (m_isSending || !m_isOn || m_stop.stop_requested())
        return;
    m_isSending = true;
    whenDone(exportNow(), this, [this](const Result<OtlpDelivery> &outcome) {
        m_isSending = false;
        tell(outcome);
        if (!outcome)
            emit failed(outcome.error());
        else if (outcome->tries > 0)
            emit delivered(*outcome);
    });
}

void OtlpMeter::tell(const Result<OtlpDelivery> &outcome)
{
    const bool isWhole = outcome && outcome->rejected == 0 && outcome->message.isEmpty();
    if (isWhole || !isTimeToTell(m_sinceTold))
        return;
    if (!outcome) {
        qCWarning(base::lcAdmin).noquote()
            << "The metrics were not taken:" << outcome.error().message.english();
    } else {
        qCWarning(base::lcAdmin).noquote()
            << "The receiver of metrics left out" << outcome->rejected
            << "points and said:" << outcome->message;
    }
}

void OtlpMeter::sayFarewell()
{
    m_interval.stop();
    m_hurry.request_stop();
    if (m_isOn.exchange(false) && !m_stop.stop_requested())
        exportNow();
}

void OtlpMeter::finish(QDeadlineTimer deadline)
{
    const auto left = static_cast<int>(std::max<qint64>(0, deadline.remainingTime()));
    if (!m_pool.waitForDone(left))
        qCWarning(base::lcAdmin) << "The last metrics were not taken in time.";
    endWork();
}

void OtlpMeter::endWork()
{
    m_isOn = false;
    m_interval.stop();
    m_hurry.request_stop();
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

} // namespace gatehouse::admin
