#pragma once

#include "admin/actor.h"

#include <QString>

namespace gatehouse::admin {
class Administration;
class ChannelTester;
class GatewayControl;
} // namespace gatehouse::admin

namespace gatehouse::ui {

class UiState;
class UndoStack;

// What pages and dialogs work with. The window acts as root; all of it outlives the window.
struct Services
{
    admin::Administration &administration;
    admin::ChannelTester &tester;
    admin::GatewayControl &gateway;
    admin::Actor actor;
    UiState &state;
    UndoStack &undo;
    QString dataDirectory{}; // as a command line has to name it; empty where it is the usual one
};

} // namespace gatehouse::ui
