#pragma once

#include <QCollator>
#include <QStringList>

namespace gatehouse::ui {

// Orders names as people do, in the language of the moment: without regard to case, "gpt-4" before
// "gpt-10".
QCollator naturalOrder();
void sortNaturally(QStringList &names);

} // namespace gatehouse::ui
