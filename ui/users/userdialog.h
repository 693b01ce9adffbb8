#pragma once

#include "admin/people/userservice.h"
#include "widgets/dialogs/formdialog.h"
#include "widgets/services.h"

class QComboBox;
class QLineEdit;

namespace gatehouse::ui {

class BudgetFields;
class SecretField;

// Adds a user or edits one. What was typed stays when the service refuses it.
class UserDialog : public FormDialog
{
    Q_OBJECT

public:
    UserDialog(const Services &services,
               std::optional<domain::User> edited,
               QWidget *parent = nullptr);

signals:
    void created(const gatehouse::domain::User &user);
    void changed(const gatehouse::admin::StoredUser &change);

private:
    void build();
    void fill();
    void fillGroups();
    bool review();
    void save();
    void saveNew();
    void saveChange();

    const Services m_services;
    const std::optional<domain::User> m_edited;
    QLineEdit *m_username = nullptr;
    QLineEdit *m_displayName = nullptr;
    QLineEdit *m_email = nullptr;
    SecretField *m_password = nullptr;
    SecretField *m_repeated = nullptr;
    QComboBox *m_role = nullptr;
    QComboBox *m_group = nullptr;
    BudgetFields *m_budget = nullptr;
};

} // namespace gatehouse::ui
