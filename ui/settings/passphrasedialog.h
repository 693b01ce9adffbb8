#pragma once

#include "base/secret.h"
#include "widgets/dialogs/formdialog.h"

namespace gatehouse::ui {

class SecretField;

// How a passphrase that is to be chosen may fare, as a sentence. Nothing is refused but an empty one.
QString passphraseHint(const QString &passphrase);

// Asks for the passphrase of a backup: for a new one twice, for that of one that is restored once.
class PassphraseDialog : public FormDialog
{
    Q_OBJECT

public:
    enum class Purpose { Protect, Open };

    explicit PassphraseDialog(Purpose purpose, QWidget *parent = nullptr);

    // It is being tried: whoever tries it ends with accept() or showFailure().
    void setBusy(bool busy);

signals:
    // With Purpose::Protect the dialog is closed before; with Purpose::Open it stays.
    void chosen(const gatehouse::base::Secret &passphrase);

protected:
    // Entered again in a moment.
    bool isModified() const override { return false; }

private:
    void review();
    void choose();

    const Purpose m_purpose;
    SecretField *m_passphrase;
    SecretField *m_repeated = nullptr; // of Purpose::Protect
    bool m_busy = false;
};

} // namespace gatehouse::ui
