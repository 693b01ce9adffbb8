#pragma once

#include "widgets/dialogs/formdialog.h"
#include "widgets/services.h"

namespace gatehouse::ui {

class SecretField;

// Asks for a new password of the administrator twice and sets it.
class PasswordDialog : public FormDialog
{
    Q_OBJECT

public:
    explicit PasswordDialog(const Services &services, QWidget *parent = nullptr);

signals:
    void changed();

protected:
    // Entered again in a moment.
    bool isModified() const override { return false; }

private:
    void review();
    void save();

    const Services m_services;
    SecretField *m_password;
    SecretField *m_repeated;
};

} // namespace gatehouse::ui
