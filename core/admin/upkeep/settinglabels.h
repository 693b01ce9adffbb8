#pragma once

#include "domain/settings.h"

namespace gatehouse::admin {

// How settings are called in a window, in the language of the program.

// In a few words; empty: there is no such setting.
QString settingLabel(const QString &key);
// Of one of its choices; the value itself, where that has no name.
QString settingChoiceLabel(const QString &key, const QString &value);
// In which a number is counted; empty: in none.
QString settingUnit(domain::SettingDescriptor::Kind kind);
// A text of the core about a setting.
QString settingText(const QString &english);

} // namespace gatehouse::admin
