#pragma once

#include <QString>

namespace gatehouse::admin {

// What a setting is called in a window, in a few words and in the language of the program; empty:
// there is no such setting.
QString settingLabel(const QString &key);

} // namespace gatehouse::admin
