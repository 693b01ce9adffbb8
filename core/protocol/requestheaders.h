#pragma once

#include "domain/providertype.h"
#include "http/headers.h"

#include <QByteArrayView>

#include <functional>
#include <optional>

namespace gatehouse::protocol {

// True if a client's field goes on to a provider of the same dialect. Credentials, cookies,
// forwarding, hop-by-hop and framing fields never do, nor what is not known.
bool forwardsToProvider(domain::Dialect dialect, QByteArrayView name);

// The name under which a provider's field goes back to the client; empty: it does not. The
// provider's own request id comes back as x-provider-request-id, since the gateway has its own.
QByteArrayView nameForClient(QByteArrayView name);

// Adds the client's fields that go on, but those that `target` has already.
void addForwardedFields(const http::Headers &client,
                        domain::Dialect dialect,
                        http::Headers &target);

// What is shown in place of a value that holds a secret; nothing: it holds none.
using MaskedValue = std::function<std::optional<QByteArray>(QByteArrayView)>;
// Whether a client is told what its provider says of rate limits.
enum class ProviderLimits { Pass, Withhold };
// Adds the provider's fields that go back.
void addReturnedFields(const http::Headers &provider,
                       http::Headers &target,
                       const MaskedValue &masked,
                       ProviderLimits limits = ProviderLimits::Pass);

} // namespace gatehouse::protocol
