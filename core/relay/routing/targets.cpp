#include "relay/routing/targets.h"

#include "domain/bodysecrets.h"
#include "relay/wayout.h"

namespace gatehouse::relay {

const QByteArray *HeadCache::find(const Place &place) const
{
    for (const Entry &entry : m_entries) {
        if (Place{entry.operation, entry.key, entry.model, entry.version, entry.form} == place)
            return &entry.head;
    }
    return nullptr;
}

const QByteArray &HeadCache::keep(const Place &place, QByteArray head)
{
    constexpr size_t mostEntries = 64;
    if (m_entries.size() >= mostEntries)
        m_entries.clear();
    m_entries.push_back({.operation = place.operation,
                         .key = place.key,
                         .model = place.model.toByteArray(),
                         .version = place.version.toByteArray(),
                         .form = place.form,
                         .head = std::move(head)});
    return m_entries.back().head;
}

const domain::ProviderType &typeFor(const domain::CatalogChannel &channel,
                                    protocol::Operation operation)
{
    if (channel.type->number != domain::provider::echo)
        return *channel.type;
    switch (protocol::dialectOf(operation)) {
    case domain::Dialect::Anthropic:
        return *domain::providerType(domain::provider::anthropic);
    case domain::Dialect::Gemini:
        return *domain::providerType(domain::provider::gemini);
    case domain::Dialect::OpenAi:
        break;
    }
    return *channel.type;
}

std::shared_ptr<const CompiledChannel> Targets::compile(const domain::CatalogChannel &channel,
                                                        const domain::OutgoingProxies &proxies)
{
    auto compiled = std::make_shared<CompiledChannel>();
    const base::Result<protocol::ParsedBaseUrl> base = protocol::parseBaseUrl(channel.baseUrl);
    if (!base) {
        compiled->problem = base.error().message;
        return compiled;
    }
    compiled->base = *base;
    const base::Result<protocol::ParsedBaseUrl> usual =
        protocol::parseBaseUrl(channel.type->defaultBaseUrl);
    compiled->isOwnAddress = !usual || usual->host != base->host || usual->port != base->port;
    compiled->account = {.type = channel.type,
                         .apiVersion = channel.channel.apiVersion.toUtf8(),
                         .organization = channel.channel.organization.toUtf8()};
    upstream::Endpoint endpoint{.tls = base->tls,
                                .host = base->host,
                                .port = base->port,
                                .certificateAuthority =
                                    channel.channel.certificateAuthority.toUtf8(),
                                .verifyCertificate = channel.channel.verifyCertificate,
                                .allowPrivateAddress = channel.channel.allowPrivateAddress};
    chooseProxy(endpoint, channel.channel.proxy, proxies);
    compiled->endpoint = std::make_shared<const upstream::Endpoint>(std::move(endpoint));
    const auto &overrides = channel.channel.headerOverrides;
    for (auto it = overrides.cbegin(); it != overrides.cend(); ++it)
        compiled->headerOverrides.emplace_back(it.key().toUtf8(), it.value().toUtf8());
    compiled->secretOverrides = domain::secretsOf(overrides);
    for (base::Secret &secret : domain::secretsOfBody(channel.channel.bodyOverrides))
        compiled->secretOverrides.push_back(std::move(secret));
    compiled->systemPrompt = channel.channel.systemPrompt.toUtf8();
    return compiled;
}

void Targets::setCatalog(std::shared_ptr<const domain::Catalog> catalog)
{
    m_channels.clear();
    m_catalog = std::move(catalog);
}

std::shared_ptr<const CompiledChannel>
Targets::compiled(const domain::CatalogChannel &channel,
                  const std::shared_ptr<const domain::Catalog> &catalog)
{
    // A request that began before a change goes on with its own catalog; what it needs is not kept.
    if (catalog != m_catalog)
        return compile(channel, catalog->settings().proxies);
    std::shared_ptr<const CompiledChannel> &known = m_channels[&channel];
    if (!known)
        known = compile(channel, catalog->settings().proxies);
    return known;
}

} // namespace gatehouse::relay
