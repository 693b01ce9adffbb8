#pragma once

#include "admin/channels/channelservice.h"

namespace gatehouse::admin {

// The parts of ChannelService that run in a storage thread, each within one transaction.

base::Result<ChangedChannel> storeEdit(storage::Database &database,
                                       const storage::KeySealer &sealer,
                                       domain::ChannelId id,
                                       const ChannelEdit &edit,
                                       const OwnAddress &isOwnAddress);
// All or none of them.
base::Result<std::vector<ChangedChannel>> storeEdits(storage::Database &database,
                                                     const storage::KeySealer &sealer,
                                                     const std::vector<domain::ChannelId> &ids,
                                                     const ChannelEdit &edit,
                                                     const OwnAddress &isOwnAddress);
base::Result<std::vector<domain::Channel>> storeNew(storage::Database &database,
                                                    const storage::KeySealer &sealer,
                                                    std::vector<domain::Channel> channels,
                                                    const OwnAddress &isOwnAddress);
base::Result<domain::Channel> storeCopy(storage::Database &database,
                                        const storage::KeySealer &sealer,
                                        domain::ChannelId id,
                                        const QString &name,
                                        qint64 now);
base::Result<std::vector<ChannelKeyView>>
keysOf(storage::Database &database, const storage::KeySealer &sealer, domain::ChannelId id);

// Which of the secrets a channel other than `except` has.
base::Result<std::vector<KnownKey>> knownKeysOf(storage::Database &database,
                                                const storage::KeySealer &sealer,
                                                const QList<base::Secret> &secrets,
                                                domain::ChannelId except);

// The draft as it would be stored, with the secrets of the stored keys that it names. These are
// refused to an address for which they were not entered.
base::Result<domain::Channel> completedDraft(storage::Database &database,
                                             const storage::KeySealer &sealer,
                                             domain::Channel draft,
                                             const OwnAddress &isOwnAddress);

// See ChannelService. `now` in seconds since 1970, UTC.
base::Result<> storeRemovals(storage::Database &database,
                             const storage::KeySealer &sealer,
                             const std::vector<domain::ChannelId> &ids,
                             qint64 now);
base::Result<> storeRestorations(storage::Database &database,
                                 const storage::KeySealer &sealer,
                                 const std::vector<domain::ChannelId> &ids);
base::Result<qint64>
storeRemovalOfDisabled(storage::Database &database, const storage::KeySealer &sealer, qint64 now);
base::Result<bool> storeSwitch(storage::Database &database,
                               const storage::KeySealer &sealer,
                               domain::ChannelId id,
                               bool enabled,
                               const QString &reason);

// Disables the key, and the channel if no other is left. Gives what was done; the code nothingToDo
// where there is nothing to do. `now` in milliseconds since 1970, UTC.
inline constexpr auto nothingToDo = base::ErrorCode::Conflict;
base::Result<QString> storeRefusal(storage::Database &database,
                                   const storage::KeySealer &sealer,
                                   const relay::KeyRefusal &refusal,
                                   qint64 now);

// The last four characters; nothing of a short key.
QString keyEnding(const base::Secret &key);

} // namespace gatehouse::admin
