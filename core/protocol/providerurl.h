#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "domain/providertype.h"
#include "protocol/operation.h"

#include <QByteArray>
#include <QString>

#include <utility>
#include <vector>

namespace gatehouse::protocol {

// A base URL taken apart, once for a channel and not for each request.
struct ParsedBaseUrl
{
    bool tls = true;
    QByteArray host{}; // a name, or an address without brackets
    quint16 port = 443;
    QByteArray hostHeader{};          // with brackets and a port that is not the usual one
    QByteArray path{};                // begins with a slash and does not end in one; or empty
    bool isCloudflareGateway = false; // https://gateway.ai.cloudflare.com/…
};

// Fails on what is no http or https URL with a host.
base::Result<ParsedBaseUrl> parseBaseUrl(QByteArrayView baseUrl);

// What a channel says of its calls.
struct ProviderAccount
{
    const domain::ProviderType *type = nullptr;
    const ParsedBaseUrl *base = nullptr;
    QByteArray
        apiVersion{}; // Azure's api-version, Gemini's v1beta, Anthropic's date; empty: the default
    QByteArray organization{}; // OpenAI-Organization
};

// Where a call goes, and what tells the provider who asks. Holds a key.
struct ProviderTarget
{
    bool tls = true;
    QByteArray host{};
    quint16 port = 443;
    QByteArray hostHeader{};
    QByteArray path{}; // with the query
    // Names and values; among them the one that carries the key, but not Host.
    std::vector<std::pair<QByteArray, QByteArray>> headers{};
};

// `model` is the provider's name of it. `clientAnthropicVersion` is what the client sent; empty:
// nothing. `form` is that of a stream. Fails with InvalidInput if the provider does not offer the operation.
base::Result<ProviderTarget> providerTarget(const ProviderAccount &account,
                                            Operation operation,
                                            QByteArrayView model,
                                            const base::Secret &key,
                                            QByteArrayView clientAnthropicVersion = {},
                                            StreamForm form = StreamForm::Events);

// The URL that chat (or the dialect's like) will call, for people. It holds no key. "{model}" stands
// for the model where it is a part of the path.
QString displayUrl(const domain::ProviderType &type,
                   QByteArrayView baseUrl,
                   const QString &apiVersion = {});

// True if providers of this type understand requests of the operation without translation.
bool offers(const domain::ProviderType &type, Operation operation);

} // namespace gatehouse::protocol
