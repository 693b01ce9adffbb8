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
using storage::ImportedKind;
using storage::KeySealer;

namespace {

using Owners = QHash<qint64, UserId>; // the users here by their numbers there

using Remembered = std::vector<storage::ImportedEntry>;

void remember(ImportedKind kind, const QList<QByteArray> &prints, qint64 id, Remembered &all)
{
    for (const QByteArray &print : prints)
        all.push_back({.kind = kind, .fingerprint = print, .id = id});
}

Result<>
storeUsers(Database &database, const ImportPlan &plan, Owners &owners, Remembered &remembered)
{
    std::vector<storage::NewUser> rows;
    for (const ImportPlan::User &one : plan.users) {
        rows.push_back({.user = one.user,
                        .passwordHash = one.passwordHash,
                        .accessTokenHash = one.accessTokenHash});
    }
    storage::UserRepository users(database);
    const Result<std::vector<UserId>> ids = users.insertAll(rows);
    if (!ids)
        return fail(ids.error());
    for (size_t i = 0; i < ids->size(); ++i) {
        owners.insert(plan.users[i].source, (*ids)[i]);
        remember(ImportedKind::User, plan.users[i].fingerprints, (*ids)[i].value, remembered);
    }
    QHash<UserId, UserId> inviters;
    for (const ImportPlan::User &one : plan.users) {
        const auto inviter = owners.constFind(one.inviter);
        if (one.inviter != 0 && inviter != owners.cend())
            inviters.insert(owners.value(one.source), *inviter);
    }
    return users.setInviters(inviters);
}

Result<> storeTokens(Database &database,
                     const KeySealer &sealer,
                     const ImportPlan &plan,
                     const Owners &owners,
                     Remembered &remembered)
{
    std::vector<domain::Token> rows;
    for (const ImportPlan::Token &one : plan.tokens) {
        rows.push_back(one.token);
        rows.back().userId = owners.value(one.owner);
    }
    return storage::TokenRepository(database, sealer)
        .insertAll(rows)
        .map([&](const std::vector<domain::TokenId> &ids) {
            for (size_t i = 0; i < ids.size(); ++i)
                remember(ImportedKind::Token, {rows[i].keyHash}, ids[i].value, remembered);
        });
}

Result<> storeChannels(Database &database,
                       const KeySealer &sealer,
                       const ImportPlan &plan,
                       Remembered &remembered)
{
    std::vector<domain::Channel> rows;
    for (const ImportPlan::Channel &one : plan.channels)
        rows.push_back(one.channel);
    return storage::ChannelRepository(database, sealer)
        .insertAll(rows)
        .map([&](const std::vector<domain::ChannelId> &ids) {
            for (size_t i = 0; i < ids.size(); ++i) {
                const QList<QByteArray> &prints = plan.channels[i].fingerprints;
                remember(ImportedKind::Channel, prints, ids[i].value, remembered);
            }
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
    Remembered remembered = plan.fingerprints;
    return storeUsers(database, plan, owners, remembered)
        .and_then([&] { return storeTokens(database, sealer, plan, owners, remembered); })
        .and_then([&] { return storeChannels(database, sealer, plan, remembered); })
        .and_then([&] { return storage::ImportedEntries(database).insertAll(remembered); });
}

} // namespace gatehouse::admin
