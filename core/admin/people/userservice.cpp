#include "admin/people/userservice.h"

#include "admin/people/passwordpool.h"
#include "secrets/tokenkey.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Quota;
using domain::User;
using domain::UserId;
using storage::Database;
using storage::UserRepository;

namespace {

const Message notAllowed = Message::tr("You do not have the right to do this.");

Result<User> userOf(const StoredUser &stored)
{
    return stored.user;
}

} // namespace

UserService::UserService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{}

Answer<std::vector<User>>
UserService::list(const Actor &actor, storage::UserOrder order, storage::Page page)
{
    if (!actor.is(domain::Role::Administrator))
        return refused<std::vector<User>>(ErrorCode::Denied, notAllowed);
    return m_base.storage.read(
        [order, page](Database &database) { return UserRepository(database).all(order, page); });
}

Answer<std::vector<User>> UserService::search(const Actor &actor, const QString &keyword)
{
    if (keyword.isEmpty())
        return list(actor, storage::UserOrder::NewestFirst, {});
    if (!actor.is(domain::Role::Administrator))
        return refused<std::vector<User>>(ErrorCode::Denied, notAllowed);
    return m_base.storage.read(
        [keyword](Database &database) { return UserRepository(database).search(keyword); });
}

Answer<User> UserService::find(const Actor &actor, UserId id)
{
    return m_base.storage.read([actor, id](Database &database) -> Result<User> {
        Result<User> user = UserRepository(database).find(id);
        if (user && user->status == domain::UserStatus::Deleted)
            return fail(ErrorCode::NotFound, Message::tr("This user does not exist."));
        if (user && !actor.mayManage(user->role))
            return fail(ErrorCode::Denied, notAllowed);
        return user;
    });
}

Answer<UserId> UserService::idOf(const Actor &actor, const QString &username)
{
    if (!actor.is(domain::Role::Administrator))
        return refused<UserId>(ErrorCode::Denied, notAllowed);
    return m_base.storage.read([username](Database &database) -> Result<UserId> {
        const Result<std::optional<User>> user = UserRepository(database).findByName(username);
        if (!user)
            return fail(user.error());
        if (!*user)
            return fail(ErrorCode::NotFound, Message::tr("This user does not exist."));
        return (*user)->id;
    });
}

Answer<User> UserService::create(const Actor &actor, NewUser wanted)
{
    if (!actor.is(domain::Role::Administrator))
        return refused<User>(ErrorCode::Denied, notAllowed);
    if (Result<> sound = checkNewPassword(wanted.password); !sound)
        return refused<User>(sound.error());
    User user;
    user.username = wanted.username;
    user.displayName = wanted.displayName.isEmpty() ? wanted.username : wanted.displayName;
    user.email = wanted.email;
    user.group = wanted.group;
    user.role = wanted.role;
    user.createdAt = m_base.now();
    if (wanted.balance)
        user.balance = *wanted.balance;
    else if (m_base.publisher.catalog())
        user.balance.units = m_base.publisher.catalog()->settings().accounting.newUserQuota;
    if (Result<> sound = checkBudget(wanted.budget); !sound)
        return refused<User>(sound.error());
    domain::applyBudget(
        user.budget, user.balance, wanted.budget, m_base.now(), QTimeZone::systemTimeZone());
    if (Result<> sound = checkAddress(user.email); !sound)
        return refused<User>(sound.error());
    if (Result<> sound = checkUserTexts(user); !sound)
        return refused<User>(sound.error());

    return onSuccess(
        m_base.passwords.hash(wanted.password), this, [this, actor, user](const QByteArray &hash) {
            return m_base.publisher.change(
                [sealer = &m_base.sealer, actor, user, hash, keeps = m_base.keepsKeys()](
                    Database &database) {
                    return storeNewUser(database, *sealer, actor, user, hash, keeps);
                });
        });
}

Answer<StoredUser> UserService::store(StoredChange order)
{
    order.now = m_base.clock.wallMilliseconds();
    return m_base.publisher.change(
        [order](Database &database) { return storeChange(database, order); },
        [this](const StoredUser &stored) {
            m_base.admission.adjustUser(stored.user.id, stored.delta);
        });
}

Answer<User> UserService::change(const Actor &actor, UserId id, UserChange change)
{
    return onSuccess(edit(actor, id, std::move(change)), this, userOf);
}

Answer<StoredUser> UserService::edit(const Actor &actor, UserId id, UserChange change)
{
    if (!actor.is(domain::Role::Administrator))
        return refused<StoredUser>(ErrorCode::Denied, notAllowed);
    StoredChange order{.actor = actor, .id = id, .change = std::move(change)};
    if (!order.change.password)
        return store(std::move(order));
    const base::Secret password = *order.change.password;
    if (Result<> sound = checkNewPassword(password); !sound)
        return refused<StoredUser>(sound.error());
    return onSuccess(
        m_base.passwords.hash(password), this, [this, order](const QByteArray &hash) mutable {
            order.passwordHash = hash;
            return store(std::move(order));
        });
}

