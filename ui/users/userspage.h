#pragma once

#include "users/usercolumns.h"
#include "users/usercommands.h"
#include "widgets/table/listpage.h"

namespace gatehouse::ui {

// The people who use the gateway, with their budgets. What the service does not allow, such as
// disabling root, is told in its words.
class UsersPage : public ListPage
{
    Q_OBJECT

public:
    explicit UsersPage(const Services &services, QWidget *parent = nullptr);

protected:
    void fetch() override;
    int rowOf(qint64 item) const override { return m_model->rowOf(item); }
    void openRow(int row) override { openDialog(m_model->row(row).user); }
    void updateActions() override;
    void updateFooter() override;

private:
    void makeActions();
    void build();
    void setTexts();
    void fetchUsers();
    void show(const base::Result<std::vector<admin::UserListing>> &users);

    QList<domain::User> selection() const;
    void edit();
    void editSeveral();
    void openDialog(std::optional<domain::User> user);
    void pushChange(const admin::StoredUser &change);
    void toggle();
    void remove();
    void topUp(domain::Quota amount);
    void askSignOut();
    void signOut(const domain::User &user);

    UserCommands m_commands;
    UserTable *m_model = nullptr;
    QStringList m_groups{};
    QAction *m_add = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_toggle = nullptr;
};

} // namespace gatehouse::ui
