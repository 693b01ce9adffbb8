#include "settings/accountblock.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "settings/passworddialog.h"
#include "theme/theme.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/translated.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

AccountBlock::AccountBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_password(new QPushButton(this))
    , m_signOut(new QPushButton(this))
    , m_passwordNote(makeText())
    , m_signOutNote(makeText())
{
    const auto addButton =
        [this](std::function<QString()> label, QPushButton *button, SecondaryLabel *note) {
            button->setAutoDefault(false);
            auto *whole = new QWidget(this);
            auto *stack = new QVBoxLayout(whole);
            stack->setContentsMargins(0, 0, 0, 0);
            stack->setSpacing(Theme::px(3));
            stack->addWidget(button, 0, Qt::AlignLeft);
            stack->addWidget(note);
            addLine(std::move(label), whole);
        };
    addButton([] { return tr("Administrator"); }, m_password, m_passwordNote);
    addButton([] { return tr("Sessions"); }, m_signOut, m_signOutNote);
    connect(m_password, &QPushButton::clicked, this, &AccountBlock::changePassword);
    connect(m_signOut, &QPushButton::clicked, this, &AccountBlock::askSignOut);
    (new Translated(this))->add([this] { setTexts(); });
}

void AccountBlock::setTexts()
{
    m_password->setText(tr("Change password…"));
    m_passwordNote->setText(
        tr("For signing in to the management API, and for unlocking this window."));
    m_signOut->setText(tr("Sign out everywhere…"));
    m_signOutNote->setText(
        tr("Ends all sessions at the management API and voids all access tokens to it. The tokens "
           "that programs use go on working."));
}

void AccountBlock::changePassword()
{
    auto *dialog = new PasswordDialog(m_services, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PasswordDialog::changed, this, [this] {
        emit noticeRaised([] { return tr("The password was changed."); });
    });
    dialog->open();
}

void AccountBlock::askSignOut()
{
    Confirmation::ask(this,
                      {.title = tr("Sign out everywhere"),
                       .heading = tr("Sign everybody out?"),
                       .text = tr("All sessions at the management API end, yours included, and all "
                                  "access tokens to it are void; everybody has to sign in again. "
                                  "The tokens that programs use go on working."),
                       .action = tr("Sign out everywhere")},
                      [this] { signOut(); });
}

void AccountBlock::signOut()
{
    admin::whenDone(m_services.administration.users.signOutEveryone(m_services.actor),
                    this,
                    [this](const base::Result<> &outcome) {
                        emit failed(outcome ? LiveText() : outcome.error().message);
                        if (outcome)
                            emit noticeRaised([] { return tr("Everybody is signed out."); });
                    });
}

} // namespace gatehouse::ui
