#pragma once

#include "base/message.h"
#include "domain/outgoingproxies.h"

namespace gatehouse::admin {

// How what no channel sends its own way leaves this program: through which proxies of the environment, and
// what goes past them. Without user names and passwords.
base::Message proxyWords(const domain::OutgoingProxies &proxies);

} // namespace gatehouse::admin
