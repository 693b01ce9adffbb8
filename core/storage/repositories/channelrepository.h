#pragma once

#include "domain/channel.h"
#include "storage/database.h"
#include "storage/keysealer.h"
#include "storage/repositories/destination.h"
#include "storage/repositories/page.h"
#include "storage/statement.h"

#include <QSqlQuery>

#include <span>
#include <vector>

namespace gatehouse::storage {

// The channels with their keys. Sealed in the database are the keys, the header overrides, the proxy
// and the provider's settings; of the last three, one that does not open is an error unless
// Keys::OpenIfPossible is asked for. Deleted channels are found by restore() alone.
class ChannelRepository
{
public:
    ChannelRepository(Database &database, const KeySealer &sealer)
        : m_database(database)
        , m_sealer(sealer)
    {}

    // The newest first.
    base::Result<std::vector<domain::Channel>> all(Keys keys, Page page = {}) const;
    // Those whose id is `keyword` or whose name begins with it.
    base::Result<std::vector<domain::Channel>> search(const QString &keyword, Keys keys) const;
    base::Result<domain::Channel> find(domain::ChannelId id, Keys keys) const;
    base::Result<qint64> count() const;

    // Stores all but the id, which the database gives out unless `channel.id` names one (imports).
    base::Result<domain::ChannelId> insert(const domain::Channel &channel);
    // Many at once; gives their ids in the same order.
    base::Result<std::vector<domain::ChannelId>>
    insertAll(std::span<const domain::Channel> channels,
              Destination destination = Destination::Table);
    // What is set of a new one, without the id, the secrets and the keys; the rest is the table's
    // default.
    static QString insertedColumns();
    // Stores what a person decides: not what was used, measured or tested. Of the keys, one with an
    // id and an empty secret keeps its secret, one with a secret is new, in place of the one with its
    // id if it has any, and one that is not in the list is hidden; one that was hidden comes back when
    // it is named again.
    base::Result<> update(const domain::Channel &channel);
    // Hides it until restore(), or until purgeDeleted() removes it. `now` in seconds since 1970, UTC.
    base::Result<> remove(domain::ChannelId id, qint64 now);
    base::Result<> restore(domain::ChannelId id);
    // Hides all that are not enabled. Gives their number.
    base::Result<qint64> removeDisabled(qint64 now);

    base::Result<>
    setStatus(domain::ChannelId id, domain::ChannelStatus status, const QString &reason = {});
    // What a machine decides: changes nothing, and gives false, where a person disabled the channel
    // or where it is as wished already.
    base::Result<bool>
    setEnabledAutomatically(domain::ChannelId id, bool enabled, const QString &reason = {});
    base::Result<>
    setKeyEnabled(domain::ChannelId id, qint64 keyId, bool enabled, const QString &reason = {});
    // Removes for good the keys that update() has hidden.
    base::Result<> forgetHiddenKeys(domain::ChannelId id);
    base::Result<> setTested(domain::ChannelId id, qint64 testedAt, int responseMilliseconds);
    // Seals what was stored in plain text before there was a column for it. Gives the number of
    // channels that had any.
    base::Result<int> sealRemaining();
    base::Result<>
    setBalance(domain::ChannelId id, const domain::AccountBalance &balance, qint64 balanceAt);

private:
    base::Result<std::vector<domain::Channel>> channelsFrom(base::Result<QSqlQuery> rows,
                                                            Keys keys) const;
    base::Result<> readKeys(std::vector<domain::Channel> &channels, Keys keys) const;
    base::Result<> openSecrets(QByteArrayView sealed, domain::Channel &channel) const;
    base::Result<> storeSecrets(domain::ChannelId id,
                                const domain::Channel &channel,
                                Destination destination = Destination::Table);
    base::Result<> storeKeys(const domain::Channel &channel);
    Bindings bindingsOf(domain::ChannelId id, const domain::ChannelKey &key, int position) const;
    base::Result<> insertKeys(std::span<const domain::Channel> channels,
                              const std::vector<domain::ChannelId> &ids,
                              Destination destination);
    base::Result<> insertKey(domain::ChannelId id, const domain::ChannelKey &key, int position);
    base::Result<> placeKey(qint64 id, int position);
    base::Result<> updateKey(domain::ChannelId id, const domain::ChannelKey &key);

    Database &m_database;
    const KeySealer &m_sealer;
};

} // namespace gatehouse::storage
