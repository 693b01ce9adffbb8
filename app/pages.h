#pragma once

#include "frame/mainwindow.h"

namespace gatehouse::app {

// How the pages of the main window are made.
ui::PageFactories pageFactories();

} // namespace gatehouse::app
