#include "admin/channels/channelstore.h"

#include "admin/channels/cloudaccount.h"
#include "admin/history/differences.h"
#include "admin/history/recording.h"
#include "admin/traffic/refusalreason.h"
#include "base/logging.h"
#include "domain/bodysecrets.h"
#include "domain/lostsecrets.h"
#include "domain/outgoingproxies.h"
#include "storage/repositories/metarepository.h"
#include "storage/traffic/usagerepository.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using domain::ChannelStatus;
using storage::ChannelRepository;
using storage::Database;
using storage::Keys;

namespace {

constexpr qsizetype mostKeys = 1'000;
constexpr qsizetype mostModels = 2'000;
constexpr qsizetype mostGroups = 100;
constexpr qsizetype longestText = 64 * 1024;
constexpr qint64 longestTimeout = 24LL * 60 * 60 * 1000;

Result<> checkLists(const Channel &channel)
{
    if (channel.keys.size() > mostKeys || channel.models.size() > mostModels
        || channel.groups.size() > mostGroups)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The list of keys, models or groups is too long."));
    if (channel.systemPrompt.size() > longestText || channel.note.size() > longestText
        || channel.certificateAuthority.size() > longestText)
        return fail(ErrorCode::InvalidInput, Message::tr("A text of the channel is too long."));
    for (const auto timeout : {channel.timeouts.connect,
                               channel.timeouts.firstByte,
                               channel.timeouts.idle,
                               channel.timeouts.total}) {
        if (timeout.count() < 0 || timeout.count() > longestTimeout)
            return fail(ErrorCode::InvalidInput,
                        Message::tr("A timeout must lie between 0 and a day."));
    }
    for (const QString &group : channel.groups) {
        if (group.isEmpty() || group.contains(u'\n'))
            return fail(ErrorCode::InvalidInput, Message::tr("A group has no usable name."));
    }
    return {};
}

// Brings what a person typed into the form that is stored, and refuses what cannot work.
Result<> prepare(Channel &channel, const OwnAddress &isOwnAddress)
{
    const Result<QString> url = domain::normalizedBaseUrl(channel.baseUrl, channel.type);
    if (!url)
        return fail(url.error());
    channel.baseUrl = *url;
    takeKeysFromConfig(channel);
    channel.models.removeDuplicates();
    channel.groups.removeDuplicates();
    if (channel.groups.isEmpty())
        channel.groups = {u"default"_s};
    const Result<> sound = domain::validate(channel).and_then([&] { return checkLists(channel); });
    if (!sound || channel.type == domain::provider::echo || !isOwnAddress)
        return sound;
    const QUrl target(channel.effectiveBaseUrl());
    const int port = target.port(target.scheme() == u"https"_s ? 443 : 80);
    if (isOwnAddress(target.host(), static_cast<quint16>(port))) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr(
                "%1 is an address of this gateway itself. A channel cannot lead back to it; to "
                "try the gateway without a provider, make a channel of the type Echo.")
                .arg(channel.effectiveBaseUrl()));
    }
    return {};
}

bool keepsSecrets(const Channel &before, const Channel &after)
{
    const bool keepsKey = std::any_of(after.keys.cbegin(), after.keys.cend(), [](const auto &key) {
        return key.id != 0 && key.secret.isEmpty();
    });
    if (keepsKey)
        return true;
    const QMap<QString, QString> &headers = after.headerOverrides;
    for (auto it = headers.cbegin(); it != headers.cend(); ++it) {
        if (domain::isSecretHeader(it.key()) && !it.value().isEmpty()
            && before.headerOverrides.value(it.key()) == it.value())
            return true;
    }
    return false;
}

// The secret header that stays as it was while every key was entered anew; empty: there is none.
QString headerKeptAlone(const Channel &before, const Channel &after)
{
    const bool keepsKey = std::any_of(after.keys.cbegin(), after.keys.cend(), [](const auto &key) {
        return key.id != 0 && key.secret.isEmpty();
    });
    const QMap<QString, QString> &headers = after.headerOverrides;
    for (auto it = headers.cbegin(); !keepsKey && it != headers.cend(); ++it) {
        if (domain::isSecretHeader(it.key()) && !it.value().isEmpty()
            && before.headerOverrides.value(it.key()) == it.value())
            return it.key();
    }
    return {};
}

QString providerOf(const Channel &channel)
{
    const QUrl url(channel.effectiveBaseUrl());
    const int usualPort = url.scheme() == u"https"_s ? 443 : 80;
    return url.scheme() + u"://"_s + url.host() + u':' + QString::number(url.port(usualPort));
}

