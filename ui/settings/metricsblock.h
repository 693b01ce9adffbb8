#pragma once

#include "base/secret.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

class QPushButton;

namespace gatehouse::ui {

class CopyButton;
class ShownSecret;

// The token that opens the metrics: one that was made is shown once, to be copied.
class MetricsBlock : public SettingsBlock
{
    Q_OBJECT

public:
    MetricsBlock(const Services &services, QWidget *parent);

private:
    void refresh();
    void ask();
    void make();

    const Services m_services;
    base::Secret m_made{}; // as long as the block lives
    QPushButton *m_make;
    QWidget *m_shown;
    ShownSecret *m_token;
    CopyButton *m_copy;
    SecondaryLabel *m_note;
};

} // namespace gatehouse::ui
