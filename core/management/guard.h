#pragma once

#include "gateway/apihandler.h"
#include "management/router.h"

#include <QSet>
#include <QString>

#include <optional>

namespace gatehouse::management {

// Keeps web pages of others from reaching the management API through somebody's browser.

// The names, besides loopback names and addresses, under which the API may be asked. A page that had
// its own name resolved to this machine (DNS rebinding) sends that name as the host.
bool isAllowedHost(QByteArrayView host, const QSet<QByteArray> &names);

// The host of "Host" or of a URL: in lower case, without port and brackets.
QByteArray hostName(QByteArrayView authority);

// Why the request is refused, if it comes from a page of another origin (Origin, Sec-Fetch-Site) or
// if it is a change by the session's cookie that is not JSON.
std::optional<gateway::ApiResponse> foreignOrigin(const gateway::ApiRequest &request,
                                                  const Route &route);
std::optional<gateway::ApiResponse> unsafeForm(const gateway::ApiRequest &request);

} // namespace gatehouse::management
