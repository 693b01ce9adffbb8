#pragma once

#include "domain/usagerecord.h"

#include <QJsonArray>
#include <QString>

#include <functional>
#include <span>

namespace gatehouse::admin {

// Null: the channel is gone.
using ChannelOf = std::function<const domain::Channel *(domain::ChannelId)>;

// Which requests become traces: those of clients, not tests nor entries of the management.
bool isTraced(const domain::UsageRecord &record);

// The spans of a request as JSON of OTLP: one of kind SERVER, and below it one of kind CLIENT for each
// attempt at a provider, by the conventions of OpenTelemetry for generative AI. They tell nothing of
// messages, keys, users or tokens. What the tokens were is told by the last attempt alone, so that sums
// over spans count them once. The ids follow from that of the request, so that what is sent twice is the
// same.
QJsonArray spansOf(const domain::UsageRecord &record, const ChannelOf &channelOf);

// What is sent: an ExportTraceServiceRequest in JSON.
QByteArray tracesBody(std::span<const domain::UsageRecord> records,
                      const ChannelOf &channelOf,
                      const QString &serviceName);
// One span that says that it is a test. In milliseconds since 1970, UTC.
QByteArray testTracesBody(const QString &serviceName, qint64 now);

} // namespace gatehouse::admin
