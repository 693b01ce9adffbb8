#pragma once

#include "domain/requesttrace.h"
#include "http/headers.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace gatehouse::protocol {

// True for the two fields of W3C Trace Context, `traceparent` and `tracestate`.
bool isTraceField(QByteArrayView name);

// What the fields of a request say (https://www.w3.org/TR/trace-context/). Absent: there is no
// `traceparent`, more than one, or one that is not valid, beside which `tracestate` says nothing. Of a
// `tracestate` that is not valid itself, the state is empty. Of a version that is not known yet, what
// the first version has is read.
std::optional<domain::TraceContext> traceContextOf(const http::Headers &headers);

// The value of `traceparent` that makes the span `spanId` the parent of whoever receives it.
QByteArray traceparent(const domain::TraceContext &context, QByteArrayView spanId);

} // namespace gatehouse::protocol
