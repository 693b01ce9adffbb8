#pragma once

#include "domain/channel.h"
#include "domain/channelfindings.h"
#include "storage/database.h"

#include <map>

namespace gatehouse::storage {

// Of all channels that are not deleted.
base::Result<std::map<domain::ChannelId, domain::ChannelFindings>>
channelFindings(Database &database);

} // namespace gatehouse::storage
