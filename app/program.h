#pragma once

namespace gatehouse::app {

// Gives the process its name and version, of which the names of directories are made.
void nameProgram();

// Qt would send sockets that name no proxy, and even listen, through the system's by a rule of its own. What
// goes through one is domain::proxyFor()'s to say.
void leaveSystemProxies();

// Whether this program was built with the window.
bool hasWindow();

// Whether a window could be shown at all.
bool hasDisplay();

} // namespace gatehouse::app
