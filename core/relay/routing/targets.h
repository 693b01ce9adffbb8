#pragma once

#include "domain/catalog.h"
#include "protocol/providerurl.h"
#include "upstream/call.h"

#include <unordered_map>

namespace gatehouse::relay {

// The heads of calls through one channel but for what the client adds and the length of the body, as
// they were composed for earlier calls. They hold keys. Used in one thread.
class HeadCache
{
public:
    struct Place
    {
        protocol::Operation operation{};
        const domain::ChannelKey *key = nullptr;
        QByteArrayView model{};   // the provider's name of it
        QByteArrayView version{}; // the client's anthropic-version
        protocol::StreamForm form = protocol::StreamForm::Events;

        bool operator==(const Place &other) const
        {
            return operation == other.operation && key == other.key && model == other.model
                   && version == other.version && form == other.form;
        }
    };

    // Null: none is known.
    const QByteArray *find(const Place &place) const;
    const QByteArray &keep(const Place &place, QByteArray head);

private:
    struct Entry
    {
        protocol::Operation operation{};
        const domain::ChannelKey *key = nullptr;
        QByteArray model{};
        QByteArray version{};
        protocol::StreamForm form = protocol::StreamForm::Events;
        QByteArray head{};
    };

    std::vector<Entry> m_entries;
};

// What a call through a channel needs and what does not change from one request to the next. Its
// keys are those of the catalog that it was compiled from. Used in one thread.
struct CompiledChannel
{
    protocol::ParsedBaseUrl base{};
    protocol::ProviderAccount account{};
    std::shared_ptr<const upstream::Endpoint> endpoint{};
    std::vector<std::pair<QByteArray, QByteArray>> headerOverrides{};
    // Of headers and of the body, which a provider may repeat and nobody may see.
    std::vector<base::Secret> secretOverrides{};
    QByteArray systemPrompt{};
    bool isOwnAddress = false; // and not the provider's usual one: it may be another gateway
    base::Message problem{};   // why no call can be made; empty: it can
    mutable HeadCache heads{};
};

// The compiled channels of one thread, made when they are first needed.
class Targets
{
public:
    // Forgets what was compiled from other catalogs.
    void setCatalog(std::shared_ptr<const domain::Catalog> catalog);
    std::shared_ptr<const CompiledChannel>
    compiled(const domain::CatalogChannel &channel,
             const std::shared_ptr<const domain::Catalog> &catalog);

    // `proxies`: those of the environment.
    static std::shared_ptr<const CompiledChannel> compile(const domain::CatalogChannel &channel,
                                                          const domain::OutgoingProxies &proxies);

private:
    std::shared_ptr<const domain::Catalog> m_catalog;
    std::unordered_map<const domain::CatalogChannel *, std::shared_ptr<const CompiledChannel>>
        m_channels;
};

// The kind of provider that the channel is for this operation. Echo speaks every dialect.
const domain::ProviderType &typeFor(const domain::CatalogChannel &channel,
                                    protocol::Operation operation);

} // namespace gatehouse::relay
