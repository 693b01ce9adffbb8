#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::relay {

// The id of a request is the gateway's own, which no other request has: the ledger knows it by that.
// Where the client gave its request an id (X-Request-Id), that stands behind it and a full stop, so
// that a search for it finds the request.
inline constexpr qsizetype ownIdCharacters = 26;

// `own` is `ownIdCharacters` long. `ofClient` counts if it is up to 128 letters, digits, ".", "_" and
// "-"; empty: there is none.
QByteArray requestIdFrom(QByteArray own, QByteArrayView ofClient);

// What the client is told in X-Request-Id: its own id, or the gateway's.
QByteArrayView idForClient(QByteArrayView requestId);

} // namespace gatehouse::relay
