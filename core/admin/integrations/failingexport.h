#pragma once

#include "base/error.h"

#include <QString>

namespace gatehouse::admin {

// What should go to another program and comes to nothing at present.
struct FailingExport
{
    QString setting{};   // that it belongs to: "integrations.webhook_url"
    base::Error error{}; // of the last time
    qint64 since = 0;    // of the first failure in a row; milliseconds since 1970, UTC

    bool operator==(const FailingExport &) const = default;
};

} // namespace gatehouse::admin
