#pragma once

#include "admin/actor.h"
#include "admin/history/recording.h"
#include "base/secret.h"
#include "storage/keysealer.h"
#include "storage/repositories/userrepository.h"

#include <optional>

namespace gatehouse::admin {

struct NewUser
{
    QString username{};
    base::Secret password{};
    QString displayName{};
    QString email{};
    QByteArray group = "default";
    domain::Role role = domain::Role::User;
    std::optional<domain::Quota> balance{}; // absent: the setting accounting.new_user_quota
    domain::Budget budget{};                // with a period, `balance` does not count
};

// What an administrator changes of a user; what is absent stays.
struct UserChange
{
    std::optional<QString> username{};
    std::optional<QString> displayName{};
    std::optional<QString> email{};
    std::optional<base::Secret> password{};
    std::optional<domain::Role> role{};
    std::optional<domain::UserStatus> status{};
    std::optional<QByteArray> group{};
    std::optional<domain::Quota> balance{};
    // Instead of `balance`: what is added to it, or taken from it as far as there is any.
    domain::Quota addition{};
    domain::BudgetChange budget{};                // see domain::applyBudget()
    std::optional<domain::Budget> formerBudget{}; // to undo a change: it is as it was
    // Balance and addition were meant for the period that ends then, and do not count in another.
    std::optional<qint64> ofPeriod{};

    bool operator==(const UserChange &) const = default;
};

// A change with all that is needed to store it.
struct StoredChange
{
    Actor actor{};
    domain::UserId id{};
    UserChange change{};
    QByteArray passwordHash{}; // of `change.password`
    bool ofSelf = false;
    qint64 now = 0; // milliseconds since 1970, UTC
};

struct StoredUser
{
    domain::User before{};
    domain::User user{};
    domain::Quota delta{}; // what was added to the balance
};

// The parts of UserService that run in a storage thread, each within one transaction. All of them
// check what the actor may do by the row that is stored.

base::Result<StoredUser> storeChange(storage::Database &database, StoredChange order);
// With a first token, unless its key could never be seen, as it is not kept.
base::Result<domain::User> storeNewUser(storage::Database &database,
                                        const storage::KeySealer &sealer,
                                        const Actor &actor,
                                        domain::User user,
                                        const QByteArray &passwordHash,
                                        bool keepsKeys);
base::Result<StoredUser> storeTopUp(storage::Database &database,
                                    const StoredChange &order,
                                    domain::Quota amount,
                                    const QString &remark);
// `now` in seconds since 1970, UTC.
base::Result<> storeRemoval(
    storage::Database &database, const Actor &actor, domain::UserId id, bool ofSelf, qint64 now);
base::Result<domain::User>
storeRestored(storage::Database &database, const Actor &actor, domain::UserId id);
base::Result<> storeSignOut(storage::Database &database, const Actor &actor, domain::UserId id);
base::Result<>
storeAccessToken(storage::Database &database, domain::UserId id, const QByteArray &hash);
// A code of four letters or digits that nobody else has.
base::Result<QString> storeInvitationCode(storage::Database &database, domain::UserId id);

// An entry of the history about a user.
Recorded recordedUser(const domain::User &user,
                      domain::HistoryAction action,
                      domain::FieldChanges fields = {});

// Refuses names, addresses and groups that cannot be used.
base::Result<> checkUserTexts(const domain::User &user);
// A new one; those that came from elsewhere are left as they are.
base::Result<> checkAddress(const QString &email);
base::Result<> checkBalance(domain::Quota balance);
base::Result<> checkBudget(const domain::Budget &budget);
// A former budget for a user or token that shall have it again: it does not begin anew by that.
domain::Budget budgetAgain(domain::Budget former, qint64 now);

} // namespace gatehouse::admin
