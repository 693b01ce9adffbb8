#pragma once

#include "admin/channels/channelprobe.h"

namespace gatehouse::admin {

// Asks the channel's provider what is left on its account. The key goes to the
// channel's own address alone. Runs in a pool's worker, with an event loop of its own, and takes at
// most the setting tests.timeout. Ends early on a stop request.
base::Result<domain::AccountBalance> probeBalance(const ProbeOrder &order,
                                                  const std::stop_token &stop);

} // namespace gatehouse::admin
