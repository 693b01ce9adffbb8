#pragma once

#include "domain/outgoingproxies.h"
#include "upstream/call.h"

namespace gatehouse::relay {

// Says through which proxy the endpoint, whose host is set, is reached: the one of `own`, as Channel::proxy has
// it, else that of the environment. Every call that leaves the program goes by it.
void chooseProxy(upstream::Endpoint &endpoint,
                 const QString &own,
                 const domain::OutgoingProxies &environment);

} // namespace gatehouse::relay
