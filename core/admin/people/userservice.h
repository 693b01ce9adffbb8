#pragma once

#include "admin/actor.h"
#include "admin/foundation.h"
#include "admin/people/userstore.h"

#include <QObject>

#include <vector>

namespace gatehouse::admin {

// A user in an administrator's list.
struct UserListing
{
    domain::User user{};
    qint64 tokens = 0;
    domain::Quota charged30Days{};
    qint64 lastSeen = 0; // of any of the tokens; seconds since 1970, UTC; 0: never
};

// The users. An administrator can touch neither equals nor superiors; root cannot be disabled,
// removed or demoted by anyone. A change of password or status voids the sessions. Lives in the main
// thread; everything is answered there.
class UserService : public QObject
{
    Q_OBJECT

public:
    explicit UserService(const Foundation &foundation, QObject *parent = nullptr);

    Answer<std::vector<domain::User>>
    list(const Actor &actor, storage::UserOrder order, storage::Page page);
    Answer<std::vector<domain::User>> search(const Actor &actor, const QString &keyword);
    Answer<domain::User> find(const Actor &actor, domain::UserId id);
    Answer<domain::UserId> idOf(const Actor &actor, const QString &username);

    // All of them, the newest first.
    Answer<std::vector<UserListing>> listings(const Actor &actor);

    Answer<domain::User> create(const Actor &actor, NewUser user);
    Answer<domain::User> change(const Actor &actor, domain::UserId id, UserChange change);
    // The same; tells what was changed, so that it can be undone.
    Answer<StoredUser> edit(const Actor &actor, domain::UserId id, UserChange change);
    // Units are added, not replaced. Writes a line of the log.
    Answer<domain::Quota>
    topUp(const Actor &actor, domain::UserId id, domain::Quota amount, const QString &remark);
    // The user and the tokens are hidden and refused, and the name is free; restore() brings them back
    // for 30 days.
    Answer<> remove(const Actor &actor, domain::UserId id);
    // Under a name with a number behind it where another has taken the name.
    Answer<domain::User> restore(const Actor &actor, domain::UserId id);
    // Voids the sessions and the access token to the management, as a change of the password does.
    Answer<> signOutEverywhere(const Actor &actor, domain::UserId id);
    // Likewise of all users; for root alone.
    Answer<> signOutEveryone(const Actor &actor);

    // What users do with themselves.
    Answer<domain::User> self(const Actor &actor);
    Answer<domain::User> changeSelf(const Actor &actor, UserChange change);
    Answer<> removeSelf(const Actor &actor);
    // A new access token for the management API; the former is void. It is shown this once.
    Answer<base::Secret> renewAccessToken(const Actor &actor);
    // Made when it is first asked for.
    Answer<QString> invitationCode(const Actor &actor);

private:
    Answer<StoredUser> store(StoredChange order);
    Answer<> removeChecked(const Actor &actor, domain::UserId id, bool ofSelf);

    const Foundation m_base;
};

} // namespace gatehouse::admin
