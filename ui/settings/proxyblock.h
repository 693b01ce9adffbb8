#pragma once

#include "settings/settingsblock.h"
#include "widgets/services.h"

namespace gatehouse::ui {

// Through which proxies this program reaches providers and other receivers, as the environment says.
class ProxyBlock : public SettingsBlock
{
    Q_OBJECT

public:
    ProxyBlock(const Services &services, QWidget *parent);
};

} // namespace gatehouse::ui
