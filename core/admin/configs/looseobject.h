#pragma once

#include "base/result.h"

#include <QJsonObject>

#include <stop_token>

namespace gatehouse::admin {

// Files that people write by hand, as JSON. Errors tell a line and never what stands there. Both end
// early, with Cancelled, on a stop request.

// The first document of a YAML file, which must be a mapping. Scalars become texts, but for null. Aliases
// and merge keys (`<<`) are resolved. Refused is what has more than 1 MiB, since the parser cannot be stopped
// and holds far more than that, what is nested deeper than 64 levels, and what has more than a million values.
base::Result<QJsonObject> objectFromYaml(const QByteArray &text, const std::stop_token &stop = {});

// JSON that may have comments, trailing commas and, up to the size of a YAML file, single quotes and bare
// names.
base::Result<QJsonObject> objectFromLooseJson(const QByteArray &text,
                                              const std::stop_token &stop = {});

} // namespace gatehouse::admin
