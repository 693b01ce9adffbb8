#pragma once

#include "admin/people/userservice.h"
#include "widgets/services.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// What a person changes of a user, as one command that can be taken back.
class UserCommands
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::UserCommands)

public:
    explicit UserCommands(const Services &services);

    admin::Answer<> setEnabled(const domain::User &user, bool enabled);
    // What was typed into a cell of the list, or what its check box shall be; `column` is its key.
    admin::Answer<> setCell(const domain::User &user, const QString &column, const QVariant &value);
    // What has been stored already; it can be taken back from now on.
    void noteChanged(const admin::StoredUser &change) const;
    admin::Answer<> topUp(const domain::User &user, domain::Quota amount);

private:
    admin::Answer<> edit(const domain::User &user, admin::UserChange change);
    admin::Answer<> setGroup(const domain::User &user, const QString &typed);
    admin::Answer<> setLeft(const domain::User &user, const QString &typed);
    admin::UserService &users() const;

    const Services m_services;
};

} // namespace gatehouse::ui
