#pragma once

#include <QString>

namespace gatehouse::ui {

// How the window writes times of day.
enum class ClockFormat { Hours24, Hours12 };

// What the system's locale does.
ClockFormat systemClockFormat();

// At first by 24 hours. Widgets learn of a change by QEvent::LanguageChange, as they do of other words.
// Belongs to the main thread.
void setClockFormat(ClockFormat format);
ClockFormat clockFormat();

// The pattern of a moment, which has its time as HH:mm or HH:mm:ss, with the time as it is to be written.
QString clockPattern(QString pattern);

} // namespace gatehouse::ui
