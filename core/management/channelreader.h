#pragma once

#include "domain/channel.h"

#include <QJsonObject>

#include <vector>

namespace gatehouse::management {

// Reads One API's members of a channel and this gateway's further ones into `channel`. What is
// absent or null stays as it is, and so do masked secrets. A `key` that is not empty replaces all
// keys, one a line.
base::Result<> readChannel(const QJsonObject &json, domain::Channel &channel);

// The channels that a new one's JSON means: one for each line of `key`, as in One API; with
// "key_mode": "multi" one that has all of them.
base::Result<std::vector<domain::Channel>> readNewChannels(const QJsonObject &json);

} // namespace gatehouse::management
