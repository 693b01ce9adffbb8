#pragma once

#include <QString>

namespace gatehouse::ui {

// What the action of that name does, in one translated sentence for the line at the bottom of the window;
// empty: its text says it all.
QString actionTip(const QString &name);

} // namespace gatehouse::ui
