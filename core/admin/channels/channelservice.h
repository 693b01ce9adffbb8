#pragma once

#include "admin/actor.h"
#include "admin/channels/channeladdress.h"
#include "admin/channels/channelchange.h"
#include "admin/foundation.h"
#include "relay/context.h"
#include "storage/repositories/channelrepository.h"

#include <QObject>
#include <QSet>

#include <functional>
#include <stop_token>
#include <vector>

namespace gatehouse::admin {

// Changes a channel. Called in a storage thread; it uses nothing but its argument and what it
// copied. The secrets of keys are empty and stay as they are; one that is set is a new key.
using ChannelEdit = std::function<base::Result<>(domain::Channel &)>;

// The channels. Keys go in and never come out. Lives in the main thread.
class ChannelService : public QObject
{
    Q_OBJECT

public:
    ChannelService(const Foundation &foundation,
                   OwnAddress isOwnAddress,
                   QObject *parent = nullptr);

    Answer<std::vector<domain::Channel>> list(storage::Page page);
    // Those whose id is `keyword` or whose name begins with it.
    Answer<std::vector<domain::Channel>> search(const QString &keyword);
    Answer<domain::Channel> find(domain::ChannelId id);

    // All or none of them. A request to `stop` ends it with Cancelled, unless the storing has begun.
    Answer<std::vector<domain::Channel>> create(std::vector<domain::Channel> channels,
                                                const std::stop_token &stop = {});
    // A channel whose address comes to lead elsewhere needs its keys anew: kept ones are refused, so
    // that no key reaches a host for which it was not entered. Its health is forgotten where the change
    // bears on it; see changesReach(). One that lost its keys in a restore is not switched on without.
    Answer<domain::Channel> change(domain::ChannelId id, ChannelEdit edit);
    // All or none of them, each by the same edit; with the former values.
    Answer<std::vector<ChangedChannel>> changeAll(std::vector<domain::ChannelId> ids,
                                                  ChannelEdit edit);
    Answer<std::vector<ChangedChannel>> setPriorities(std::vector<ChannelPriority> priorities);
    // Undoes changes, and leaves what else has happened to the channels since. Keys that were removed
    // or replaced come back, if their address has not changed.
    Answer<std::vector<ChangedChannel>> takeBack(std::vector<ChangedChannel> changes);
    // A disabled copy with the same keys, which do not leave the core. Empty: a name is made.
    Answer<domain::Channel> duplicate(domain::ChannelId id, const QString &name = {});

    // They are hidden and serve nothing; restore() brings them back for 30 days.
    Answer<> remove(domain::ChannelId id);
    Answer<> removeAll(std::vector<domain::ChannelId> ids);
    Answer<> restore(std::vector<domain::ChannelId> ids);
    // Gives their number.
    Answer<qint64> removeDisabled();

    // What a person decides of keys.
    Answer<std::vector<ChannelKeyView>> keys(domain::ChannelId id);
    Answer<domain::Channel> addKeys(domain::ChannelId id, QList<base::Secret> secrets);
    Answer<domain::Channel>
    replaceKey(domain::ChannelId id, qint64 keyId, const base::Secret &secret);
    Answer<domain::Channel> removeKey(domain::ChannelId id, qint64 keyId);
    Answer<domain::Channel> setKeyEnabled(domain::ChannelId id, qint64 keyId, bool enabled);

    // A channel that is not saved yet, checked and completed with the keys that are stored, which
    // makes the answer fit for ChannelTester alone.
    Answer<domain::Channel> completeDraft(domain::Channel draft);

    // What is to be said of an address that is being typed; see admin::reviewAddress(). At once.
    AddressReview
    reviewAddress(const QString &typed, int providerType, const QString &apiVersion = {}) const;
    // Which of the keys other channels than `except` have already.
    Answer<std::vector<KnownKey>> knownKeys(QList<base::Secret> secrets, domain::ChannelId except);

    // Ends rests and breakers of the channel: it gets a new chance at once.
    void resetBreaker(domain::ChannelId id);

    // What a machine found out. A channel that a person disabled stays so: then, and where nothing
    // was to be done, the answer is false.
    Answer<bool>
    setEnabledAutomatically(domain::ChannelId id, bool enabled, const QString &reason = {});
    Answer<> recordTest(domain::ChannelId id, qint64 testedAt, int responseMilliseconds);
    Answer<> recordBalance(domain::ChannelId id, const domain::AccountBalance &balance);

public slots:
    // Heard from the relay. With the setting relay.disable_automatically the key is disabled, and
    // the channel when no key of it is left.
    void keyRefused(const gatehouse::relay::KeyRefusal &refusal);

signals:
    // A machine disabled a key or the whole channel.
    void disabledAutomatically(gatehouse::domain::ChannelId id, const QString &reason);
    // The outcome of a test or a balance is stored. The catalog stays as it is, so that tests do not
    // disturb the connections of the gateway.
    void findingsStored(gatehouse::domain::ChannelId id);

private:
    // `forgets` tells of a change whether what was known of the channel's health says nothing any more.
    Answer<std::vector<ChangedChannel>> storeAll(std::vector<domain::ChannelId> ids,
                                                 ChannelEdit edit,
                                                 bool (*forgets)(const ChangedChannel &change));

    Answer<> storeFindings(domain::ChannelId id,
                           std::function<base::Result<>(storage::ChannelRepository &)> store);

    const Foundation m_base;
    const OwnAddress m_isOwnAddress;
    QSet<std::pair<qint64, qint64>> m_refused{}; // channel and key that are being disabled
};

// Where the keys of a channel go: scheme, host and port, and what can read along.
base::Message keyDestination(const domain::Channel &channel);
// True if keys that were entered for `before` may be sent by `after`: to the same place, and read along
// by nobody new.
bool keysMayGo(const domain::Channel &before, const domain::Channel &after);
using domain::isSecretHeader;

} // namespace gatehouse::admin
