#include "admin/upkeep/restorelosses.h"

#include "admin/integrations/integrationsecrets.h"
#include "storage/repositories/metarepository.h"

namespace gatehouse::admin {

using base::Result;
using domain::LostSecrets;
using storage::Database;
using storage::MetaRepository;

RestoreLosses::RestoreLosses(const Foundation &foundation,
                             const IntegrationSecrets &secrets,
                             QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_secrets(secrets)
{
    connect(&m_secrets, &IntegrationSecrets::changed, this, &RestoreLosses::changed);
    connect(&m_base.publisher, &CatalogPublisher::catalogChanged, this, &RestoreLosses::changed);
}

Answer<> RestoreLosses::load()
{
    const auto stored = m_base.storage.read([](Database &database) {
        return MetaRepository(database).find(storage::meta::lostSecrets);
    });
    return onSuccess(stored, this, [this](const std::optional<QByteArray> &text) -> Result<> {
        m_lost = domain::lostSecretsFrom(text.value_or(QByteArray()));
        emit changed();
        return {};
    });
}

bool RestoreLosses::isMissing(domain::ChannelId channel) const
{
    const auto catalog = m_base.publisher.catalog();
    const domain::CatalogChannel *present = catalog ? catalog->channel(channel) : nullptr;
    return present && present->channel.keys.isEmpty() && !present->channel.isEnabled();
}

LostSecrets RestoreLosses::missing() const
{
    const auto catalog = m_base.publisher.catalog();
    if (m_lost.isEmpty() || !catalog)
        return {};
    const domain::Settings::Integrations &integrations = catalog->settings().integrations;
    LostSecrets missing = m_lost;
    missing.channels.removeIf([this](domain::ChannelId channel) { return !isMissing(channel); });
    if (m_lost.isTold) {
        missing.tokens = 0;
        missing.authority = false;
    }
    missing.metricsToken = missing.metricsToken && integrations.metrics
                           && m_secrets.value(IntegrationSecret::MetricsToken).isEmpty();
    missing.webhookSecret = missing.webhookSecret && !integrations.webhookUrl.isEmpty()
                            && m_secrets.value(IntegrationSecret::WebhookSecret).isEmpty();
    missing.otlpHeaders = missing.otlpHeaders && !integrations.otlpEndpoint.isEmpty()
                          && m_secrets.value(IntegrationSecret::OtlpHeaders).isEmpty();
    return missing;
}

Answer<> RestoreLosses::noteTold()
{
    m_lost.isTold = true;
    const auto stored = m_base.storage.write([told = m_lost](Database &database) {
        return MetaRepository(database).save(storage::meta::lostSecrets,
                                             domain::lostSecretsJson(told));
    });
    return onSuccess(stored, this, [this]() -> Result<> {
        emit changed();
        return {};
    });
}

} // namespace gatehouse::admin
