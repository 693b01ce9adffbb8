#pragma once

#include <QString>

namespace gatehouse::ui {

// `text` for a tool tip, which guesses whether it is given markup: shown as it is, whatever it holds,
// and in lines of a readable length. Short and harmless texts stay the same.
QString plainTip(const QString &text);

} // namespace gatehouse::ui
