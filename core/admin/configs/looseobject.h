#pragma once

#include "base/result.h"

#include <QJsonObject>

#include <stop_token>

namespace gatehouse::admin {

// Files that people write by hand, as JSON. Errors tell a line and never what stands there. Both end
// early, with Cancelled, on a stop request.

// The first document of a YAML file, which must be a mapping. Scalars become texts, but for null. Aliases
// and merge keys (`<<`) are resolved; what is nested deeper than 64 levels or has more than a million values
// is refused.
base::Result<QJsonObject> objectFromYaml(const QByteArray &text, const std::stop_token &stop = {});

// JSON that may have comments, trailing commas, single quotes and bare names.
base::Result<QJsonObject> objectFromLooseJson(const QByteArray &text,
                                              const std::stop_token &stop = {});

} // namespace gatehouse::admin
