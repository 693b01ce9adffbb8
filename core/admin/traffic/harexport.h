#pragma once

#include "domain/capture.h"
#include "storage/traffic/trafficlines.h"

#include <QJsonObject>

namespace gatehouse::admin {

// The parts of an HTTP archive, HAR 1.2: heading, entries with a comma between them, ending.
QByteArray harHeading();
QByteArray harEnding();

// One request of a client as an entry. `fields`, a line of the other exports, stands in it as fields of
// our own, whose names begin with an underscore. `capture` is null where nothing is kept of head and
// body. `baseUrl`, of the gateway, has no slash at its end.
QJsonObject harEntry(const storage::TrafficRow &row,
                     const QJsonObject &fields,
                     const domain::Capture *capture,
                     const QString &baseUrl);

} // namespace gatehouse::admin
