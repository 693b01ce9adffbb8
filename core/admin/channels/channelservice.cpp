#include "admin/channels/channelservice.h"

#include "admin/channels/channelstore.h"
#include "base/logging.h"

#include <QCoreApplication>
#include <QPointer>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using storage::ChannelRepository;
using storage::Database;
using storage::Keys;

namespace {

Result<> noSuchKey()
{
    return fail(ErrorCode::NotFound, Message::tr("This key of the channel does not exist."));
}

} // namespace

ChannelService::ChannelService(const Foundation &foundation,
                               OwnAddress isOwnAddress,
                               QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_isOwnAddress(std::move(isOwnAddress))
{}

Answer<std::vector<Channel>> ChannelService::list(storage::Page page)
{
    return m_base.storage.read([sealer = &m_base.sealer, page](Database &database) {
        return ChannelRepository(database, *sealer).all(Keys::Leave, page);
    });
}

Answer<std::vector<Channel>> ChannelService::search(const QString &keyword)
{
    return m_base.storage.read([sealer = &m_base.sealer, keyword](Database &database) {
        return ChannelRepository(database, *sealer).search(keyword, Keys::Leave);
    });
}

Answer<Channel> ChannelService::find(ChannelId id)
{
    return m_base.storage.read([sealer = &m_base.sealer, id](Database &database) {
        return ChannelRepository(database, *sealer).find(id, Keys::Leave);
    });
}

Answer<std::vector<Channel>> ChannelService::create(std::vector<Channel> channels,
                                                    const std::stop_token &stop)
{
    for (Channel &channel : channels) {
        channel.id = {};
        channel.createdAt = m_base.now();
    }
    return m_base.publisher.change([sealer = &m_base.sealer,
                                    channels = std::move(channels),
                                    isOwnAddress = m_isOwnAddress,
                                    stop](Database &database) -> Result<std::vector<Channel>> {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, Message::tr("The operation was cancelled."));
        return storeNew(database, *sealer, channels, isOwnAddress);
    });
}

Answer<Channel> ChannelService::change(ChannelId id, ChannelEdit edit)
{
    return onSuccess(changeAll({id}, std::move(edit)),
                     this,
                     [](std::vector<ChangedChannel> changed) -> Result<Channel> {
                         return std::move(changed.front().after);
                     });
}

Answer<std::vector<ChangedChannel>> ChannelService::changeAll(std::vector<ChannelId> ids,
                                                              ChannelEdit edit)
{
    // What is switched off by a person keeps its health for the case that this is undone.
    return storeAll(std::move(ids), std::move(edit), [](const ChangedChannel &change) {
        return changesReach(change) && !switchesOffAlone(change);
    });
}

Answer<std::vector<ChangedChannel>> ChannelService::storeAll(
    std::vector<ChannelId> ids, ChannelEdit edit, bool (*forgets)(const ChangedChannel &change))
{
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, ids, edit = std::move(edit), isOwnAddress = m_isOwnAddress](
            Database &database) { return storeEdits(database, *sealer, ids, edit, isOwnAddress); });
    return onSuccess(changed, this, [this, forgets](std::vector<ChangedChannel> all) {
        for (const ChangedChannel &one : all) {
            if (forgets(one))
                m_base.health.forget(one.after.id);
        }
        return Result<std::vector<ChangedChannel>>(std::move(all));
    });
}

Answer<std::vector<ChangedChannel>>
ChannelService::setPriorities(std::vector<ChannelPriority> priorities)
{
    std::vector<ChannelId> ids;
    QHash<ChannelId, qint64> wanted;
    for (const ChannelPriority &one : priorities) {
        ids.push_back(one.channel);
        wanted.insert(one.channel, one.priority);
    }
    return changeAll(std::move(ids), [wanted](Channel &channel) -> Result<> {
        channel.priority = wanted.value(channel.id, channel.priority);
        return {};
    });
}

Answer<std::vector<ChangedChannel>> ChannelService::takeBack(std::vector<ChangedChannel> changes)
{
    std::vector<ChannelId> ids;
    QHash<ChannelId, ChangedChannel> wanted;
    for (const ChangedChannel &change : changes) {
        ids.push_back(change.after.id);
        wanted.insert(change.after.id, change);
    }
    const auto edit = [wanted](Channel &channel) -> Result<> {
        admin::takeBack(channel, wanted.value(channel.id));
        return {};
    };
    // It is what it was before, a key that was refused included.
    return storeAll(std::move(ids), edit, [](const ChangedChannel &change) {
        return changesReach(change) && !changesSwitchesAlone(change);
    });
}

Answer<Channel> ChannelService::duplicate(ChannelId id, const QString &name)
{
    return m_base.publisher.change(
        [sealer = &m_base.sealer, id, name, now = m_base.now()](Database &database) {
            return storeCopy(database, *sealer, id, name, now);
        });
}

Answer<> ChannelService::remove(ChannelId id)
{
    return removeAll({id});
}

Answer<> ChannelService::removeAll(std::vector<ChannelId> ids)
{
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, ids, now = m_base.now()](Database &database) {
            return storeRemovals(database, *sealer, ids, now);
        });
    return onSuccess(changed, this, [this, ids] {
        for (const ChannelId id : ids)
            m_base.health.forget(id);
        return Result<>();
    });
}

Answer<> ChannelService::restore(std::vector<ChannelId> ids)
{
    return m_base.publisher.change(
        [sealer = &m_base.sealer, ids = std::move(ids)](Database &database) {
            return storeRestorations(database, *sealer, ids);
        });
}

Answer<qint64> ChannelService::removeDisabled()
{
    return m_base.publisher.change(
        [sealer = &m_base.sealer, now = m_base.now()](Database &database) {
            return storeRemovalOfDisabled(database, *sealer, now);
        });
}

