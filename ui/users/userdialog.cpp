#include "users/userdialog.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "groups/groupsdialog.h"
#include "theme/theme.h"
#include "users/usercolumns.h"
#include "widgets/fields/budgetfields.h"
#include "widgets/fields/form.h"
#include "widgets/fields/newpassword.h"
#include "widgets/fields/secretfield.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

namespace gatehouse::ui {

UserDialog::UserDialog(const Services &services,
                       std::optional<domain::User> edited,
                       QWidget *parent)
    : FormDialog(parent)
    , m_services(services)
    , m_edited(std::move(edited))
{
    setWindowTitle(m_edited ? tr("Edit user") : tr("Add user"));
    build();
    fill();
    review();
    fitHeight(Theme::px(520));
    m_username->setFocus();
}

void UserDialog::build()
{
    m_username = new QLineEdit(this);
    m_displayName = new QLineEdit(this);
    m_email = new QLineEdit(this);
    m_password = new SecretField(this);
    m_repeated = new SecretField(this);
    m_role = new QComboBox(this);
    m_group = new QComboBox(this);
    form()->addField(
        m_username,
        [] { return tr("User name"); },
        [] { return tr("For signing in to the management API."); });
    form()->addField(m_displayName, [] { return tr("Name"); });
    form()->addField(m_email, [] { return tr("Email"); });
    form()->addField(
        m_password,
        [] { return tr("Password"); },
        [edits = m_edited.has_value()] {
            return edits ? tr("Empty: it stays as it is. A new one signs the user out everywhere.")
                         : newPasswordNote();
        });
    form()->addField(m_repeated, [] { return tr("Again"); });
    form()->addField(m_role, [] { return tr("Role"); });
    m_group->setAccessibleName(tr("Group"));
    auto *groups = new QPushButton(tr("Groups…"), this);
    groups->setAutoDefault(false);
    connect(
        groups, &QPushButton::clicked, this, [this] { GroupsDialog::openOver(this, m_services); });
    m_group->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    limitWidth(m_group);
    form()->addLine(
        {m_group, groups},
        [] { return tr("Group"); },
        [] { return tr("Decides which channels serve the user, and at which price factor."); });
    m_budget =
        new BudgetFields(form(), [] { return tr("In dollars, through all tokens of the user."); });
    finish(
        m_edited ? tr("Save") : tr("Add"), [this] { save(); }, Overflow::Scrolled);
    for (QLineEdit *field : {m_username,
                             m_displayName,
                             m_email,
                             static_cast<QLineEdit *>(m_password),
                             static_cast<QLineEdit *>(m_repeated)})
        connect(field, &QLineEdit::textChanged, this, &UserDialog::review);
    connect(m_budget, &BudgetFields::edited, this, &UserDialog::review);
}

void UserDialog::fill()
{
    const domain::User user =
        m_edited.value_or(domain::User{.balance = {10 * domain::Quota::perDollar}});
    m_username->setText(user.username);
    m_displayName->setText(user.displayName);
    m_email->setText(user.email);
    m_budget->fill(user.budget, user.balance);
    using domain::Role;
    QList<Role> roles{Role::User};
    if (m_services.actor.mayManage(Role::Administrator))
        roles.append(Role::Administrator);
    if (!roles.contains(user.role)) // such as root, who stays root
        roles = {user.role};
    for (const Role each : std::as_const(roles))
        m_role->addItem(UserColumns::roleText(each), static_cast<int>(each));
    m_role->setCurrentIndex(m_role->findData(static_cast<int>(user.role)));
    m_role->setEnabled(roles.size() > 1);
    m_group->addItem(QString::fromUtf8(user.group), user.group);
    fillGroups();
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &UserDialog::fillGroups);
}

// The one the user has stays, and the one that is chosen, whether or not there still is such a group.
void UserDialog::fillGroups()
{
    admin::whenDone(m_services.administration.groups.list(),
                    this,
                    [this](const base::Result<std::vector<domain::Group>> &groups) {
                        if (!groups)
                            return;
                        QList<QByteArray> names;
                        for (const domain::Group &group : *groups) {
                            names.append(group.name);
                            if (m_group->findData(group.name) < 0)
                                m_group->addItem(QString::fromUtf8(group.name), group.name);
                        }
                        for (int i = m_group->count() - 1; i >= 0; --i) {
                            const QByteArray name = m_group->itemData(i).toByteArray();
                            const bool stays = i == m_group->currentIndex() || names.contains(name)
                                               || (m_edited && m_edited->group == name);
                            if (!stays)
                                m_group->removeItem(i);
                        }
                    });
}

bool UserDialog::review()
{
    if (!actionButton())
        return false;
    const QString name = m_username->text().trimmed();
    form()->setMissing(m_username, name.isEmpty() ? tr("A user needs a name.") : QString());
    const QString password = m_password->text();
    const bool needed = !m_edited || !password.isEmpty();
    const QString problem = needed ? newPasswordProblem(password) : QString();
    if (password.isEmpty())
        form()->setMissing(m_password, problem);
    else
        form()->setError(m_password, problem);
    const QString repeated = m_repeated->text();
    const QString difference = repeated != password ? tr("The two passwords differ.") : QString();
    if (repeated.isEmpty())
        form()->setMissing(m_repeated, difference);
    else
        form()->setError(m_repeated, difference);
    const QString email = m_email->text().trimmed();
    const bool isNew = !m_edited || email != m_edited->email;
    const base::Result<> address = isNew ? admin::checkAddress(email) : base::Result<>();
    form()->setError(m_email, address ? QString() : address.error().message.translated());
    m_budget->review();
    return allowAction();
}

void UserDialog::save()
{
    if (!review())
        return form()->focusFirstError();
    actionButton()->setEnabled(false);
    if (m_edited)
        saveChange();
    else
        saveNew();
}

void UserDialog::saveNew()
{
    admin::NewUser user{.username = m_username->text().trimmed(),
                        .password = m_password->secret(),
                        .displayName = m_displayName->text().trimmed(),
                        .email = m_email->text().trimmed(),
                        .group = m_group->currentData().toByteArray(),
                        .role = static_cast<domain::Role>(m_role->currentData().toInt()),
                        .balance = m_budget->balance(),
                        .budget = m_budget->budget()};
    admin::whenDone(m_services.administration.users.create(m_services.actor, std::move(user)),
                    this,
                    [this](const base::Result<domain::User> &made) {
                        if (!made)
                            return showFailure(made.error().message.translated());
                        emit created(*made);
                        accept();
                    });
}

void UserDialog::saveChange()
{
    admin::UserChange change{.username = m_username->text().trimmed(),
                             .displayName = m_displayName->text().trimmed(),
                             .email = m_email->text().trimmed(),
                             .group = m_group->currentData().toByteArray()};
    if (!m_password->text().isEmpty())
        change.password = m_password->secret();
    if (m_role->isEnabled())
        change.role = static_cast<domain::Role>(m_role->currentData().toInt());
    // It may have been spent from meanwhile: what was not touched stays.
    const domain::Budget budget = m_budget->budget();
    if (!budget.isPeriodic() && m_budget->balance() != m_edited->balance)
        change.balance = m_budget->balance();
    change.budget = domain::BudgetChange::between(m_edited->budget, budget);
    admin::whenDone(
        m_services.administration.users.edit(m_services.actor, m_edited->id, std::move(change)),
        this,
        [this](const base::Result<admin::StoredUser> &stored) {
            if (!stored)
                return showFailure(stored.error().message.translated());
            emit changed(*stored);
            accept();
        });
}

} // namespace gatehouse::ui
