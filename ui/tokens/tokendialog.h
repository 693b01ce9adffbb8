#pragma once

#include "admin/people/tokenmanager.h"
#include "widgets/dialogs/formdialog.h"
#include "widgets/services.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace gatehouse::ui {

class BudgetFields;
class ExpiryFields;
class NetworkFields;
class TagEdit;

// Creates a token or edits one. What was typed stays when the service refuses it.
class TokenDialog : public FormDialog
{
    Q_OBJECT

public:
    // Without `edited` a new one is made, for `services.actor` unless another owner is chosen.
    TokenDialog(const Services &services,
                std::optional<domain::Token> edited,
                QWidget *parent = nullptr);

    // What the fields say now.
    domain::Token token() const;

signals:
    // Of a new one, with its key.
    void created(const gatehouse::domain::Token &token);
    void changed(const gatehouse::domain::Token &before, const gatehouse::domain::Token &after);

private:
    void build();
    void addIdentity();
    void addBudget();
    void addLimits();
    void fill(const domain::Token &token);
    void fillOwners();
    bool review();
    void save();

    const Services m_services;
    const std::optional<domain::Token> m_edited;
    QLineEdit *m_name = nullptr;
    QComboBox *m_owner = nullptr;
    ExpiryFields *m_expiry = nullptr;
    TagEdit *m_models = nullptr;
    QCheckBox *m_unlimited = nullptr;
    BudgetFields *m_budget = nullptr;
    QSpinBox *m_requests = nullptr;
    QSpinBox *m_tokens = nullptr;
    QSpinBox *m_concurrent = nullptr;
    NetworkFields *m_network = nullptr;
    QComboBox *m_capture = nullptr;
};

} // namespace gatehouse::ui
