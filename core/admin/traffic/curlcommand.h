#pragma once

#include "domain/capture.h"

namespace gatehouse::admin {

// The request as a command of curl, for a POSIX shell, with $API_KEY for the key: text of ASCII and
// UTF-8 that can be pasted whatever bytes the request has. `baseUrl` has no slash at its end.
QString curlCommand(const domain::CapturedMessage &request, const QString &baseUrl);

} // namespace gatehouse::admin
