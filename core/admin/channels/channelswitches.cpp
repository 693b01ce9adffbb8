#include "admin/channels/channelstore.h"
#include "admin/history/recording.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::fail;
using base::Result;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using domain::HistoryAction;
using storage::ChannelRepository;
using storage::Database;
using storage::Keys;

Result<> storeRemovals(Database &database,
                       const storage::KeySealer &sealer,
                       const std::vector<ChannelId> &ids,
                       qint64 now)
{
    ChannelRepository channels(database, sealer);
    for (const ChannelId id : ids) {
        const Result<Channel> channel = channels.find(id, Keys::Leave);
        if (!channel)
            return fail(channel.error());
        const Result<> removed = channels.remove(id, now).and_then([&] {
            return record(
                database,
                {.id = id.value, .name = channel->name, .action = HistoryAction::Removed});
        });
        if (!removed)
            return removed;
    }
    return {};
}

Result<> storeRestorations(Database &database,
                           const storage::KeySealer &sealer,
                           const std::vector<ChannelId> &ids)
{
    ChannelRepository channels(database, sealer);
    for (const ChannelId id : ids) {
        if (Result<> restored = channels.restore(id); !restored)
            return restored;
        const Result<Channel> channel = channels.find(id, Keys::Leave);
        if (!channel)
            return fail(channel.error());
        const Result<> noted = record(
            database, {.id = id.value, .name = channel->name, .action = HistoryAction::Restored});
        if (!noted)
            return noted;
    }
    return {};
}

Result<qint64>
storeRemovalOfDisabled(Database &database, const storage::KeySealer &sealer, qint64 now)
{
    ChannelRepository channels(database, sealer);
    const Result<std::vector<Channel>> all = channels.all(Keys::Leave);
    if (!all)
        return fail(all.error());
    for (const Channel &channel : *all) {
        if (channel.isEnabled())
            continue;
        const Result<> noted = record(
            database,
            {.id = channel.id.value, .name = channel.name, .action = HistoryAction::Removed});
        if (!noted)
            return fail(noted.error());
    }
    return channels.removeDisabled(now);
}

Result<bool> storeSwitch(Database &database,
                         const storage::KeySealer &sealer,
                         ChannelId id,
                         bool enabled,
                         const QString &reason)
{
    ChannelRepository channels(database, sealer);
    const Result<bool> done = channels.setEnabledAutomatically(id, enabled, reason);
    if (!done || !*done)
        return done;
    const Result<Channel> channel = channels.find(id, Keys::Leave);
    if (!channel)
        return fail(channel.error());
    for (const ChannelKey &key : channel->keys) {
        if (!enabled || key.disabledReason.isEmpty())
            continue;
        if (Result<> given = channels.setKeyEnabled(id, key.id, true); !given)
            return fail(given.error());
    }
    Recorded entry{.id = id.value,
                   .name = channel->name,
                   .action = enabled ? HistoryAction::EnabledByProgram
                                     : HistoryAction::DisabledByProgram};
    if (!reason.isEmpty())
        entry.fields.push_back({.field = u"reason"_s, .after = reason});
    return record(database, std::move(entry), theProgram()).map([] { return true; });
}

} // namespace gatehouse::admin
