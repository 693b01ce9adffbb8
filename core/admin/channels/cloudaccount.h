#pragma once

#include "domain/channel.h"

namespace gatehouse::admin {

// The account of a cloud (a JSON document) as a key of a channel, which is sealed like any other: in one
// line and without spaces, still the same document. Empty: it is no JSON object.
base::Secret keyOfCloudAccount(const QByteArray &document);

// Consoles of One API send the keys of clouds within "config", too, which is told to administrators. They
// become a key of the channel, in the place of those that are stored, unless they are one.
void takeKeysFromConfig(domain::Channel &channel);

} // namespace gatehouse::admin
