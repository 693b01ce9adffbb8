#pragma once

#include "admin/integrations/otlpattributes.h"
#include "domain/usagerecord.h"

#include <QJsonArray>

#include <span>

namespace gatehouse::admin {

// Which entries of the ledger are requests of clients, not tests nor entries of the management.
bool isMeasured(const domain::UsageRecord &record);
// Which of them become traces: all but those whose client says that it does not record its own part.
bool isTraced(const domain::UsageRecord &record);

// The spans of a request as JSON of OTLP: one of kind SERVER, and below it one of kind CLIENT for each
// attempt at a provider, by the conventions of OpenTelemetry for generative AI. They tell nothing of
// messages, keys, users or tokens. What the tokens were is told by the last attempt alone, so that sums
// over spans count them once. The ids follow from that of the request, so that what is sent twice is the
// same; a request that is in a trace of its client's goes on with that.
QJsonArray spansOf(const domain::UsageRecord &record, const ChannelOf &channelOf);

// What is sent: an ExportTraceServiceRequest in JSON.
QByteArray tracesBody(std::span<const domain::UsageRecord> records,
                      const ChannelOf &channelOf,
                      const OtlpResource &resource);
// One span that says that it is a test. In milliseconds since 1970, UTC.
QByteArray testTracesBody(const OtlpResource &resource, qint64 now);

} // namespace gatehouse::admin
