#pragma once

#include "admin/traffic/trafficservice.h"
#include "storage/traffic/trafficlines.h"

#include <QIODevice>

namespace gatehouse::admin {

// Writes what `condition` lets through into the target, in parts, from a thread that may wait: it is the
// one that the promise is answered from. Ends early when the promise is cancelled.
base::Result<qint64> exportTraffic(storage::StorageThreads &threads,
                                   const storage::TrafficCondition &condition,
                                   const ExportTarget &target,
                                   const TrafficService::FindCapture &findCapture,
                                   QPromise<base::Result<qint64>> &promise);
// Writes one request, from such a thread too.
base::Result<qint64> exportRequest(const storage::TrafficRow &row,
                                   const ExportTarget &target,
                                   const TrafficService::FindCapture &findCapture);

// How the end of a request is called in exports and in the management API.
QString endName(domain::EndReason end);

// What a file begins with; of a table its first line.
QByteArray exportHeading(ExportFormat format);
// That of a request in a table or in lines of JSON, with its line feed.
QByteArray exportLine(const storage::TrafficRow &row, ExportFormat format);

} // namespace gatehouse::admin
