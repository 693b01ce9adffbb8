#pragma once

#include "preferences/settingsstore.h"
#include "settings/settingsblock.h"

class QPushButton;

namespace gatehouse::ui {

// Brings all settings back to their defaults, which can be undone as one change.
class ResetBlock : public SettingsBlock
{
    Q_OBJECT

public:
    ResetBlock(const Services &services, SettingsStore &store, QWidget *parent);

private:
    void refresh();
    void ask();
    void reset(const std::vector<admin::SettingView> &settings);

    const Services m_services;
    SettingsStore &m_store;
    QPushButton *m_reset;
};

} // namespace gatehouse::ui
