#pragma once

#include "domain/settings.h"

namespace gatehouse::domain {

// The parts of settingDescriptors(), without what follows from the keys.
std::vector<SettingDescriptor> serverDescriptors();
std::vector<SettingDescriptor> httpDescriptors();
std::vector<SettingDescriptor> relayDescriptors();
std::vector<SettingDescriptor> cacheDescriptors();
std::vector<SettingDescriptor> accountingDescriptors();
std::vector<SettingDescriptor> trafficDescriptors();
std::vector<SettingDescriptor> integrationDescriptors();
std::vector<SettingDescriptor> textDescriptors();

} // namespace gatehouse::domain
