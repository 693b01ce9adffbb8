#pragma once

#include "domain/user.h"
#include "storage/database.h"
#include "storage/repositories/destination.h"
#include "storage/repositories/page.h"

#include <QHash>

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace gatehouse::storage {

enum class UserOrder { NewestFirst, Balance, Used, RequestCount }; // the largest first

// What the database knows of a user beside the row.
struct UserFigures
{
    domain::UserId user{};
    qint64 tokens = 0;
    qint64 lastSeen = 0; // seconds since 1970, UTC; 0: never
    domain::Quota charge{};
};

// A user who is to be stored, with what nobody reads again.
struct NewUser
{
    domain::User user{};
    QByteArray passwordHash{};
    QByteArray accessTokenHash{}; // SHA-256 of the token; empty: none
};

// The users. Passwords are here as hashes only, access tokens as their SHA-256 only.
class UserRepository
{
public:
    explicit UserRepository(Database &database)
        : m_database(database)
    {}

    // Without the deleted ones, as everywhere here save in find().
    base::Result<std::vector<domain::User>> all(UserOrder order = UserOrder::NewestFirst,
                                                Page page = {}) const;
    // Those whose id is `keyword`, or whose name, display name or address begins with it.
    base::Result<std::vector<domain::User>> search(const QString &keyword) const;
    base::Result<domain::User> find(domain::UserId id) const;
    base::Result<std::optional<domain::User>> findByName(const QString &username) const;
    // Another user than `except` whose name differs from `username` in the case of letters of ASCII at
    // most.
    base::Result<std::optional<domain::User>> findNamesake(const QString &username,
                                                           domain::UserId except) const;
    // By the user name or the e-mail address, as at sign-in.
    base::Result<std::optional<domain::User>> findByNameOrEmail(const QString &text) const;
    base::Result<std::optional<domain::User>> findByAccessToken(const QByteArray &hash) const;
    base::Result<std::optional<domain::User>> findByInvitationCode(const QString &code) const;
    base::Result<qint64> count() const;

    // Conflict: the name is taken. The database gives out the id unless `user.id` names one.
    base::Result<domain::UserId> insert(const domain::User &user, const QByteArray &passwordHash);
    // Many at once; gives their ids in the same order.
    base::Result<std::vector<domain::UserId>>
    insertAll(std::span<const NewUser> users, Destination destination = Destination::Table);
    // What is set of a new one, without the id; the rest is the table's default.
    static QString insertedColumns();
    // Stores name, display name, address, role, status, group and invitation; neither balance nor
    // counters nor epoch.
    base::Result<> update(const domain::User &user);
    // Frees the name, hides the user and the tokens and voids the sessions, until restore() or
    // purgeDeleted(). `now` in seconds since 1970, UTC.
    base::Result<> remove(domain::UserId id, qint64 now);
    // Under another name where the former one was taken.
    base::Result<domain::User> restore(domain::UserId id);
    // Of all users; what was charged since the UTC day of `since`, in milliseconds since 1970.
    base::Result<std::vector<UserFigures>> figures(qint64 since) const;

    base::Result<QByteArray> passwordHash(domain::UserId id) const;
    // Voids the sessions and the access token too: gives the new epoch.
    base::Result<qint64> setPasswordHash(domain::UserId id, const QByteArray &hash);
    // The same password in a newer form; sessions stay. Nothing happens if the hash is no more
    // `former`.
    base::Result<>
    renewPasswordHash(domain::UserId id, const QByteArray &former, const QByteArray &hash);
    // SHA-256 of the token; empty: none.
    base::Result<> setAccessTokenHash(domain::UserId id, const QByteArray &hash);
    // Voids all sessions of the user: gives the new epoch.
    base::Result<qint64> raiseSessionEpoch(domain::UserId id);
    // Voids all sessions and the access token.
    base::Result<> signOut(domain::UserId id);
    // Of all users.
    base::Result<> signOutAll();

    base::Result<BalanceChange> adjustBalance(domain::UserId id, domain::Quota delta);
    base::Result<BalanceChange> setBalance(domain::UserId id, domain::Quota balance);

private:
    base::Result<QString> freeName(const QString &wanted) const;
    base::Result<BalanceChange>
    changeBalance(domain::UserId id, const std::function<domain::Quota(domain::Quota)> &change);

    Database &m_database;
};

} // namespace gatehouse::storage
