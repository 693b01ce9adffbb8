#pragma once

#include "protocol/providererror.h"

namespace gatehouse::admin {

// What is stored with a key or a channel that a machine disabled, in one line for people: the type
// of the refusal, the status and the provider's code.
QString reasonOf(const protocol::ProviderError &error);

// The line as it is to be shown.
base::Message shownReason(const QString &reason);

// The type of the refusal that such a line tells of.
bool meansOutOfCredit(const QString &reason);
bool meansKeyRefused(const QString &reason);

} // namespace gatehouse::admin
