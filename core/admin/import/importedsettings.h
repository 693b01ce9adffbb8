#pragma once

#include "base/secret.h"
#include "domain/channel.h"
#include "storage/import/foreigngateway.h"

#include <QHash>

namespace gatehouse::admin {

// Fills in what One API and New API keep of a channel in JSON texts. Gives what could not be taken over;
// no word of it is from these texts, which may hold secrets.
std::vector<base::Message> applySettings(const storage::ForeignChannel &source,
                                         storage::ForeignKind kind,
                                         domain::Channel &channel);

// The state of one of several keys, by the line that it stands in.
struct KeyState
{
    bool enabled = true;
    bool byMachine = false;
};
QHash<int, KeyState> keyStates(const base::Secret &channelInfo);

} // namespace gatehouse::admin
