#pragma once

#include "preferences/settingsstore.h"
#include "settings/settingsblock.h"

namespace gatehouse::ui {

// Where the master key lies that seals what is secret; to be read alone.
class SecretsBlock : public SettingsBlock
{
    Q_OBJECT

public:
    SecretsBlock(SettingsStore &store, QWidget *parent);

private:
    void setTexts();

    SettingsStore &m_store;
    SecondaryLabel *m_place;
    SecondaryLabel *m_note;
};

} // namespace gatehouse::ui
