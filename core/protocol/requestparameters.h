#pragma once

#include "domain/requesttrace.h"
#include "protocol/members.h"

namespace gatehouse::protocol {

// Keeps the member in `parameters` if it is one of them, in whatever dialect. A value that is not of the
// kind that its provider expects is left to the provider.
void noteParameter(domain::RequestParameters &parameters, const Member &member);

} // namespace gatehouse::protocol
