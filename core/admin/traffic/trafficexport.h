#pragma once

#include "admin/traffic/trafficservice.h"
#include "storage/traffic/trafficlines.h"

#include <QIODevice>

namespace gatehouse::admin {

// Writes what `condition` lets through into `file`, in parts, from a thread that may wait: it is the one
// that the promise is answered from. Ends early when the promise is cancelled.
base::Result<qint64> exportTraffic(storage::StorageThreads &threads,
                                   const storage::TrafficCondition &condition,
                                   const QString &file,
                                   ExportFormat format,
                                   QPromise<base::Result<qint64>> &promise);

// How the end of a request is called in exports and in the management API.
QString endName(domain::EndReason end);

// The first line of a file, empty for lines of JSON, and that of a request; each with its line feed.
QByteArray exportHeading(ExportFormat format);
QByteArray exportLine(const storage::TrafficRow &row, ExportFormat format);

} // namespace gatehouse::admin
