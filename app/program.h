#pragma once

namespace gatehouse::app {

// Gives the process its name and version, of which the names of directories are made.
void nameProgram();

// Whether this program was built with the window.
bool hasWindow();

// Whether a window could be shown at all.
bool hasDisplay();

} // namespace gatehouse::app
