// What of a channel besides its keys may be a secret: a header, a member of the body or a proxy's URL
// may carry a password, and a provider's settings may hold an account. It is sealed as one text.
#include "storage/repositories/channelrepository.h"

#include "base/json.h"
#include "base/logging.h"
#include "storage/repositories/sealingcontexts.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Result;
using domain::Channel;
using domain::ChannelId;

namespace {

base::Secret packed(const Channel &channel)
{
    QJsonObject headers;
    for (auto it = channel.headerOverrides.begin(); it != channel.headerOverrides.end(); ++it)
        headers.insert(it.key(), it.value());
    return base::Secret(base::compactJson({{u"headers"_s, headers},
                                           {u"body"_s, channel.bodyOverrides},
                                           {u"proxy"_s, channel.proxy},
                                           {u"config"_s, channel.config}}));
}

bool hasSecrets(const Channel &channel)
{
    return !channel.headerOverrides.isEmpty() || !channel.bodyOverrides.isEmpty()
           || !channel.proxy.isEmpty() || !channel.config.isEmpty();
}

} // namespace

Result<> ChannelRepository::openSecrets(QByteArrayView sealed, Channel &channel) const
{
    return m_sealer.open(sealed, channelSecretsContext(channel.id))
        .and_then([](const base::Secret &text) { return base::parseJsonObject(text.reveal()); })
        .map([&channel](const QJsonObject &object) {
            const QJsonObject headers = object.value(u"headers"_s).toObject();
            for (auto it = headers.begin(); it != headers.end(); ++it)
                channel.headerOverrides.insert(it.key(), it.value().toString());
            // Earlier versions left it out and the column open.
            if (object.contains(u"body"_s))
                channel.bodyOverrides = object.value(u"body"_s).toObject();
            channel.proxy = object.value(u"proxy"_s).toString();
            channel.config = object.value(u"config"_s).toObject();
        });
}

Result<>
ChannelRepository::storeSecrets(ChannelId id, const Channel &channel, Destination destination)
{
    const QVariant sealed =
        hasSecrets(channel) ? QVariant(m_sealer.seal(packed(channel), channelSecretsContext(id)))
                            : QVariant(QMetaType(QMetaType::QByteArray));
    return done(execute(m_database,
                        u"UPDATE %1 SET secrets_sealed = :sealed, header_overrides = '{}',"
                        " body_overrides = '{}', proxy = '', config = '{}' WHERE id = :id"_s.arg(
                            tableAt(destination, u"channels"_s)),
                        {{u":sealed"_s, sealed}, {u":id"_s, id.value}}));
}

} // namespace gatehouse::storage
