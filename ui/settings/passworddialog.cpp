#include "settings/passworddialog.h"

#include "admin/administration.h"
#include "theme/theme.h"
#include "widgets/dialogfooter.h"
#include "widgets/fields/form.h"
#include "widgets/fields/secretfield.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"

#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

PasswordDialog::PasswordDialog(const Services &services, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_messages(new MessageBar(this))
    , m_form(new Form(this))
    , m_password(new SecretField(this))
    , m_repeated(new SecretField(this))
{
    setWindowTitle(tr("Change the password of %1").arg(Format::quoted(services.actor.username)));
    setWindowModality(Qt::WindowModal);
    m_form->addField(
        m_password,
        [] { return tr("New password"); },
        [] {
            return tr("8 to 128 characters. For signing in to the management API; all sessions of "
                      "the administrator end.");
        });
    m_form->addField(m_repeated, [] { return tr("Again"); });
    auto *footer = new DialogFooter(this);
    m_save = footer->addButton(tr("Change"), QDialogButtonBox::AcceptRole);
    footer->addButton(QDialogButtonBox::Cancel);
    m_save->setDefault(true);
    // Not the footer's accepted(): a refusal leaves the dialog open.
    connect(m_save, &QPushButton::clicked, this, &PasswordDialog::save);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(m_password, &QLineEdit::textChanged, this, &PasswordDialog::review);
    connect(m_repeated, &QLineEdit::textChanged, this, &PasswordDialog::review);

    auto *content = new QVBoxLayout;
    const int margin = Theme::px(20);
    content->setContentsMargins(margin, margin, margin, margin);
    content->addWidget(m_form);
    content->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_messages);
    layout->addLayout(content, 1);
    layout->addWidget(footer);
    resize(Theme::px(460), Theme::px(220));
    review();
}

void PasswordDialog::review()
{
    constexpr qsizetype shortest = 8;
    constexpr qsizetype longest = 128;
    const qsizetype length = m_password->text().size();
    const bool fits = length >= shortest && length <= longest;
    const bool same = m_password->text() == m_repeated->text();
    m_form->setError(m_password,
                     length == 0 || fits ? QString() : tr("It needs 8 to 128 characters."));
    m_form->setError(m_repeated,
                     m_repeated->text().isEmpty() || same ? QString()
                                                          : tr("The two are not the same."));
    m_save->setEnabled(fits && same);
}

void PasswordDialog::save()
{
    m_save->setEnabled(false);
    m_services.administration.users
        .change(m_services.actor, m_services.actor.id, {.password = m_password->secret()})
        .then(this, [this](const base::Result<domain::User> &user) {
            m_save->setEnabled(true);
            if (!user) {
                m_messages->showMessage(
                    {.id = u"failure"_s, .tone = Tone::Failure, .text = user.error().message});
                return;
            }
            accept();
            emit changed();
        });
}

} // namespace gatehouse::ui
