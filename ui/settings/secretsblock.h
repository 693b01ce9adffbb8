#pragma once

#include "preferences/settingsstore.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

class QPushButton;

namespace gatehouse::ui {

// Where the master key lies that seals what is secret, and the way to be rid of the keys of tokens, which is
// offered when keys are no longer to be shown again.
class SecretsBlock : public SettingsBlock
{
    Q_OBJECT

public:
    SecretsBlock(const Services &services, SettingsStore &store, QWidget *parent);

private:
    void setTexts();
    bool keepsKeys() const;
    void review();
    void askToForget();
    void forgetKeys();

    const Services m_services;
    SettingsStore &m_store;
    SecondaryLabel *m_place;
    SecondaryLabel *m_note;
    QPushButton *m_forget;
    SecondaryLabel *m_forgetNote;
    bool m_keepsKeys = true; // as it was seen the last time
};

} // namespace gatehouse::ui
