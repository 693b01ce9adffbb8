#pragma once

#include "admin/traffic/captureservice.h"
#include "protocol/operation.h"

namespace gatehouse::admin {

// Where two JSON objects differ, by the names of the members; those of the second alone come last.
// Conflict: one of the texts is no JSON object. At most some hundred places are told.
base::Result<std::vector<Rewrite>> rewritesBetween(const QByteArray &before,
                                                   const QByteArray &after);

// The same of two streams, event by event in their order. What is no JSON in them is compared as text.
base::Result<std::vector<Rewrite>> rewritesBetweenStreams(const QByteArray &before,
                                                          protocol::StreamForm formBefore,
                                                          const QByteArray &after,
                                                          protocol::StreamForm formAfter);

// The events of a body whose parts came at the times of `marks`.
std::vector<StreamEvent> streamEventsOf(const QByteArray &body,
                                        const std::vector<domain::ByteMark> &marks,
                                        protocol::StreamForm form = protocol::StreamForm::Events);

} // namespace gatehouse::admin
