#include "admin/channelservice.h"

#include "base/logging.h"
#include "storage/usagerepository.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
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
        return fail(ErrorCode::InvalidInput, u"The list of keys, models or groups is too long."_s);
    if (channel.systemPrompt.size() > longestText || channel.note.size() > longestText
        || channel.certificateAuthority.size() > longestText)
        return fail(ErrorCode::InvalidInput, u"A text of the channel is too long."_s);
    for (const auto timeout :
         {channel.timeouts.connect, channel.timeouts.firstByte, channel.timeouts.idle}) {
        if (timeout.count() < 0 || timeout.count() > longestTimeout)
            return fail(ErrorCode::InvalidInput, u"A timeout must lie between 0 and a day."_s);
    }
    for (const QString &group : channel.groups) {
        if (group.isEmpty() || group.contains(u'\n'))
            return fail(ErrorCode::InvalidInput, u"A group has no usable name."_s);
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
            u"%1 is an address of this gateway itself. A channel cannot lead back to it; to "
            "try the gateway without a provider, make a channel of the type Echo."_s.arg(
                channel.effectiveBaseUrl()));
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
        if (isSecretHeader(it.key()) && !it.value().isEmpty()
            && before.headerOverrides.value(it.key()) == it.value())
            return true;
    }
    return false;
}

// A key is bound to the place it was entered for.
Result<> checkDestination(const Channel &before, const Channel &after)
{
    const QString former = keyDestination(before);
    const QString present = keyDestination(after);
    if (former == present || !keepsSecrets(before, after))
        return {};
    return fail(ErrorCode::InvalidInput,
                u"The keys of this channel were entered for %1 and are not sent to %2. Enter them "
                "again together with the new address."_s.arg(former, present));
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

Result<Channel> storeEdit(Database &database,
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
    const Result<> stored = prepare(after, isOwnAddress)
                                .and_then([&] { return checkDestination(*before, after); })
                                .and_then([&] { return channels.update(after); });
    if (!stored)
        return fail(stored.error());
    return channels.find(id, Keys::Leave);
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
        Result<Channel> stored = repository.find(*id, Keys::Leave);
        if (!stored)
            return fail(stored.error());
        channel = std::move(*stored);
    }
    return channels;
}

// What the provider said, typed, in one line for people.
QString reasonOf(const protocol::ProviderError &error)
{
    const QString kind = error.kind == protocol::ErrorClass::OutOfCredit
                             ? u"The provider reports that the account is out of credit"_s
                             : u"The provider refuses the key"_s;
    QString reason = kind + u" (status "_s + QString::number(error.status);
    if (!error.code.isEmpty())
        reason += u", "_s + QString::fromUtf8(error.code);
    return QString(reason + u")."_s);
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
                                 << noted.error().message;
}

constexpr auto nothingToDo = ErrorCode::Conflict;

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
        return fail(nothingToDo, u"This key is disabled already."_s);
    const QString reason = reasonOf(refusal.error);
    Result<> done = channels.setKeyEnabled(channel->id, refusal.key, false, reason);
    if (!done)
        return fail(done.error());
    QString text = u"A key of the channel \"%1\" was disabled. %2"_s.arg(channel->name, reason);
    if (!anotherIsLeft) {
        const Result<bool> disabled = channels.setEnabledAutomatically(channel->id, false, reason);
        if (!disabled)
            return fail(disabled.error());
        if (*disabled)
            text = u"The channel \"%1\" was disabled. %2"_s.arg(channel->name, reason);
    }
    noteDisabling(database, *channel, text, now);
    return reason;
}

} // namespace

bool isSecretHeader(const QString &name)
{
    static const QStringList parts{u"authorization"_s,
                                   u"key"_s,
                                   u"token"_s,
                                   u"secret"_s,
                                   u"cookie"_s,
                                   u"password"_s,
                                   u"credential"_s};
    return std::any_of(parts.cbegin(), parts.cend(), [&name](const QString &part) {
        return name.contains(part, Qt::CaseInsensitive);
    });
}

QString keyDestination(const Channel &channel)
{
    const QUrl url(channel.effectiveBaseUrl());
    const bool tls = url.scheme() == u"https"_s;
    QString destination =
        url.scheme() + u"://"_s + url.host() + u':' + QString::number(url.port(tls ? 443 : 80));
    // Without TLS a proxy reads what is sent.
    if (!tls && !channel.proxy.isEmpty()) {
        const QUrl proxy(channel.proxy);
        destination += u" through "_s + proxy.host() + u':' + QString::number(proxy.port());
    }
    return destination;
}

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

Answer<std::vector<Channel>> ChannelService::create(std::vector<Channel> channels)
{
    for (Channel &channel : channels) {
        channel.id = {};
        channel.createdAt = m_base.now();
    }
    return m_base.publisher.change(
        [sealer = &m_base.sealer, channels = std::move(channels), isOwnAddress = m_isOwnAddress](
            Database &database) { return storeNew(database, *sealer, channels, isOwnAddress); });
}

Answer<Channel> ChannelService::change(ChannelId id, ChannelEdit edit)
{
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, id, edit = std::move(edit), isOwnAddress = m_isOwnAddress](
            Database &database) { return storeEdit(database, *sealer, id, edit, isOwnAddress); });
    return onSuccess(changed, this, [this, id](Channel channel) {
        m_base.health.forget(id);
        return Result<Channel>(std::move(channel));
    });
}

Answer<> ChannelService::remove(ChannelId id)
{
    const auto changed = m_base.publisher.change([sealer = &m_base.sealer, id](Database &database) {
        return ChannelRepository(database, *sealer).remove(id);
    });
    return onSuccess(changed, this, [this, id] {
        m_base.health.forget(id);
        return Result<>();
    });
}

Answer<qint64> ChannelService::removeDisabled()
{
    return m_base.publisher.change([sealer = &m_base.sealer](Database &database) {
        return ChannelRepository(database, *sealer).removeDisabled();
    });
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
        return fail(ErrorCode::NotFound, u"This key of the channel does not exist."_s);
    });
}

Answer<bool>
ChannelService::setEnabledAutomatically(ChannelId id, bool enabled, const QString &reason)
{
    const auto changed = m_base.publisher.change(
        [sealer = &m_base.sealer, id, enabled, reason](Database &database) -> Result<bool> {
            ChannelRepository channels(database, *sealer);
            const Result<bool> done = channels.setEnabledAutomatically(id, enabled, reason);
            if (!done || !*done || !enabled)
                return done;
            const Result<Channel> channel = channels.find(id, Keys::Leave);
            if (!channel)
                return fail(channel.error());
            for (const ChannelKey &key : channel->keys) {
                if (key.disabledReason.isEmpty())
                    continue;
                if (Result<> given = channels.setKeyEnabled(id, key.id, true); !given)
                    return fail(given.error());
            }
            return true;
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
    return m_base.storage.write([sealer = &m_base.sealer, id, testedAt, responseMilliseconds](
                                    Database &database) {
        return ChannelRepository(database, *sealer).setTested(id, testedAt, responseMilliseconds);
    });
}

Answer<> ChannelService::recordBalance(ChannelId id, double dollars)
{
    return m_base.storage.write(
        [sealer = &m_base.sealer, id, dollars, now = m_base.now()](Database &database) {
            return ChannelRepository(database, *sealer).setBalance(id, dollars, now);
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
                << "A refused key could not be disabled:" << done.error().message;
    });
}

} // namespace gatehouse::admin
