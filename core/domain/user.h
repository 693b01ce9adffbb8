#pragma once

#include "base/id.h"
#include "base/secret.h"
#include "domain/budget.h"
#include "domain/role.h"

#include <QString>

namespace gatehouse::domain {

using UserId = base::Id<struct UserTag>;

// The numbers are One API's.
enum class UserStatus { Enabled = 1, Disabled = 2, Deleted = 3 };

// A person who signs in and owns tokens.
struct User
{
    UserId id{};
    QString username{};
    QString displayName{};
    QString email{};
    Role role = Role::User;
    UserStatus status = UserStatus::Enabled;
    QByteArray group = "default";
    Quota balance{}; // what may still be spent
    Budget budget{}; // how the balance comes to be
    Quota used{};
    qint64 requestCount = 0;
    QString invitationCode{};
    UserId inviter{};
    qint64 createdAt = 0; // seconds since 1970, UTC
    // Sessions signed before the epoch was raised are void.
    qint64 sessionEpoch = 0;

    bool isEnabled() const { return status == UserStatus::Enabled; }
    bool operator==(const User &) const = default;
};

} // namespace gatehouse::domain
