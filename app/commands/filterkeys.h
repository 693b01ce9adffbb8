#pragma once

#include "base/result.h"

#include <QStringList>

namespace gatehouse::app {

// Refuses a filter that names a key other than `known`. The window underlines such a word; on the command
// line nobody would see that it became free text, which finds nothing.
base::Result<> checkFilterKeys(const QString &filter, const QStringList &known);

} // namespace gatehouse::app