Answer<User> UserService::changeSelf(const Actor &actor, UserChange change)
{
    StoredChange order{.actor = actor, .id = actor.id, .ofSelf = true};
    order.change.username = change.username;
    order.change.displayName = change.displayName;
    order.change.password = change.password;
    if (!order.change.password)
        return onSuccess(store(std::move(order)), this, userOf);
    if (Result<> sound = checkNewPassword(*change.password); !sound)
        return refused<User>(sound.error());
    return onSuccess(m_base.passwords.hash(*change.password),
                     this,
                     [this, order](const QByteArray &hash) mutable {
                         order.passwordHash = hash;
                         return onSuccess(store(std::move(order)), this, userOf);
                     });
}

Answer<Quota> UserService::topUp(const Actor &actor, UserId id, Quota amount, const QString &remark)
{
    const StoredChange order{.actor = actor, .id = id, .now = m_base.clock.wallMilliseconds()};
    const auto changed = m_base.publisher.change(
        [order, amount, remark](Database &database) {
            return storeTopUp(database, order, amount, remark);
        },
        [this](const StoredUser &stored) {
            m_base.admission.adjustUser(stored.user.id, stored.delta);
        });
    return onSuccess(
        changed, this, [](const StoredUser &stored) { return Result<Quota>(stored.user.balance); });
}

Answer<> UserService::remove(const Actor &actor, UserId id)
{
    return removeChecked(actor, id, false);
}

Answer<> UserService::removeSelf(const Actor &actor)
{
    return removeChecked(actor, actor.id, true);
}

Answer<> UserService::removeChecked(const Actor &actor, UserId id, bool ofSelf)
{
    return m_base.publisher.change([actor, id, ofSelf, now = m_base.now()](Database &database) {
        return storeRemoval(database, actor, id, ofSelf, now);
    });
}

Answer<User> UserService::restore(const Actor &actor, UserId id)
{
    if (!actor.is(domain::Role::Administrator))
        return refused<User>(ErrorCode::Denied, notAllowed);
    return m_base.publisher.change(
        [actor, id](Database &database) { return storeRestored(database, actor, id); });
}

Answer<std::vector<UserListing>> UserService::listings(const Actor &actor)
{
    using Listings = std::vector<UserListing>;
    if (!actor.is(domain::Role::Administrator))
        return refused<Listings>(ErrorCode::Denied, notAllowed);
    constexpr qint64 month = 30LL * 24 * 60 * 60 * 1000;
    return m_base.storage.read(
        [since = m_base.clock.wallMilliseconds() - month](Database &database) -> Result<Listings> {
            const UserRepository users(database);
            Result<std::vector<User>> all = users.all();
            if (!all)
                return fail(all.error());
            const auto figures = users.figures(since);
            if (!figures)
                return fail(figures.error());
            QHash<UserId, storage::UserFigures> byId;
            for (const storage::UserFigures &one : *figures)
                byId.insert(one.user, one);
            Listings listings;
            for (User &user : *all) {
                const storage::UserFigures known = byId.value(user.id);
                listings.push_back({.user = std::move(user),
                                    .tokens = known.tokens,
                                    .charged30Days = known.charge,
                                    .lastSeen = known.lastSeen});
            }
            return listings;
        });
}

Answer<> UserService::signOutEverywhere(const Actor &actor, UserId id)
{
    return m_base.publisher.change(
        [actor, id](Database &database) { return storeSignOut(database, actor, id); });
}

Answer<> UserService::signOutEveryone(const Actor &actor)
{
    if (actor.role != domain::Role::Root)
        return refused<void>(ErrorCode::Denied, notAllowed);
    return m_base.publisher.change([](Database &database) {
        return UserRepository(database).signOutAll().and_then([&] {
            return record(database,
                          {.object = domain::HistoryObject::User,
                           .action = domain::HistoryAction::SignedOut});
        });
    });
}

Answer<User> UserService::self(const Actor &actor)
{
    return m_base.storage.read(
        [id = actor.id](Database &database) { return UserRepository(database).find(id); });
}

Answer<base::Secret> UserService::renewAccessToken(const Actor &actor)
{
    const base::Secret token = secrets::makeAccessToken();
    const QByteArray hash = secrets::viewOf(secrets::tokenKeyHash(token.reveal())).toByteArray();
    return m_base.storage.write([id = actor.id, token, hash](Database &database) {
        return storeAccessToken(database, id, hash).map([&] { return token; });
    });
}

Answer<QString> UserService::invitationCode(const Actor &actor)
{
    return m_base.storage.write(
        [id = actor.id](Database &database) { return storeInvitationCode(database, id); });
}

} // namespace gatehouse::admin
