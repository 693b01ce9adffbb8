#include "settings/passworddialog.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "preferences/windowsettings.h"
#include "theme/theme.h"
#include "widgets/fields/form.h"
#include "widgets/fields/newpassword.h"
#include "widgets/fields/secretfield.h"
#include "widgets/format.h"
#include "widgets/uistate.h"

#include <QPushButton>

namespace gatehouse::ui {

PasswordDialog::PasswordDialog(const Services &services, QWidget *parent)
    : FormDialog(parent)
    , m_services(services)
    , m_password(new SecretField(this))
    , m_repeated(new SecretField(this))
{
    setWindowTitle(tr("Change the password of %1").arg(Format::quoted(services.actor.username)));
    setWindowModality(Qt::WindowModal);
    form()->addField(
        m_password,
        [] { return tr("New password"); },
        []() -> QString {
            return newPasswordNote() + u' '
                   + tr("For signing in to the management API; all sessions of the administrator "
                        "end.");
        });
    form()->addField(m_repeated, [] { return tr("Again"); });
    finish(tr("Change"), [this] { save(); });
    connect(m_password, &QLineEdit::textChanged, this, &PasswordDialog::review);
    connect(m_repeated, &QLineEdit::textChanged, this, &PasswordDialog::review);
    resize(Theme::px(460), Theme::px(220));
    review();
}

void PasswordDialog::review()
{
    const QString password = m_password->text();
    const QString problem = newPasswordProblem(password);
    const bool same = password == m_repeated->text();
    form()->setError(m_password, password.isEmpty() ? QString() : problem);
    form()->setError(m_repeated,
                     m_repeated->text().isEmpty() || same ? QString()
                                                          : tr("The two are not the same."));
    actionButton()->setEnabled(problem.isEmpty() && same);
}

void PasswordDialog::save()
{
    actionButton()->setEnabled(false);
    admin::whenDone(m_services.administration.users.change(
                        m_services.actor, m_services.actor.id, {.password = m_password->secret()}),
                    this,
                    [this](const base::Result<domain::User> &user) {
                        if (!user)
                            return showFailure(user.error().message.translated());
                        m_services.state.setValue(windowkey::passwordKnown, true);
                        accept();
                        emit changed();
                    });
}

} // namespace gatehouse::ui
