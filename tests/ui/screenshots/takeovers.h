#pragma once

#include "ui/screenshots/stage.h"

namespace gatehouse::screenshots {

// What comes from elsewhere and is asked about first: channels of links, imports, the first run.
QList<Shot> takeovers();

} // namespace gatehouse::screenshots
