#pragma once

#include "base/secret.h"
#include "widgets/services.h"
#include "wizard/wizardstep.h"

class QCheckBox;
class QPushButton;
class QRadioButton;

namespace gatehouse::ui {

class Form;
class SecretField;

// The third screen: who may connect, whether that is encrypted, and root's password for whoever
// needs one.
class ReachStep : public WizardStep
{
    Q_OBJECT

public:
    // `isAgain`: not at the first start, so that root may have a password already.
    ReachStep(const Services &services, bool isAgain, QWidget *parent);

    // The value of the setting server.listen that was chosen; empty: it stays.
    QString listen() const;
    // That of server.tls; empty: it stays.
    QString tls() const;
    // Empty: it stays as it is, at first one that nobody knows.
    base::Secret password() const;
    QString continueText() const override;
    bool isComplete() const override;

private:
    void build();
    QWidget *makeNetwork();
    void addPassword();
    QString passwordNote() const;
    void checkPassword();
    void showChoice();
    bool isEncrypted() const;

    const Services m_services;
    const bool m_isAgain;
    QString m_listen{}; // as it stands
    QString m_tls{};
    QString m_lockedBy{}; // the variable or option that decides; empty: none
    QString m_tlsLockedBy{};
    QRadioButton *m_here;
    QRadioButton *m_network;
    QCheckBox *m_https;
    QWidget *m_networkNotes = nullptr;
    QPushButton *m_setPassword = nullptr;
    Form *m_form = nullptr;
    SecretField *m_password = nullptr;
    SecretField *m_repeated = nullptr;
};

} // namespace gatehouse::ui