// Without TLS a proxy reads what is sent, and with it if its own certificate is accepted.
bool isReadByProxy(const Channel &channel)
{
    const bool tls = QUrl(channel.effectiveBaseUrl()).scheme() == u"https"_s;
    return !channel.proxy.isEmpty() && channel.proxy != domain::noProxy
           && (!tls || !channel.verifyCertificate || !channel.certificateAuthority.isEmpty());
}

// A key is bound to the place it was entered for.
Result<> checkDestination(const Channel &before, const Channel &after)
{
    if (keysMayGo(before, after) || !keepsSecrets(before, after))
        return {};
    if (const QString header = headerKeptAlone(before, after); !header.isEmpty()) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The header \"%1\" of this channel was entered for %2 and is not sent "
                        "to %3. Enter it again together with the new address, or remove it.")
                .arg(header)
                .arg(keyDestination(before))
                .arg(keyDestination(after)));
    }
    return fail(
        ErrorCode::InvalidInput,
        Message::tr(
            "The keys of this channel were entered for %1 and are not sent to %2. Enter them "
            "again together with the new address.")
            .arg(keyDestination(before), keyDestination(after)));
}

// A person enables the channel: what a machine had disabled gets a new chance.
void forgiveKeys(Channel &channel)
{
    channel.statusReason.clear();
    for (ChannelKey &key : channel.keys) {
        if (key.disabledReason.isEmpty())
            continue;
        key.enabled = true;
        key.disabledReason.clear();
    }
}

// Whether each request would be refused by the provider. A header may stand in for the key.
bool lacksKey(const Channel &channel)
{
    const domain::ProviderType *type = domain::providerType(channel.type);
    return type && !type->local && channel.keys.isEmpty()
           && domain::secretsOf(channel.headerOverrides).empty();
}

// Without the key that a restore took away, a channel is not switched on: it would count as serving.
Result<> checkRestored(Database &database, const Channel &before, const Channel &after)
{
    if (before.isEnabled() || !after.isEnabled() || !lacksKey(after))
        return {};
    return storage::MetaRepository(database)
        .find(storage::meta::lostSecrets)
        .and_then([&after](const std::optional<QByteArray> &text) -> Result<> {
            const domain::LostSecrets lost = domain::lostSecretsFrom(text.value_or(QByteArray()));
            if (!lost.channels.contains(after.id))
                return {};
            return fail(ErrorCode::InvalidInput,
                        Message::tr("Enter its key first; it could not be opened when the backup "
                                    "was restored."));
        });
}

// What may be a secret in the body overrides is bound to the place it was entered for, as a key is.
Result<> checkBody(const Channel &before, const Channel &after)
{
    if (keysMayGo(before, after))
        return {};
    const QString kept = domain::keptBodySecret(before.bodyOverrides, after.bodyOverrides);
    if (kept.isEmpty())
        return {};
    return fail(
        ErrorCode::InvalidInput,
        Message::tr("\"%1\" in the body of this channel was entered for %2 and is not sent to %3. "
                    "Remove it, or enter another one together with the new address.")
            .arg(kept, keyDestination(before), keyDestination(after)));
}

void noteDisabling(Database &database, const Channel &channel, const QString &text, qint64 now)
{
    domain::UsageRecord record;
    record.kind = domain::RecordKind::System;
    record.createdAt = now;
    record.channelId = channel.id;
    record.content = text.toUtf8();
    if (const auto noted = storage::UsageRepository(database).insert(record); !noted)
        qCWarning(base::lcAdmin) << "A line of the log could not be stored:"
                                 << noted.error().message.english();
}

Result<> recordNew(Database &database, ChannelId id, const Channel &channel)
{
    return record(database,
                  {.id = id.value,
                   .name = channel.name,
                   .action = domain::HistoryAction::Created,
                   .fields = differences(Channel{}, channel)});
}

} // namespace

Message keyDestination(const Channel &channel)
{
    const QString provider = providerOf(channel);
    if (!isReadByProxy(channel))
        return Message::verbatim(provider);
    const QUrl proxy(channel.proxy);
    return Message::tr("%1 through %2")
        .arg(provider, proxy.host() + u':' + QString::number(proxy.port()));
}

bool keysMayGo(const Channel &before, const Channel &after)
{
    return keyDestination(before) == keyDestination(after)
           || (providerOf(before) == providerOf(after) && !isReadByProxy(after));
}

