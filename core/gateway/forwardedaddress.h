#pragma once

#include "http/headers.h"

#include <QHostAddress>

#include <functional>

namespace gatehouse::gateway {

// An address as IPv4 where it is one, also on a listener for both kinds.
QHostAddress plainAddress(const QHostAddress &address);

// One hop of X-Forwarded-For, which may be quoted or have a port. Null: it is no address.
QHostAddress hopAddress(QByteArrayView hop);

// The client as trusted proxies name it in X-Forwarded-For: the last hop that is none of them, or the
// first one where all are. Null where that hop cannot be read; `peer` where nobody says anything.
QHostAddress forwardedAddress(const http::Headers &fields,
                              const QHostAddress &peer,
                              const std::function<bool(const QHostAddress &)> &trusts);

} // namespace gatehouse::gateway
