#pragma once

#include "frame/mainwindow.h"
#include "preferences/settingsstore.h"

namespace gatehouse::app {

// How the pages of the main window are made.
ui::PageFactories pageFactories(const ui::SettingsHooks &hooks = {});

} // namespace gatehouse::app
