#pragma once

#include "settings/settingspane.h"

namespace gatehouse::ui {

// All pages of settings in their order, with every setting on exactly one of them.
std::vector<PaneSpec> settingsPanes(const Services &services, SettingsStore &store);

} // namespace gatehouse::ui
