#include "users/userbulkdialog.h"

#include "users/usercolumns.h"
#include "widgets/fields/form.h"
#include "widgets/fields/mixedvalue.h"
#include "widgets/naturalorder.h"

#include <QComboBox>

namespace gatehouse::ui {

using domain::Role;
using domain::User;

namespace {

QList<BudgetState> budgetsOf(const QList<User> &users)
{
    QList<BudgetState> states;
    for (const User &user : users)
        states.append({.budget = user.budget, .balance = user.balance});
    return states;
}

} // namespace

// The balance of those who have no period alone: of the others the limit decides.
admin::UserChange UserBulkChange::forUser(const User &user) const
{
    admin::UserChange wanted{.role = role, .group = group, .budget = budget.change};
    if (!budget.change.appliedTo(user.budget).isPeriodic())
        wanted.balance = budget.balance;
    return wanted;
}

UserBulkDialog::UserBulkDialog(const admin::Actor &actor, QList<User> users, QWidget *parent)
    : BulkForm(parent)
    , m_users(std::move(users))
    , m_shownGroup(commonValue<QByteArray>(m_users, [](const User &user) { return user.group; }))
    , m_shownRole(commonValue<Role>(m_users, [](const User &user) { return user.role; }))
{
    setWindowTitle(tr("Edit %n users", nullptr, static_cast<int>(m_users.size())));
    build(actor);
    review();
    m_group->setFocus();
}

void UserBulkDialog::build(const admin::Actor &actor)
{
    m_group = new QComboBox(this);
    limitWidth(m_group);
    m_role = new QComboBox(this);
    form()->addField(
        m_group,
        [] { return tr("Group"); },
        [] { return tr("Decides which channels serve the users, and at which price factor."); });
    form()->addField(m_role, [] { return tr("Role"); });
    if (!m_shownGroup)
        m_group->addItem(mixedText(), QByteArray());
    offerGroups({});
    if (m_shownGroup)
        m_group->setCurrentIndex(m_group->findData(*m_shownGroup));
    fillRoles(actor);
    form()->addSection([] { return tr("Budget"); });
    m_budget = new BulkBudgetFields(form(), budgetsOf(m_users));
    connect(m_budget, &BulkBudgetFields::edited, this, &UserBulkDialog::review);
    constexpr int height = 420;
    finishBulk(tr("Change %n users", nullptr, static_cast<int>(m_users.size())), height);
}

void UserBulkDialog::fillRoles(const admin::Actor &actor)
{
    const auto isFixed = [&actor](const User &user) {
        return user.role == Role::Root || !actor.mayManage(user.role);
    };
    const bool fixed = std::any_of(m_users.begin(), m_users.end(), isFixed);
    QList<Role> roles{Role::User};
    if (actor.mayManage(Role::Administrator))
        roles.append(Role::Administrator);
    if (m_shownRole && !roles.contains(*m_shownRole))
        roles = {*m_shownRole};
    if (!m_shownRole)
        m_role->addItem(mixedText(), static_cast<int>(Role::Guest));
    for (const Role each : std::as_const(roles))
        m_role->addItem(UserColumns::roleText(each), static_cast<int>(each));
    m_role->setCurrentIndex(m_role->findData(static_cast<int>(m_shownRole.value_or(Role::Guest))));
    m_role->setEnabled(!fixed && roles.size() > 1);
    if (fixed)
        form()->setHelp(m_role, tr("The role of one of them cannot be changed."));
}

void UserBulkDialog::offerGroups(const QStringList &groups)
{
    QStringList all = groups;
    for (const User &user : m_users)
        all.append(QString::fromUtf8(user.group));
    all.removeDuplicates();
    sortNaturally(all);
    for (const QString &group : std::as_const(all)) {
        const QByteArray name = group.toUtf8();
        if (m_group->findData(name) < 0)
            m_group->addItem(group, name);
    }
}

UserBulkChange UserBulkDialog::change() const
{
    UserBulkChange wanted{.budget = m_budget->wanted()};
    const QByteArray group = m_group->currentData().toByteArray();
    if (!group.isEmpty() && m_shownGroup != group)
        wanted.group = group;
    const auto role = static_cast<Role>(m_role->currentData().toInt());
    if (m_role->isEnabled() && role != Role::Guest && m_shownRole != role)
        wanted.role = role;
    return wanted;
}

} // namespace gatehouse::ui
