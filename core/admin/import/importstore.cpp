#include "admin/import/importstore.h"

#include "storage/repositories/channelrepository.h"
#include "storage/repositories/grouprepository.h"
#include "storage/repositories/settingsrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"

namespace gatehouse::admin {

using base::fail;
using base::Result;
using domain::UserId;
using storage::Database;
using storage::KeySealer;

namespace {

using Owners = QHash<qint64, UserId>; // the users here by their numbers there

// Those that keep their numbers come first, so that no other gets one of these.
template<typename Entry, typename HasId, typename Store>
Result<> storeInTurn(const std::vector<Entry> &entries, HasId hasId, Store store)
{
    for (const bool withId : {true, false}) {
        for (const Entry &entry : entries) {
            if (hasId(entry) != withId)
                continue;
            if (Result<> stored = store(entry); !stored)
                return stored;
        }
    }
    return {};
}

Result<> storeUsers(Database &database, const ImportPlan &plan, Owners &owners)
{
    storage::UserRepository users(database);
    const auto hasId = [](const ImportPlan::User &one) { return !one.user.id.isNull(); };
    const auto store = [&](const ImportPlan::User &one) -> Result<> {
        const Result<UserId> id = users.insert(one.user, one.passwordHash);
        if (!id)
            return fail(id.error());
        owners.insert(one.source, *id);
        return one.accessTokenHash.isEmpty() ? Result<>()
                                             : users.setAccessTokenHash(*id, one.accessTokenHash);
    };
    if (Result<> stored = storeInTurn(plan.users, hasId, store); !stored)
        return stored;
    for (const ImportPlan::User &one : plan.users) {
        const auto inviter = owners.constFind(one.inviter);
        if (one.inviter == 0 || inviter == owners.cend())
            continue;
        domain::User user = one.user;
        user.id = owners.value(one.source);
        user.inviter = *inviter;
        if (Result<> stored = users.update(user); !stored)
            return stored;
    }
    return {};
}

Result<> storeTokens(Database &database,
                     const KeySealer &sealer,
                     const ImportPlan &plan,
                     const Owners &owners)
{
    storage::TokenRepository tokens(database, sealer);
    const auto hasId = [](const ImportPlan::Token &one) { return !one.token.id.isNull(); };
    return storeInTurn(plan.tokens, hasId, [&](const ImportPlan::Token &one) {
        domain::Token token = one.token;
        token.userId = owners.value(one.owner);
        return tokens.insert(token).map([](domain::TokenId) {});
    });
}

Result<> storeChannels(Database &database, const KeySealer &sealer, const ImportPlan &plan)
{
    storage::ChannelRepository channels(database, sealer);
    const auto hasId = [](const domain::Channel &channel) { return !channel.id.isNull(); };
    return storeInTurn(plan.channels, hasId, [&](const domain::Channel &channel) {
        return channels.insert(channel).map([](domain::ChannelId) {});
    });
}

} // namespace

Result<ImportGround>
importGround(Database &database, const KeySealer &sealer, OwnAddress isOwnAddress, qint64 now)
{
    auto entries = storage::presentEntries(database);
    auto groups = storage::GroupRepository(database).all();
    auto channels = storage::ChannelRepository(database, sealer).all(storage::Keys::OpenIfPossible);
    auto settings = storage::SettingsRepository(database).all();
    if (!entries)
        return fail(entries.error());
    if (!groups)
        return fail(groups.error());
    if (!channels)
        return fail(channels.error());
    if (!settings)
        return fail(settings.error());
    return ImportGround{.entries = std::move(*entries),
                        .groups = std::move(*groups),
                        .channels = std::move(*channels),
                        .settings = std::move(*settings),
                        .isOwnAddress = std::move(isOwnAddress),
                        .now = now};
}

Result<> storeImport(Database &database, const KeySealer &sealer, const ImportPlan &plan)
{
    Owners owners = plan.presentUsers;
    storage::GroupRepository groups(database);
    for (const domain::Group &group : plan.groups) {
        if (Result<> stored = groups.save(group); !stored)
            return stored;
    }
    storage::SettingsRepository settings(database);
    for (auto it = plan.settings.cbegin(); it != plan.settings.cend(); ++it) {
        if (Result<> stored = settings.save(it.key(), it.value()); !stored)
            return stored;
    }
    return storeUsers(database, plan, owners)
        .and_then([&] { return storeTokens(database, sealer, plan, owners); })
        .and_then([&] { return storeChannels(database, sealer, plan); });
}

} // namespace gatehouse::admin
