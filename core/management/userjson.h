#pragma once

#include "domain/user.h"

#include <QJsonObject>

namespace gatehouse::management {

// A user as One API shows one: all members are there. Password and access token are always empty.
QJsonObject userJson(const domain::User &user);
// What the answer to a sign-in holds.
QJsonObject signedInJson(const domain::User &user);

} // namespace gatehouse::management
