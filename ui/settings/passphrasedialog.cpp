#include "settings/passphrasedialog.h"

#include "theme/theme.h"
#include "widgets/fields/form.h"
#include "widgets/fields/secretfield.h"

#include <QCoreApplication>
#include <QPushButton>
#include <QSet>

namespace gatehouse::ui {

namespace {

struct PassphraseText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::PassphraseText)
};

} // namespace

// Whoever has the file can try passphrases for as long as they like, so that length counts.
QString passphraseHint(const QString &passphrase)
{
    constexpr qsizetype shortOnes = 12;
    constexpr qsizetype longOnes = 20;
    constexpr qsizetype fewCharacters = 6;
    const qsizetype different = QSet<QChar>(passphrase.begin(), passphrase.end()).size();
    if (passphrase.isEmpty())
        return PassphraseText::tr("Five random words or more are good. Without it the secrets in "
                                  "the backup are lost.");
    if (passphrase.size() < shortOnes || different < fewCharacters)
        return PassphraseText::tr("Weak: it could be guessed. Take a longer one.");
    if (passphrase.size() < longOnes)
        return PassphraseText::tr("Fair: a few more words would make it strong.");
    return PassphraseText::tr("Strong, if the words are random.");
}

PassphraseDialog::PassphraseDialog(Purpose purpose, QWidget *parent)
    : FormDialog(parent)
    , m_purpose(purpose)
    , m_passphrase(new SecretField(this))
{
    const bool isNew = m_purpose == Purpose::Protect;
    setWindowTitle(isNew ? tr("Protect the secrets in the backup")
                         : tr("Open the secrets in the backup"));
    setWindowModality(Qt::WindowModal);
    form()->addField(
        m_passphrase,
        [] { return tr("Passphrase"); },
        [isNew]() -> QString {
            return isNew ? passphraseHint({}) : tr("The one that the backup was made with.");
        });
    if (isNew) {
        m_repeated = new SecretField(this);
        form()->addField(m_repeated, [] { return tr("Again"); });
        connect(m_repeated, &QLineEdit::textChanged, this, &PassphraseDialog::review);
    }
    finish(isNew ? tr("Continue") : tr("Back up and restore"), [this] { choose(); });
    connect(m_passphrase, &QLineEdit::textChanged, this, &PassphraseDialog::review);
    resize(Theme::px(460), Theme::px(220));
    review();
}

void PassphraseDialog::setBusy(bool busy)
{
    m_busy = busy;
    review();
}

void PassphraseDialog::review()
{
    const QString passphrase = m_passphrase->text();
    bool same = true;
    if (m_repeated) {
        same = passphrase == m_repeated->text();
        form()->setHelp(m_passphrase, passphraseHint(passphrase));
        form()->setError(m_repeated,
                         m_repeated->text().isEmpty() || same ? QString()
                                                              : tr("The two are not the same."));
    }
    actionButton()->setEnabled(!m_busy && same && !passphrase.isEmpty());
}

void PassphraseDialog::choose()
{
    const base::Secret passphrase = m_passphrase->secret();
    if (m_purpose == Purpose::Protect)
        accept();
    emit chosen(passphrase);
}

} // namespace gatehouse::ui
