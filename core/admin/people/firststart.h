#pragma once

#include "admin/foundation.h"

namespace gatehouse::admin {

// What the environment says of the first user.
struct FirstStartOptions
{
    base::Secret rootPassword{};       // GATEHOUSE_ROOT_PASSWORD; empty: a random one
    base::Secret initialToken{};       // INITIAL_ROOT_TOKEN; empty: none
    base::Secret initialAccessToken{}; // INITIAL_ROOT_ACCESS_TOKEN; empty: none
};

struct FirstStartReport
{
    bool created = false;    // false: there were users already, and nothing was done
    base::Secret password{}; // to be shown once; empty: it was given
    domain::UserId root{};
};

// Makes the user "root" in a database that has no user. To be called before the first catalog is
// published. Answered in the thread of `context`.
Answer<FirstStartReport>
runFirstStart(const Foundation &foundation, FirstStartOptions options, QObject *context);

} // namespace gatehouse::admin
