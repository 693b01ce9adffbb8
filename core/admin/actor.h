#pragma once

#include "domain/user.h"

namespace gatehouse::admin {

// On whose behalf a service acts. It is made anew for each request out of the present catalog, so
// that a role that was taken away counts at once. The window and the command line act as root.
struct Actor
{
    domain::UserId id{};
    QString username{};
    domain::Role role = domain::Role::Guest;

    bool is(domain::Role least) const { return role >= least; }
    // An administrator has power over those of a lower role, root over everybody.
    bool mayManage(domain::Role other) const
    {
        return is(domain::Role::Administrator) && (role == domain::Role::Root || role > other);
    }

    static Actor of(const domain::User &user) { return {user.id, user.username, user.role}; }
};

} // namespace gatehouse::admin
