#pragma once

#include <QHostAddress>

#include <optional>

namespace gatehouse::upstream {

// True if a connection may be made to the address. Never: link-local, multicast, reserved and
// unspecified addresses, and those at which clouds hand out credentials. Only with `allowPrivate`:
// loopback and the ranges of private networks. An IPv4 address inside an IPv6 one (mapped,
// compatible, NAT64, 6to4) is judged as the IPv4 address that it leads to.
bool mayConnect(const QHostAddress &address, bool allowPrivate);

// The address, if `host` is one in any form that a resolver takes for an address without asking
// anyone: "127.0.0.1", "127.1", "0x7f000001", "2130706433", "::1".
std::optional<QHostAddress> literalAddress(const QByteArray &host);

// True for "localhost" and the names below it (RFC 6761, section 6.3).
bool isLocalhost(const QByteArray &host);

} // namespace gatehouse::upstream
