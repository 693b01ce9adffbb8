#pragma once

#include "http/headers.h"

#include <QByteArray>

namespace gatehouse::relay {

// A channel may lead to another gateway, and by mistake back to this one. So a request to an address
// that an administrator has entered names in this field the gateways that it has passed; the own
// addresses of providers are told nothing.
inline constexpr QByteArrayView hopField = "X-Gatehouse-Hops";

// A name for this run of a gateway, which tells nothing of it.
QByteArray newHop();

// True if a request with these fields was sent by the gateway of that name, or by one that it sent to.
bool hasPassed(const http::Headers &fields, QByteArrayView hop);

} // namespace gatehouse::relay
