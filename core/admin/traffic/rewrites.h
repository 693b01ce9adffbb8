#pragma once

#include "admin/traffic/captureservice.h"
#include "protocol/operation.h"

namespace gatehouse::admin {

// Where two JSON objects differ, by the names of the members; those of the second alone come last.
// Conflict: one of the texts is no JSON object. At most some hundred places are told.
base::Result<std::vector<Rewrite>> rewritesBetween(const QByteArray &before,
                                                   const QByteArray &after);

// The events of a body whose parts came at the times of `marks`.
std::vector<StreamEvent> streamEventsOf(const QByteArray &body,
                                        const std::vector<domain::ByteMark> &marks,
                                        protocol::StreamForm form = protocol::StreamForm::Events);

} // namespace gatehouse::admin
