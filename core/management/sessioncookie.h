#pragma once

#include "gateway/apihandler.h"

#include <chrono>
#include <vector>

namespace gatehouse::management {

// The values of all cookies named "session" that came with the request. There may be several, since
// cookies do not keep the ports of one host apart.
std::vector<QByteArray> sessionCookies(const gateway::ApiRequest &request);

// The header that makes a browser keep the cookie. It is sent over TLS alone if it was made there.
QByteArray setCookie(const QByteArray &value, std::chrono::seconds lifetime, bool tls);
// The header that makes a browser forget it.
QByteArray clearCookie(bool tls);

} // namespace gatehouse::management
