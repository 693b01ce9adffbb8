#pragma once

#include "ui/windowfixture.h"
#include "users/userspage.h"
#include "widgets/table/tableview.h"

#include <QTest>

namespace gatehouse::tests {

// The page of users, with root alone at first. What its tests have in common.
class UsersFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    // With 10 dollars to spend.
    domain::User add(const QString &name, const QString &displayName = {});
    domain::User stored(domain::UserId id);
    // What is left to spend comes to be that, as by requests of the user.
    void setBalance(domain::UserId id, domain::Quota balance);

    ui::TableView *view() const;
    int rowOf(const QString &name) const;
    void select(const QString &name);
    void trigger(const QString &name);
    void undo();
    void redo();

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::UsersPage> m_page{};
};

} // namespace gatehouse::tests
