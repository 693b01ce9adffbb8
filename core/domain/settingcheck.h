#pragma once

#include "domain/settings.h"

namespace gatehouse::domain {

// Refuses a text that is no value of the setting, or one out of its limits.
base::Result<> check(const SettingDescriptor &setting, const QString &value);

// The variable of the environment that stands above the setting: GATEHOUSE_SERVER_LISTEN.
QString variableOf(const SettingDescriptor &setting);

} // namespace gatehouse::domain