QString keyEnding(const base::Secret &key)
{
    constexpr qsizetype shown = 4;
    constexpr qsizetype shortest = 16;
    const QByteArray &bytes = key.reveal();
    return bytes.size() < shortest ? QString() : QString::fromUtf8(bytes.last(shown));
}

Result<ChangedChannel> storeEdit(Database &database,
                                 const storage::KeySealer &sealer,
                                 ChannelId id,
                                 const ChannelEdit &edit,
                                 const OwnAddress &isOwnAddress)
{
    ChannelRepository channels(database, sealer);
    const Result<Channel> before = channels.find(id, Keys::Leave);
    if (!before)
        return fail(before.error());
    Channel after = *before;
    if (Result<> edited = edit(after); !edited)
        return fail(edited.error());
    after.id = id;
    if (after.status == ChannelStatus::Enabled && before->status != ChannelStatus::Enabled)
        forgiveKeys(after);
    else if (after.status == ChannelStatus::DisabledByHand)
        after.statusReason.clear();
    // What was hidden, or is so by now, was entered for the former address, and must not come back for
    // another one.
    const Result<> stored =
        prepare(after, isOwnAddress)
            .and_then([&] { return checkDestination(*before, after); })
            .and_then([&] { return checkBody(*before, after); })
            .and_then([&] { return checkRestored(database, *before, after); })
            .and_then([&] { return channels.update(after); })
            .and_then([&] {
                return keysMayGo(*before, after) ? Result<>() : channels.forgetHiddenKeys(id);
            })
            .and_then([&] {
                return record(
                    database,
                    {.id = id.value, .name = after.name, .fields = differences(*before, after)});
            });
    if (!stored)
        return fail(stored.error());
    return channels.find(id, Keys::Leave).map([&](Channel present) {
        return ChangedChannel{.before = *before, .after = std::move(present)};
    });
}

Result<std::vector<ChangedChannel>> storeEdits(Database &database,
                                               const storage::KeySealer &sealer,
                                               const std::vector<ChannelId> &ids,
                                               const ChannelEdit &edit,
                                               const OwnAddress &isOwnAddress)
{
    std::vector<ChangedChannel> changed;
    for (const ChannelId id : ids) {
        Result<ChangedChannel> one = storeEdit(database, sealer, id, edit, isOwnAddress);
        if (!one)
            return fail(one.error());
        changed.push_back(std::move(*one));
    }
    return changed;
}

Result<Channel> storeCopy(Database &database,
                          const storage::KeySealer &sealer,
                          ChannelId id,
                          const QString &name,
                          qint64 now)
{
    ChannelRepository channels(database, sealer);
    Result<Channel> copy = channels.find(id, Keys::Open);
    if (!copy)
        return copy;
    copy->id = {};
    copy->name = name.isEmpty() ? u"%1 (copy)"_s.arg(copy->name) : name;
    copy->status = ChannelStatus::DisabledByHand;
    copy->statusReason.clear();
    copy->createdAt = now;
    copy->used = {};
    copy->testedAt = 0;
    copy->responseMilliseconds = 0;
    for (ChannelKey &key : copy->keys)
        key.id = 0;
    const Result<ChannelId> stored =
        domain::validate(*copy).and_then([&] { return channels.insert(*copy); });
    if (!stored)
        return fail(stored.error());
    if (Result<> noted = recordNew(database, *stored, *copy); !noted)
        return fail(noted.error());
    return channels.find(*stored, Keys::Leave);
}

Result<std::vector<ChannelKeyView>>
keysOf(Database &database, const storage::KeySealer &sealer, ChannelId id)
{
    const Result<Channel> channel = ChannelRepository(database, sealer).find(id, Keys::Leave);
    if (!channel)
        return fail(channel.error());
    // Opened on their own, so that one that does not open is listed all the same.
    const Result<Channel> opened =
        ChannelRepository(database, sealer).find(id, Keys::OpenIfPossible);
    std::vector<ChannelKeyView> views;
    for (const ChannelKey &key : channel->keys) {
        ChannelKeyView view{
            .id = key.id, .enabled = key.enabled, .disabledReason = key.disabledReason};
        if (opened) {
            for (const ChannelKey &other : opened->keys) {
                if (other.id == key.id)
                    view.ending = keyEnding(other.secret);
            }
        }
        views.push_back(std::move(view));
    }
    return views;
}

