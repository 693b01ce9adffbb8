#pragma once

#include "admin/actor.h"

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
};

} // namespace gatehouse::ui
