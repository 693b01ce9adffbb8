#pragma once

#include "domain/catalog.h"
#include "relay/admission/refusal.h"
#include "secrets/tokenkey.h"

#include <QHostAddress>

namespace gatehouse::relay {

// Who asks, and with which token. It points into the catalog it was found in.
struct Caller
{
    const domain::CatalogToken *token = nullptr;
    // An administrator may name the one channel that is to serve (sk-KEY-CHANNELID).
    std::optional<domain::ChannelId> pinnedChannel{};
    bool byFormerKey = false; // the key was rotated, and is valid for a while
};

// The key that came last on a connection, and its hash: most clients send the same one each time.
struct KnownKey
{
    QByteArray key{};
    secrets::KeyHash hash{};
};

// The one place where a key becomes a caller, whichever header it came in. `key` is what the client
// sent, with or without "sk-"; `now` are seconds since 1970. `known` saves hashing the same key again.
Admitted<Caller> identify(const domain::Catalog &catalog,
                          QByteArrayView key,
                          const QHostAddress &client,
                          qint64 now,
                          KnownKey *known = nullptr);

// What identify() checks apart from the key and the address: the token and its owner may be served.
Admitted<> mayEnter(const domain::CatalogToken &token, qint64 now);

// Whether the token may use the model at all.
Admitted<> mayUse(const Caller &caller, const QByteArray &model);

} // namespace gatehouse::relay
