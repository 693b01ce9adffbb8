#pragma once

#include "domain/channel.h"

#include <QByteArray>

// What is said of each sealed text when it is sealed; see KeySealer.
namespace gatehouse::storage {

inline QByteArray channelKeyContext(domain::ChannelId channel)
{
    return "channel-key/" + QByteArray::number(channel.value);
}

inline QByteArray channelSecretsContext(domain::ChannelId channel)
{
    return "channel-secrets/" + QByteArray::number(channel.value);
}

inline QByteArray tokenKeyContext(const QByteArray &keyHash)
{
    return "token-key/" + keyHash.toHex();
}

inline constexpr QByteArrayView localAuthorityContext = "local-authority-key";
inline constexpr QByteArrayView sessionSecretContext = "session-secret";
inline constexpr QByteArrayView metricsTokenContext = "integration:metrics-token";
inline constexpr QByteArrayView webhookSecretContext = "integration:webhook-secret";
inline constexpr QByteArrayView otlpHeadersContext = "integration:otlp-headers";

} // namespace gatehouse::storage
