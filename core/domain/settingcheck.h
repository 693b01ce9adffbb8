#pragma once

#include "domain/settings.h"

namespace gatehouse::domain {

// Refuses a text that is no value of the setting, or one out of its limits.
base::Result<> check(const SettingDescriptor &setting, const QString &value);

} // namespace gatehouse::domain
