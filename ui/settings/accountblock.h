#pragma once

#include "settings/settingsblock.h"
#include "widgets/services.h"

class QPushButton;

namespace gatehouse::ui {

// The administrator's password, and the end of all sessions.
class AccountBlock : public SettingsBlock
{
    Q_OBJECT

public:
    AccountBlock(const Services &services, QWidget *parent);

private:
    void setTexts();
    void changePassword();
    void askSignOut();
    void signOut();

    const Services m_services;
    QPushButton *m_password;
    QPushButton *m_signOut;
    SecondaryLabel *m_passwordNote;
    SecondaryLabel *m_signOutNote;
};

} // namespace gatehouse::ui
