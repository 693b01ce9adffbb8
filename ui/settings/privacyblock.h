#pragma once

#include "admin/traffic/captureservice.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

class QPushButton;

namespace gatehouse::ui {

// How much is kept of heads and bodies now, and the way to be rid of it.
class PrivacyBlock : public SettingsBlock
{
    Q_OBJECT

public:
    PrivacyBlock(const Services &services, QWidget *parent);
    void activated() override;

private:
    void refresh();
    void ask();
    void removeAll();

    const Services m_services;
    admin::CaptureTotals m_totals{};
    SecondaryLabel *m_kept;
    QPushButton *m_remove;
};

} // namespace gatehouse::ui
