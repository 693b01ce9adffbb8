#pragma once

#include "users/usercolumns.h"
#include "widgets/page.h"

namespace gatehouse::ui {

class EmptyState;
class FilterField;
class MessageBar;
class PageHeader;
class TableFilterModel;
class TableFooter;
class TableView;

// The people who use the gateway, with their budgets. What the service does not allow, such as
// disabling root, is told in its words.
class UsersPage : public Page
{
    Q_OBJECT

public:
    explicit UsersPage(const Services &services, QWidget *parent = nullptr);

    void setFilter(const QString &text) override;
    void showItem(qint64 item) override;
    void focusFilter() override;

protected:
    void activated() override;

private:
    void makeActions();
    void build();
    void connectTable();
    void setTexts();
    void fetch();
    void show(const base::Result<std::vector<admin::UserListing>> &users);
    void updateActions();
    void updateFooter();
    void showFailure(const base::Error &error);
    // Shows a failure, and fetches anew in any case.
    void finish(const base::Result<> &outcome);

    QList<domain::User> selection() const;
    void openDialog(std::optional<domain::User> user);
    void pushChange(const domain::User &before, const domain::User &after);
    void toggle();
    void remove();
    void topUp(domain::Quota amount);
    void signOut();

    UserTable *m_model = nullptr;
    TableFilterModel *m_filter = nullptr;
    TableView *m_view = nullptr;
    PageHeader *m_header = nullptr;
    FilterField *m_field = nullptr;
    MessageBar *m_messages = nullptr;
    EmptyState *m_empty = nullptr;
    TableFooter *m_footer = nullptr;
    QAction *m_add = nullptr;
    QAction *m_toggle = nullptr;
    QList<QAction *> m_single{};
    QList<QAction *> m_several{};
    qint64 m_wanted = 0;
};

} // namespace gatehouse::ui
