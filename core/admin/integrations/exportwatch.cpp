#include "admin/integrations/exportwatch.h"

#include "admin/catalogpublisher.h"
#include "admin/integrations/otlpservice.h"
#include "admin/integrations/webhookservice.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

const QString webhookSetting = u"integrations.webhook_url"_s;
const QString tracesSetting = u"integrations.otlp_endpoint"_s;
const QString metricsSetting = u"integrations.otlp_metrics"_s;

} // namespace

ExportWatch::ExportWatch(CatalogPublisher &publisher,
                         WebhookService &webhook,
                         OtlpService &otlp,
                         const base::Clock &clock,
                         QObject *parent)
    : QObject(parent)
    , m_publisher(publisher)
    , m_clock(clock)
{
    const auto watch = [this](auto &service, const QString &setting) {
        using Service = std::remove_reference_t<decltype(service)>;
        connect(&service, &Service::failed, this, [this, setting](const base::Error &error) {
            noteFailure(setting, error);
        });
        connect(&service, &Service::delivered, this, [this, setting] { noteSuccess(setting); });
    };
    watch(webhook, webhookSetting);
    watch(otlp, tracesSetting);
    watch(otlp.meter(), metricsSetting);
    connect(&publisher, &CatalogPublisher::catalogChanged, this, &ExportWatch::lookAtSettings);
}

std::vector<FailingExport> ExportWatch::failing() const
{
    return {m_failing.cbegin(), m_failing.cend()};
}

void ExportWatch::noteFailure(const QString &setting, const base::Error &error)
{
    if (error.code == base::ErrorCode::Cancelled)
        return;
    FailingExport &present = m_failing[setting];
    const FailingExport former = present;
    present.setting = setting;
    present.error = error;
    if (present.since == 0)
        present.since = m_clock.wallMilliseconds();
    if (present != former)
        emit changed();
}

void ExportWatch::noteSuccess(const QString &setting)
{
    if (m_failing.remove(setting) > 0)
        emit changed();
}

QMap<QString, QString> ExportWatch::targets() const
{
    const auto &catalog = m_publisher.catalog();
    if (!catalog)
        return {};
    const domain::Settings::Integrations &told = catalog->settings().integrations;
    return {{webhookSetting, told.webhookUrl},
            {tracesSetting, told.exportsTraces() ? told.otlpEndpoint : QString()},
            {metricsSetting, told.exportsMetrics() ? told.otlpEndpoint : QString()}};
}

// What failed at another address says nothing of this one.
void ExportWatch::lookAtSettings()
{
    const QMap<QString, QString> former = std::exchange(m_targets, targets());
    for (const QString &setting : m_failing.keys()) {
        if (former.value(setting) != m_targets.value(setting))
            noteSuccess(setting);
    }
}

} // namespace gatehouse::admin
