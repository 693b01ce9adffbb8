#pragma once

#include "admin/people/userservice.h"
#include "widgets/dialogs/bulkform.h"
#include "widgets/fields/bulkbudgetfields.h"

class QComboBox;

namespace gatehouse::ui {

// What a person wants of several users at once. What is absent stays as each of them has it.
struct UserBulkChange
{
    std::optional<QByteArray> group{};
    std::optional<domain::Role> role{};
    BulkBudget budget{};

    bool isEmpty() const { return *this == UserBulkChange(); }
    admin::UserChange forUser(const domain::User &user) const;
    bool operator==(const UserBulkChange &) const = default;
};

// Edits several users at once.
class UserBulkDialog : public BulkForm
{
    Q_OBJECT

public:
    // A role is offered where `actor` may change that of all of them.
    UserBulkDialog(const admin::Actor &actor, QList<domain::User> users, QWidget *parent = nullptr);

    // The groups that there are, beside those of the users.
    void offerGroups(const QStringList &groups);
    // What was touched, as far as it can be read.
    UserBulkChange change() const;

signals:
    // Whoever hears it stores the change, and then closes the dialog or calls showFailure().
    void confirmed(const gatehouse::ui::UserBulkChange &change);

protected:
    void check() override { m_budget->review(); }
    bool hasChange() const override { return !change().isEmpty(); }
    void announce() override { emit confirmed(change()); }

private:
    void build(const admin::Actor &actor);
    void fillRoles(const admin::Actor &actor);

    const QList<domain::User> m_users;
    std::optional<QByteArray> m_shownGroup{};
    std::optional<domain::Role> m_shownRole{};
    QComboBox *m_group = nullptr;
    QComboBox *m_role = nullptr;
    BulkBudgetFields *m_budget = nullptr;
};

} // namespace gatehouse::ui
