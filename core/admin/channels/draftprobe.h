#pragma once

#include "admin/channels/channelprobe.h"
#include "admin/channels/drafttest.h"

namespace gatehouse::admin {

// Tries the key at `position` of a draft whose secrets are complete. Runs in a pool's worker as
// probeChannel() does, and ends early on a stop request.
DraftKeyReport probeDraftKey(const DraftTestOrder &order,
                             int position,
                             const domain::Settings &settings,
                             const std::stop_token &stop);

} // namespace gatehouse::admin
