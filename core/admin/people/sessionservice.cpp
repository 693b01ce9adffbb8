#include "admin/people/sessionservice.h"

#include "admin/people/passwordpool.h"
#include "admin/people/userstore.h"
#include "base/logging.h"
#include "secrets/tokenkey.h"
#include "storage/repositories/userrepository.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::User;
using storage::Database;
using storage::UserRepository;

namespace {

constexpr qsizetype longestInput = 512;

// A user as sign-in needs it.
struct Candidate
{
    std::optional<User> user{};
    QByteArray hash{};
};

Result<Candidate> candidateFor(Database &database, const QString &name)
{
    const UserRepository users(database);
    Result<std::optional<User>> user = users.findByNameOrEmail(name);
    if (!user)
        return fail(user.error());
    Candidate candidate{.user = *user};
    if (!candidate.user)
        return candidate;
    const Result<QByteArray> hash = users.passwordHash(candidate.user->id);
    if (!hash)
        return fail(hash.error());
    candidate.hash = *hash;
    return candidate;
}

// Attempts count for the account, whichever of its names was typed.
QByteArray accountOf(const Candidate &candidate, const QString &typed)
{
    if (candidate.user)
        return "id:" + QByteArray::number(candidate.user->id.value);
    return "name:" + typed.toCaseFolded().toUtf8();
}

} // namespace

