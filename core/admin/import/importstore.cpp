#include "admin/import/importstore.h"

#include "storage/import/importstaging.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/grouprepository.h"
#include "storage/repositories/settingsrepository.h"
#include "storage/repositories/tokenrepository.h"

#include <span>

namespace gatehouse::admin {

using base::fail;
using base::Message;
using base::Result;
using domain::UserId;
using storage::Database;
using storage::Destination;
using storage::ImportedKind;
using storage::ImportStaging;
using storage::KeySealer;

namespace {

using Remembered = std::vector<storage::ImportedEntry>;

void remember(ImportedKind kind, const QList<QByteArray> &prints, qint64 id, Remembered &all)
{
    for (const QByteArray &print : prints)
        all.push_back({.kind = kind, .fingerprint = print, .id = id});
}

// Gives out ids above all that are taken or wanted.
class Ids
{
public:
    explicit Ids(qint64 last)
        : m_last(last)
    {}

    void keep(qint64 wanted) { m_last = std::max(m_last, wanted); }
    qint64 idFor(qint64 wanted) { return wanted != 0 ? wanted : ++m_last; }

private:
    qint64 m_last;
};

// The next rows of a table, at most so many as fit into the slice.
template<typename Row, typename Insert>
Result<> gatherRows(const std::vector<Row> &rows, size_t &gathered, size_t &room, Insert insert)
{
    const size_t count = std::min(room, rows.size() - gathered);
    if (count == 0)
        return {};
    Result<> inserted = insert(std::span(rows).subspan(gathered, count));
    gathered += count;
    room -= count;
    return inserted;
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

ImportStore::ImportStore(const KeySealer &sealer, ImportPlan plan, ImportGround ground)
    : m_sealer(sealer)
    , m_plan(std::move(plan))
    , m_ground(std::move(ground))
{
    giveIds();
}

// Known before anything is stored, so that rows can refer to each other while they are gathered.
void ImportStore::giveIds()
{
    m_entries = m_plan.fingerprints;

    QHash<qint64, UserId> owners = m_plan.presentUsers; // by their numbers there
    Ids users(m_ground.entries.lastUserId);
    for (const ImportPlan::User &one : m_plan.users)
        users.keep(one.user.id.value);
    for (const ImportPlan::User &one : m_plan.users) {
        m_users.push_back({.user = one.user,
                           .passwordHash = one.passwordHash,
                           .accessTokenHash = one.accessTokenHash});
        const UserId id{users.idFor(one.user.id.value)};
        m_users.back().user.id = id;
        owners.insert(one.source, id);
        remember(ImportedKind::User, one.fingerprints, id.value, m_entries);
    }
    for (size_t i = 0; i < m_users.size(); ++i) {
        if (const qint64 inviter = m_plan.users[i].inviter; inviter != 0)
            m_users[i].user.inviter = owners.value(inviter);
    }

    Ids tokens(m_ground.entries.lastTokenId);
    for (const ImportPlan::Token &one : m_plan.tokens)
        tokens.keep(one.token.id.value);
    for (const ImportPlan::Token &one : m_plan.tokens) {
        m_tokens.push_back(one.token);
        domain::Token &token = m_tokens.back();
        token.id = {tokens.idFor(token.id.value)};
        token.userId = owners.value(one.owner);
        remember(ImportedKind::Token, {token.keyHash}, token.id.value, m_entries);
    }

    Ids channels(m_ground.entries.lastChannelId);
    for (const ImportPlan::Channel &one : m_plan.channels)
        channels.keep(one.channel.id.value);
    for (const ImportPlan::Channel &one : m_plan.channels) {
        m_channels.push_back(one.channel);
        domain::Channel &channel = m_channels.back();
        channel.id = {channels.idFor(channel.id.value)};
        remember(ImportedKind::Channel, one.fingerprints, channel.id.value, m_entries);
    }
}

Result<bool> ImportStore::gather(Database &database)
{
    if (!m_isOpen) {
        if (const Result<> opened = ImportStaging(database).open(); !opened)
            return fail(opened.error());
        m_isOpen = true;
    }
    // A channel is heavier than the others, by its keys.
    constexpr size_t channelRows = sliceRows / 10;
    constexpr auto staging = Destination::Staging;
    size_t room = sliceRows;
    size_t channelRoom = channelRows;
    const Result<> gathered =
        gatherRows(m_users,
                   m_gatheredUsers,
                   room,
                   [&](std::span<const storage::NewUser> rows) -> Result<> {
                       return storage::UserRepository(database)
                           .insertAll(rows, staging)
                           .map([](const auto &) {});
                   })
            .and_then([&] {
                return gatherRows(m_tokens,
                                  m_gatheredTokens,
                                  room,
                                  [&](std::span<const domain::Token> rows) -> Result<> {
                                      return storage::TokenRepository(database, m_sealer)
                                          .insertAll(rows, staging)
                                          .map([](const auto &) {});
                                  });
            })
            .and_then([&] {
                return gatherRows(m_entries,
                                  m_gatheredEntries,
                                  room,
                                  [&](std::span<const storage::ImportedEntry> rows) {
                                      return storage::ImportedEntries(database).insertAll(rows,
                                                                                          staging);
                                  });
            })
            .and_then([&]() -> Result<> {
                if (room < channelRows)
                    return {}; // in a slice of its own
                return gatherRows(m_channels,
                                  m_gatheredChannels,
                                  channelRoom,
                                  [&](std::span<const domain::Channel> rows) -> Result<> {
                                      return storage::ChannelRepository(database, m_sealer)
                                          .insertAll(rows, staging)
                                          .map([](const auto &) {});
                                  });
            });
    if (!gathered)
        return fail(gathered.error());
    return m_gatheredUsers < m_users.size() || m_gatheredTokens < m_tokens.size()
           || m_gatheredEntries < m_entries.size() || m_gatheredChannels < m_channels.size();
}

// What it was planned by and what the tables do not refuse by themselves.
Result<> ImportStore::checkGround(Database &database) const
{
    const Result<bool> hasNew = storage::hasNewEntries(database, m_ground.entries);
    const auto groups = storage::GroupRepository(database).all();
    const auto settings = storage::SettingsRepository(database).all();
    if (!hasNew)
        return fail(hasNew.error());
    if (!groups)
        return fail(groups.error());
    if (!settings)
        return fail(settings.error());
    if (!*hasNew && *groups == m_ground.groups && *settings == m_ground.settings)
        return {};
    return fail(base::ErrorCode::Conflict,
                Message::tr("Something was changed here while the import was prepared. Nothing was "
                            "imported; try again."));
}

Result<> ImportStore::settle(Database &database)
{
    if (Result<> unchanged = checkGround(database); !unchanged)
        return unchanged;
    storage::GroupRepository groups(database);
    for (const domain::Group &group : m_plan.groups) {
        if (Result<> stored = groups.save(group); !stored)
            return stored;
    }
    storage::SettingsRepository settings(database);
    for (auto it = m_plan.settings.cbegin(); it != m_plan.settings.cend(); ++it) {
        if (Result<> stored = settings.save(it.key(), it.value()); !stored)
            return stored;
    }
    return ImportStaging(database).move();
}

Result<> ImportStore::discard(Database &database)
{
    return ImportStaging(database).close();
}

} // namespace gatehouse::admin
