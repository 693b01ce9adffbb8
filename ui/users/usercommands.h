#pragma once

#include "admin/people/userservice.h"
#include "users/userbulkdialog.h"
#include "widgets/services.h"

#include <QCoreApplication>

#include <functional>

namespace gatehouse::ui {

// What a person changes of users, as one command that can be taken back.
class UserCommands
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::UserCommands)

public:
    explicit UserCommands(const Services &services);

    using Users = QList<domain::User>;

    // One after another: some of them may be refused, which is told, and those for whom it succeeded
    // are one command.
    admin::Answer<> setEnabled(const Users &users, bool enabled);
    admin::Answer<> remove(const Users &users);
    admin::Answer<> change(const Users &users, const UserBulkChange &change);
    // What was typed into a cell of the list, or what its check box shall be; `column` is its key.
    admin::Answer<> setCell(const domain::User &user, const QString &column, const QVariant &value);
    // What has been stored already; it can be taken back from now on.
    void noteChanged(const admin::StoredUser &change) const;
    admin::Answer<> topUp(const Users &users, domain::Quota amount);

private:
    using Act = std::function<admin::Answer<>(domain::UserId)>;
    using Storing = std::function<admin::Answer<admin::StoredUser>(domain::UserId)>;
    // What was done: to one, by the name, or to several.
    using Told = std::function<QString(const Users &)>;

    admin::Answer<> forEach(const Users &users, const Act &act, const Act &back, const Told &told);
    // By changes that tell what was changed: taken back are those, and done again they are the same.
    admin::Answer<> forEachStored(const Users &users, const Storing &store, const Told &told);
    admin::Answer<> edit(const domain::User &user, admin::UserChange change);
    admin::Answer<> setGroup(const domain::User &user, const QString &typed);
    admin::Answer<> setLeft(const domain::User &user, const QString &typed);
    admin::UserService &users() const;

    const Services m_services;
};

} // namespace gatehouse::ui