SessionService::SessionService(const Foundation &foundation,
                               const base::Secret &sessionSecret,
                               QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_signature(sessionSecret)
    , m_throttle(foundation.clock)
{
    connect(
        &m_base.publisher, &CatalogPublisher::catalogChanged, this, &SessionService::applyLimits);
}

void SessionService::applyLimits()
{
    const domain::Settings::Sessions &sessions = m_base.publisher.catalog()->settings().sessions;
    secrets::LoginThrottle::Limits limits;
    limits.attemptsBeforeDelay = sessions.attemptsBeforeDelay;
    limits.addressAttemptsBeforeDelay = 4 * sessions.attemptsBeforeDelay;
    limits.longestDelay = sessions.longestDelay;
    m_throttle.setLimits(limits);
}

Answer<SignIn>
SessionService::signIn(const QString &name, base::Secret password, const QHostAddress &client)
{
    const auto &catalog = m_base.publisher.catalog();
    if (!catalog)
        return refused<SignIn>(ErrorCode::Unavailable,
                               Message::tr("The gateway is still starting."));
    if (!catalog->settings().sessions.passwordLogin)
        return answered<SignIn>(SignIn{.state = SignIn::State::SwitchedOff});
    if (name.isEmpty() || name.size() > longestInput || password.isEmpty()
        || password.reveal().size() > longestInput)
        return answered<SignIn>(SignIn{});

    const auto found =
        m_base.storage.read([name](Database &database) { return candidateFor(database, name); });
    return onSuccess(found, this, [this, name, password, client](const Candidate &candidate) {
        const QByteArray account = accountOf(candidate, name);
        const auto wait = m_throttle.begin(account, client);
        if (wait.count() > 0)
            return answered<SignIn>(SignIn{.state = SignIn::State::Throttled, .wait = wait});
        std::optional<QByteArray> hash;
        if (!candidate.hash.isEmpty())
            hash = candidate.hash;
        return onSuccess(m_base.passwords.check(password, hash),
                         this,
                         [this, candidate, account, client](const PasswordPool::Check &check) {
                             const bool isIn = check.matches && candidate.user->isEnabled();
                             recordSignIn(candidate.user.value_or(User{}), client, isIn);
                             if (!isIn)
                                 return Result<SignIn>(SignIn{});
                             m_throttle.succeeded(account, client);
                             renewHash(*candidate.user, candidate.hash, check.renewed);
                             return sessionFor(*candidate.user);
                         });
    });
}

Answer<SignIn> SessionService::confirmRoot(base::Secret password)
{
    const std::optional<User> known = root();
    if (!known)
        return refused<SignIn>(ErrorCode::Unavailable,
                               Message::tr("The gateway is still starting."));
    if (password.isEmpty() || password.reveal().size() > longestInput)
        return answered<SignIn>(SignIn{});
    const auto found = m_base.storage.read(
        [id = known->id](Database &database) { return UserRepository(database).passwordHash(id); });
    return onSuccess(found, this, [this, user = *known, password](const QByteArray &hash) {
        return confirmAs("window:" + QByteArray::number(user.id.value), hash, user, password);
    });
}

Answer<SignIn> SessionService::confirmAs(const QByteArray &account,
                                         const QByteArray &hash,
                                         const User &user,
                                         const base::Secret &password)
{
    const auto wait = m_throttle.begin(account, {});
    if (wait.count() > 0)
        return answered<SignIn>(SignIn{.state = SignIn::State::Throttled, .wait = wait});
    std::optional<QByteArray> stored;
    if (!hash.isEmpty())
        stored = hash;
    return onSuccess(m_base.passwords.check(password, stored),
                     this,
                     [this, account, hash, user](const PasswordPool::Check &check) {
                         recordSignIn(user, std::nullopt, check.matches);
                         if (!check.matches)
                             return Result<SignIn>(SignIn{});
                         m_throttle.succeeded(account, {});
                         renewHash(user, hash, check.renewed);
                         return Result<SignIn>(
                             SignIn{.state = SignIn::State::SignedIn, .user = user});
                     });
}

// A name that nobody has is not told: it may be a password in the wrong place.
void SessionService::recordSignIn(const User &user,
                                  const std::optional<QHostAddress> &client,
                                  bool isIn)
{
    Recorded entry = recordedUser(
        user, isIn ? domain::HistoryAction::SignedIn : domain::HistoryAction::SignInFailed);
    domain::Author author; // without a client, the window was unlocked on this computer
    if (client) {
        author.kind = domain::Author::Kind::User;
        entry.fields.push_back({.field = u"address"_s, .after = client->toString()});
    } else {
        entry.fields.push_back({.field = u"window"_s, .after = true});
    }
    if (client && isIn) {
        author.user = user.id;
        author.name = user.username;
    }
    recordLater(m_base.storage, std::move(entry), author);
}

Result<SignIn> SessionService::sessionFor(const User &user) const
{
    const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(
        m_base.publisher.catalog()->settings().sessions.lifetime);
    const Result<QByteArray> cookie =
        m_signature.sign(user.id, user.sessionEpoch, m_base.now(), lifetime.count());
    if (!cookie)
        return fail(cookie.error());
    return SignIn{
        .state = SignIn::State::SignedIn, .user = user, .cookie = *cookie, .lifetime = lifetime};
}

// An imported or older hash gives way to one of today, without a wait.
void SessionService::renewHash(const User &user, const QByteArray &former, const QByteArray &hash)
{
    if (hash.isEmpty())
        return;
    m_base.storage
        .write([id = user.id, former, hash](Database &database) {
            return UserRepository(database).renewPasswordHash(id, former, hash);
        })
        .then(this, [](const Result<> &stored) {
            if (!stored)
                qCWarning(base::lcAdmin)
                    << "A password hash could not be renewed:" << stored.error().message.english();
        });
}

Identity SessionService::bySession(QByteArrayView cookie) const
{
    const auto &catalog = m_base.publisher.catalog();
    if (!catalog)
        return {.state = Identity::State::NotReady};
    const auto claims = m_signature.verify(cookie, m_base.now());
    if (!claims)
        return {};
    const User *user = catalog->user(claims->userId);
    if (!user)
        return {};
    if (!user->isEnabled())
        return {.state = Identity::State::Disabled};
    // A session of a later epoch was signed while the catalog with that epoch was on its way.
    if (claims->epoch < user->sessionEpoch)
        return {};
    return {.state = Identity::State::Known, .user = *user};
}

Answer<Identity> SessionService::byAccessToken(const QByteArray &token)
{
    const QByteArray hash = secrets::viewOf(secrets::tokenKeyHash(token)).toByteArray();
    const auto found = m_base.storage.read(
        [hash](Database &database) { return UserRepository(database).findByAccessToken(hash); });
    return onSuccess(found, this, [](const std::optional<User> &user) {
        if (!user)
            return Result<Identity>(Identity{});
        if (!user->isEnabled())
            return Result<Identity>(Identity{.state = Identity::State::Disabled});
        return Result<Identity>(Identity{.state = Identity::State::Known, .user = *user});
    });
}

std::optional<User> SessionService::root() const
{
    const auto &catalog = m_base.publisher.catalog();
    if (!catalog)
        return std::nullopt;
    std::optional<User> first;
    for (const User &user : catalog->users()) {
        if (user.role == domain::Role::Root && (!first || user.id < first->id))
            first = user;
    }
    return first;
}

} // namespace gatehouse::admin
