#pragma once

#include "widgets/services.h"

#include <QDialog>

class QPushButton;

namespace gatehouse::ui {

class Form;
class MessageBar;
class SecretField;

// Asks for a new password of the administrator twice and sets it.
class PasswordDialog : public QDialog
{
    Q_OBJECT

public:
    explicit PasswordDialog(const Services &services, QWidget *parent = nullptr);

signals:
    void changed();

private:
    void review();
    void save();

    const Services m_services;
    MessageBar *m_messages;
    Form *m_form;
    SecretField *m_password;
    SecretField *m_repeated;
    QPushButton *m_save = nullptr;
};

} // namespace gatehouse::ui
