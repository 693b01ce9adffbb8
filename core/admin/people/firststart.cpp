#include "admin/people/firststart.h"

#include "admin/people/passwordpool.h"
#include "secrets/tokenkey.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::fail;
using base::Result;
using domain::User;
using domain::UserId;
using storage::Database;

namespace {

constexpr domain::Quota rootBalance{500'000'000'000'000};

QByteArray hashOf(QByteArrayView key)
{
    return secrets::viewOf(secrets::tokenKeyHash(key)).toByteArray();
}

Result<> storeToken(Database &database,
                    const storage::KeySealer &sealer,
                    const base::Secret &given,
                    UserId owner,
                    qint64 now)
{
    const QByteArray key = secrets::parseClientKey(given.reveal()).key.toByteArray();
    domain::Token token;
    token.userId = owner;
    token.name = u"Initial Root Token"_s;
    token.key = base::Secret(key);
    token.keyHash = hashOf(key);
    token.createdAt = now;
    token.accessedAt = now;
    token.balance = rootBalance;
    token.unlimited = true;
    return storage::TokenRepository(database, sealer).insert(token).map([](domain::TokenId) {});
}

Result<FirstStartReport> storeRoot(Database &database,
                                   const storage::KeySealer &sealer,
                                   const FirstStartOptions &options,
                                   const QByteArray &passwordHash,
                                   qint64 now)
{
    storage::UserRepository users(database);
    const Result<qint64> present = users.count();
    if (!present)
        return fail(present.error());
    if (*present > 0)
        return FirstStartReport{};
    User root;
    root.username = u"root"_s;
    root.displayName = u"Root User"_s;
    root.role = domain::Role::Root;
    root.balance = rootBalance;
    root.createdAt = now;
    const Result<UserId> id = users.insert(root, passwordHash);
    if (!id)
        return fail(id.error());
    if (!options.initialToken.isEmpty()) {
        const Result<> stored = storeToken(database, sealer, options.initialToken, *id, now);
        if (!stored)
            return fail(stored.error());
    }
    if (!options.initialAccessToken.isEmpty()) {
        const Result<> stored =
            users.setAccessTokenHash(*id, hashOf(options.initialAccessToken.reveal()));
        if (!stored)
            return fail(stored.error());
    }
    return FirstStartReport{.created = true, .root = *id};
}

} // namespace

Answer<FirstStartReport>
runFirstStart(const Foundation &foundation, FirstStartOptions options, QObject *context)
{
    const base::Secret password =
        options.rootPassword.isEmpty() ? secrets::makeAccessToken() : options.rootPassword;
    const bool isRandom = options.rootPassword.isEmpty();
    const auto counted = foundation.storage.read(
        [](Database &database) { return storage::UserRepository(database).count(); });
    const auto start = [foundation, options, password, isRandom, context](qint64 users) {
        if (users > 0)
            return answered<FirstStartReport>(FirstStartReport{});
        if (Result<> sound = checkNewPassword(password); !sound) {
            base::Error error = sound.error();
            error.message =
                base::Message::tr("GATEHOUSE_ROOT_PASSWORD cannot be used. %1").arg(error.message);
            return refused<FirstStartReport>(error);
        }
        const auto store = [foundation, options](const QByteArray &hash) {
            return foundation.storage.write(
                [sealer = &foundation.sealer, options, hash, now = foundation.now()](
                    Database &database) {
                    return storeRoot(database, *sealer, options, hash, now);
                });
        };
        const auto stored = onSuccess(foundation.passwords.hash(password), context, store);
        return onSuccess(stored, context, [password, isRandom](FirstStartReport report) {
            if (report.created && isRandom)
                report.password = password;
            return Result<FirstStartReport>(report);
        });
    };
    return onSuccess(counted, context, start);
}

} // namespace gatehouse::admin
