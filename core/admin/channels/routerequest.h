#pragma once

#include "base/result.h"
#include "domain/catalog.h"
#include "protocol/peek.h"

namespace gatehouse::admin {

// The operation that a body was most likely written for, by the members that only one of them has.
protocol::Operation likelyOperation(const QByteArray &body);

// Reads the body as the gateway does. `pathModel` is the model of operations that name it in their
// path. Fails with what its client would be told and, where JSON ends early, with the place.
base::Result<protocol::Peek> peekAt(const QByteArray &body,
                                    protocol::Operation operation,
                                    const QByteArray &pathModel,
                                    const domain::Catalog &catalog);

// A request for the model of which nothing is known but how much it has the model read.
protocol::Peek
peekOfSize(qint64 promptTokens, protocol::Operation operation, const QByteArray &model);

} // namespace gatehouse::admin