Answer<std::vector<ChannelKeyView>> ChannelService::keys(ChannelId id)
{
    return m_base.storage.read([sealer = &m_base.sealer, id](Database &database) {
        return keysOf(database, *sealer, id);
    });
}

Answer<Channel> ChannelService::addKeys(ChannelId id, QList<base::Secret> secrets)
{
    return change(id, [secrets = std::move(secrets)](Channel &channel) -> Result<> {
        for (const base::Secret &secret : secrets)
            channel.keys.append({.secret = secret});
        return {};
    });
}

Answer<Channel> ChannelService::replaceKey(ChannelId id, qint64 keyId, const base::Secret &secret)
{
    if (secret.isEmpty())
        return refused<Channel>(ErrorCode::InvalidInput, Message::tr("The new key is empty."));
    return change(id, [keyId, secret](Channel &channel) -> Result<> {
        for (ChannelKey &key : channel.keys) {
            if (key.id != keyId)
                continue;
            key.secret = secret;
            key.enabled = true;
            key.disabledReason.clear();
            return {};
        }
        return noSuchKey();
    });
}

Answer<Channel> ChannelService::removeKey(ChannelId id, qint64 keyId)
{
    return change(id, [keyId](Channel &channel) -> Result<> {
        const auto removed =
            channel.keys.removeIf([keyId](const ChannelKey &key) { return key.id == keyId; });
        return removed > 0 ? Result<>() : noSuchKey();
    });
}

Answer<Channel> ChannelService::completeDraft(Channel draft)
{
    return m_base.storage.read(
        [sealer = &m_base.sealer, draft = std::move(draft), isOwnAddress = m_isOwnAddress](
            Database &database) { return completedDraft(database, *sealer, draft, isOwnAddress); });
}

AddressReview ChannelService::reviewAddress(const QString &typed,
                                            int providerType,
                                            const QString &apiVersion) const
{
    return admin::reviewAddress(typed, providerType, apiVersion, m_isOwnAddress);
}

Answer<std::vector<KnownKey>> ChannelService::knownKeys(QList<base::Secret> secrets,
                                                        ChannelId except)
{
    return m_base.storage.read(
        [sealer = &m_base.sealer, secrets = std::move(secrets), except](Database &database) {
            return knownKeysOf(database, *sealer, secrets, except);
        });
}

void ChannelService::resetBreaker(ChannelId id)
{
    m_base.health.forget(id);
}

Answer<Channel> ChannelService::setKeyEnabled(ChannelId id, qint64 keyId, bool enabled)
{
    return change(id, [keyId, enabled](Channel &channel) -> Result<> {
        for (ChannelKey &key : channel.keys) {
            if (key.id != keyId)
                continue;
            key.enabled = enabled;
            key.disabledReason.clear();
            return {};
        }
        return noSuchKey();
    });
}

Answer<bool>
ChannelService::setEnabledAutomatically(ChannelId id, bool enabled, const QString &reason)
{
    const auto changed =
        m_base.publisher.change([sealer = &m_base.sealer, id, enabled, reason](Database &database) {
            return storeSwitch(database, *sealer, id, enabled, reason);
        });
    return onSuccess(changed, this, [this, id, enabled, reason](bool done) {
        if (done)
            m_base.health.forget(id);
        if (done && !enabled)
            emit disabledAutomatically(id, reason);
        return Result<bool>(done);
    });
}

Answer<> ChannelService::recordTest(ChannelId id, qint64 testedAt, int responseMilliseconds)
{
    return storeFindings(id, [id, testedAt, responseMilliseconds](ChannelRepository &channels) {
        return channels.setTested(id, testedAt, responseMilliseconds);
    });
}

Answer<> ChannelService::recordBalance(ChannelId id, const domain::AccountBalance &balance)
{
    return storeFindings(id, [id, balance, now = m_base.now()](ChannelRepository &channels) {
        return channels.setBalance(id, balance, now);
    });
}

Answer<> ChannelService::storeFindings(ChannelId id,
                                       std::function<Result<>(ChannelRepository &)> store)
{
    // Nobody need wait for it: the service may be gone when it is stored.
    const auto stored = m_base.storage.write(
        [sealer = &m_base.sealer, store = std::move(store)](Database &database) {
            ChannelRepository channels(database, *sealer);
            return store(channels);
        });
    return QFuture(stored).then(QCoreApplication::instance(),
                                [self = QPointer(this), id](Result<> outcome) {
                                    if (self && outcome)
                                        emit self->findingsStored(id);
                                    return outcome;
                                });
}

void ChannelService::keyRefused(const relay::KeyRefusal &refusal)
{
    const auto &catalog = m_base.publisher.catalog();
    const bool typed = refusal.error.kind == protocol::ErrorClass::Authentication
                       || refusal.error.kind == protocol::ErrorClass::OutOfCredit;
    if (!typed || !catalog || !catalog->settings().relay.disableAutomatically)
        return;
    // Many requests may hear of it before the key is out of use.
    const std::pair place(refusal.channel.value, refusal.key);
    if (m_refused.contains(place))
        return;
    m_refused.insert(place);
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, refusal, now = m_base.clock.wallMilliseconds()](
            Database &database) { return storeRefusal(database, *sealer, refusal, now); });
    QFuture(changed).then(this, [this, place, id = refusal.channel](const Result<QString> &done) {
        m_refused.remove(place);
        if (done)
            emit disabledAutomatically(id, *done);
        else if (done.error().code != nothingToDo)
            qCWarning(base::lcAdmin)
                << "A refused key could not be disabled:" << done.error().message.english();
    });
}

} // namespace gatehouse::admin
