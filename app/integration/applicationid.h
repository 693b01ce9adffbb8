#pragma once

#include <QLatin1StringView>

namespace gatehouse::app {

// The name of the program for desktops: of its desktop file, its icon, its login item and its bundle.
inline constexpr QLatin1StringView applicationId{"org.gatehouse.Gatehouse"};

} // namespace gatehouse::app
