#pragma once

#include "domain/channel.h"

namespace gatehouse::admin {

// Bedrock and Vertex AI.
bool hasCloudAccount(int type);

// The account of a cloud (a JSON document) as a key of a channel, which is sealed like any other: in one
// line and without spaces, still the same document. Empty: it is no JSON object.
base::Secret keyOfCloudAccount(const QByteArray &document);

// Consoles of One API send the account of a cloud within "config", which is told to administrators. It is
// taken out; where no key was entered beside, it becomes the key of a channel of that cloud.
void takeKeysFromConfig(domain::Channel &channel);

} // namespace gatehouse::admin