Result<std::vector<Channel>> storeNew(Database &database,
                                      const storage::KeySealer &sealer,
                                      std::vector<Channel> channels,
                                      const OwnAddress &isOwnAddress)
{
    ChannelRepository repository(database, sealer);
    for (Channel &channel : channels) {
        if (Result<> sound = prepare(channel, isOwnAddress); !sound)
            return fail(sound.error());
        const Result<ChannelId> id = repository.insert(channel);
        if (!id)
            return fail(id.error());
        if (Result<> noted = recordNew(database, *id, channel); !noted)
            return fail(noted.error());
        Result<Channel> stored = repository.find(*id, Keys::Leave);
        if (!stored)
            return fail(stored.error());
        channel = std::move(*stored);
    }
    return channels;
}

Result<std::vector<KnownKey>> knownKeysOf(Database &database,
                                          const storage::KeySealer &sealer,
                                          const QList<base::Secret> &secrets,
                                          ChannelId except)
{
    const auto channels = ChannelRepository(database, sealer).all(Keys::Open);
    if (!channels)
        return fail(channels.error());
    QHash<QByteArray, int> wanted;
    for (qsizetype i = 0; i < secrets.size(); ++i)
        wanted.insert(secrets[i].reveal(), static_cast<int>(i));
    std::vector<KnownKey> known;
    for (const Channel &channel : *channels) {
        for (const ChannelKey &key : channel.keys) {
            const auto found = wanted.constFind(key.secret.reveal());
            if (channel.id != except && found != wanted.constEnd())
                known.push_back(
                    {.position = *found, .channel = channel.id, .channelName = channel.name});
        }
    }
    return known;
}

Result<Channel> completedDraft(Database &database,
                               const storage::KeySealer &sealer,
                               Channel draft,
                               const OwnAddress &isOwnAddress)
{
    if (draft.name.trimmed().isEmpty())
        draft.name = u"draft"_s;
    if (const Result<> sound = prepare(draft, isOwnAddress); !sound)
        return fail(sound.error());
    const bool namesStored =
        !draft.id.isNull()
        && std::any_of(draft.keys.cbegin(), draft.keys.cend(), [](const ChannelKey &key) {
               return key.id != 0 && key.secret.isEmpty();
           });
    if (!namesStored)
        return draft;
    const Result<Channel> stored = ChannelRepository(database, sealer).find(draft.id, Keys::Open);
    if (!stored)
        return fail(stored.error());
    const Result<> allowed =
        checkDestination(*stored, draft).and_then([&] { return checkBody(*stored, draft); });
    if (!allowed)
        return fail(allowed.error());
    for (ChannelKey &key : draft.keys) {
        for (const ChannelKey &known : stored->keys) {
            if (key.secret.isEmpty() && known.id == key.id)
                key.secret = known.secret;
        }
    }
    return draft;
}

// Disables the key, and the channel if no other is left. Gives what was done; a Conflict where there
// is nothing to do.
Result<QString> storeRefusal(Database &database,
                             const storage::KeySealer &sealer,
                             const relay::KeyRefusal &refusal,
                             qint64 now)
{
    ChannelRepository channels(database, sealer);
    const Result<Channel> channel = channels.find(refusal.channel, Keys::Leave);
    if (!channel)
        return fail(channel.error());
    bool found = false;
    bool anotherIsLeft = false;
    for (const ChannelKey &key : channel->keys) {
        found = found || (key.id == refusal.key && key.enabled);
        anotherIsLeft = anotherIsLeft || (key.id != refusal.key && key.enabled);
    }
    if (!found)
        return fail(nothingToDo, Message::tr("This key is disabled already."));
    const QString reason = reasonOf(refusal.error);
    Result<> done = channels.setKeyEnabled(channel->id, refusal.key, false, reason);
    if (!done)
        return fail(done.error());
    QString text = u"A key of the channel \"%1\" was disabled. %2"_s.arg(channel->name, reason);
    domain::FieldChanges fields{{.field = u"keys_disabled"_s, .after = 1},
                                {.field = u"reason"_s, .after = reason}};
    if (!anotherIsLeft) {
        const Result<bool> disabled = channels.setEnabledAutomatically(channel->id, false, reason);
        if (!disabled)
            return fail(disabled.error());
        if (*disabled) {
            text = u"The channel \"%1\" was disabled. %2"_s.arg(channel->name, reason);
            fields.push_back({.field = u"status"_s,
                              .before = u"enabled"_s,
                              .after = u"disabled_automatically"_s});
        }
    }
    const Result<> noted = record(database,
                                  {.id = channel->id.value,
                                   .name = channel->name,
                                   .action = domain::HistoryAction::DisabledByProgram,
                                   .fields = std::move(fields)},
                                  theProgram());
    if (!noted)
        return fail(noted.error());
    noteDisabling(database, *channel, text, now);
    return reason;
}

} // namespace gatehouse::admin
