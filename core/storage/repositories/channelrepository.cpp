#include "storage/repositories/channelrepository.h"

#include "base/json.h"
#include "base/logging.h"
#include "storage/repositories/rowinsertion.h"
#include "storage/repositories/sealingcontexts.h"
#include "storage/rowstatement.h"
#include "storage/transaction.h"

#include <QDateTime>
#include <QHash>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Message;
using base::Result;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using domain::ChannelStatus;

namespace {

const Message noSuchChannel = Message::tr("This channel does not exist.");
const Message noSuchKey = Message::tr("This key of the channel does not exist.");

QString selectChannels(const QString &rest)
{
    return u"SELECT id, type, name, status, status_reason, base_url, models, groups, priority,"
           " weight, model_mapping, header_overrides, body_overrides, system_prompt, proxy,"
           " connect_timeout, first_byte_timeout, idle_timeout, organization, api_version,"
           " certificate_authority, allow_private_address, test_model, tags, note, config,"
           " created_at, used, tested_at, response_milliseconds, balance, balance_at,"
           " secrets_sealed, total_timeout, concurrent_requests, requests_per_minute,"
           " tokens_per_minute, price_ratio_millionths, verify_certificate,"
           " balance_currency FROM channels "_s
           + rest;
}

QJsonObject objectFrom(const QVariant &text)
{
    return base::parseJsonObject(text.toString().toUtf8()).value_or(QJsonObject{});
}

QMap<QString, QString> mapFrom(const QVariant &text)
{
    QMap<QString, QString> map;
    const QJsonObject object = objectFrom(text);
    for (auto it = object.begin(); it != object.end(); ++it)
        map.insert(it.key(), it.value().toString());
    return map;
}

QString textOf(const QJsonObject &object)
{
    return QString::fromUtf8(base::compactJson(object));
}

QString textOf(const QMap<QString, QString> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return textOf(object);
}

QStringList listFrom(const QVariant &text)
{
    return text.toString().split(u'\n', Qt::SkipEmptyParts);
}

// The column order is that of selectChannels().
Channel channelFrom(const QSqlQuery &row)
{
    using std::chrono::milliseconds;
    return {.id = {row.value(0).toLongLong()},
            .type = row.value(1).toInt(),
            .name = row.value(2).toString(),
            .status = static_cast<ChannelStatus>(row.value(3).toInt()),
            .statusReason = row.value(4).toString(),
            .baseUrl = row.value(5).toString(),
            .models = listFrom(row.value(6)),
            .groups = listFrom(row.value(7)),
            .priority = row.value(8).toLongLong(),
            .weight = row.value(9).toInt(),
            .modelMapping = mapFrom(row.value(10)),
            .headerOverrides = mapFrom(row.value(11)),
            .bodyOverrides = objectFrom(row.value(12)),
            .systemPrompt = row.value(13).toString(),
            .proxy = row.value(14).toString(),
            .timeouts = {.connect = milliseconds(row.value(15).toLongLong()),
                         .firstByte = milliseconds(row.value(16).toLongLong()),
                         .idle = milliseconds(row.value(17).toLongLong()),
                         .total = milliseconds(row.value(33).toLongLong())},
            .limits = {.concurrentRequests = row.value(34).toInt(),
                       .requestsPerMinute = row.value(35).toInt(),
                       .tokensPerMinute = row.value(36).toLongLong()},
            .priceRatioMillionths = row.value(37).toLongLong(),
            .organization = row.value(18).toString(),
            .apiVersion = row.value(19).toString(),
            .certificateAuthority = row.value(20).toString(),
            .verifyCertificate = row.value(38).toBool(),
            .allowPrivateAddress = row.value(21).toBool(),
            .testModel = row.value(22).toString(),
            .tags = listFrom(row.value(23)),
            .note = row.value(24).toString(),
            .config = objectFrom(row.value(25)),
            .createdAt = row.value(26).toLongLong(),
            .used = {row.value(27).toLongLong()},
            .testedAt = row.value(28).toLongLong(),
            .responseMilliseconds = row.value(29).toInt(),
            .balance = {.amount = row.value(30).toDouble(),
                        .currency = row.value(39).toString().toLatin1()},
            .balanceAt = row.value(31).toLongLong()};
}

// What a person decides.
Bindings decidedBindings(const Channel &channel)
{
    return {{u":type"_s, channel.type},
            {u":name"_s, channel.name},
            {u":status"_s, static_cast<int>(channel.status)},
            {u":status_reason"_s, channel.statusReason},
            {u":base_url"_s, channel.baseUrl},
            {u":models"_s, channel.models.join(u'\n')},
            {u":groups"_s, channel.groups.join(u'\n')},
            {u":priority"_s, channel.priority},
            {u":weight"_s, channel.weight},
            {u":model_mapping"_s, textOf(channel.modelMapping)},
            {u":system_prompt"_s, channel.systemPrompt},
            {u":connect_timeout"_s, qint64(channel.timeouts.connect.count())},
            {u":first_byte_timeout"_s, qint64(channel.timeouts.firstByte.count())},
            {u":idle_timeout"_s, qint64(channel.timeouts.idle.count())},
            {u":total_timeout"_s, qint64(channel.timeouts.total.count())},
            {u":concurrent_requests"_s, channel.limits.concurrentRequests},
            {u":requests_per_minute"_s, channel.limits.requestsPerMinute},
            {u":tokens_per_minute"_s, channel.limits.tokensPerMinute},
            {u":price_ratio_millionths"_s, channel.priceRatioMillionths},
            {u":organization"_s, channel.organization},
            {u":api_version"_s, channel.apiVersion},
            {u":certificate_authority"_s, channel.certificateAuthority},
            {u":verify_certificate"_s, channel.verifyCertificate},
            {u":allow_private_address"_s, channel.allowPrivateAddress},
            {u":test_model"_s, channel.testModel},
            {u":tags"_s, channel.tags.join(u'\n')},
            {u":note"_s, channel.note}};
}

// What the program found out.
Bindings observedBindings(const Channel &channel)
{
    return {{u":created_at"_s, channel.createdAt},
            {u":used"_s, channel.used.units},
            {u":tested_at"_s, channel.testedAt},
            {u":response_milliseconds"_s, channel.responseMilliseconds},
            {u":balance"_s, channel.balance.amount},
            {u":balance_currency"_s, QString::fromLatin1(channel.balance.currency)},
            {u":balance_at"_s, channel.balanceAt}};
}

Bindings operator+(Bindings left, const Bindings &right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

QString keyInsertion(Destination destination)
{
    return u"INSERT INTO %1 (channel_id, key_sealed, enabled, disabled_reason, position)"
           " VALUES (:channel, :sealed, :enabled, :reason, :position)"_s.arg(
               tableAt(destination, u"channel_keys"_s));
}

} // namespace

Result<std::vector<Channel>> ChannelRepository::all(Keys keys, Page page) const
{
    return channelsFrom(execute(m_database,
                                selectChannels(u"WHERE deleted_at = 0 AND id < :before"
                                               " ORDER BY id DESC LIMIT :limit OFFSET :offset"_s),
                                {{u":before"_s, page.ceiling()},
                                 {u":limit"_s, page.rows()},
                                 {u":offset"_s, page.offset}}),
                        keys);
}

Result<std::vector<Channel>> ChannelRepository::search(const QString &keyword, Keys keys) const
{
    return channelsFrom(
        execute(m_database,
                selectChannels(u"WHERE deleted_at = 0 AND (CAST(id AS text) = :keyword"
                               " OR lower(name) LIKE lower(:prefix) ESCAPE '\\')"
                               " ORDER BY id DESC"_s),
                {{u":keyword"_s, keyword}, {u":prefix"_s, prefixPattern(keyword)}}),
        keys);
}

Result<Channel> ChannelRepository::find(ChannelId id, Keys keys) const
{
    return channelsFrom(execute(m_database,
                                selectChannels(u"WHERE id = :id AND deleted_at = 0"_s),
                                {{u":id"_s, id.value}}),
                        keys)
        .and_then([](std::vector<Channel> channels) -> Result<Channel> {
            if (channels.empty())
                return base::fail(base::ErrorCode::NotFound, noSuchChannel);
            return std::move(channels.front());
        });
}

Result<qint64> ChannelRepository::count() const
{
    return numberOf(m_database,
                    execute(m_database, u"SELECT count(*) FROM channels WHERE deleted_at = 0"_s));
}

Result<std::vector<Channel>> ChannelRepository::channelsFrom(Result<QSqlQuery> rows,
                                                             Keys keys) const
{
    constexpr int sealedColumn = 32;
    Result<> opened;
    const auto readChannel = [&](const QSqlQuery &row) {
        Channel channel = channelFrom(row);
        if (row.isNull(sealedColumn))
            return channel;
        const Result<> result = openSecrets(row.value(sealedColumn).toByteArray(), channel);
        if (!result && keys == Keys::OpenIfPossible) {
            qCWarning(base::lcStorage).noquote()
                << "Overrides and proxy of the channel" << channel.id.value
                << "cannot be opened:" << result.error().message.english();
        } else if (!result && opened) {
            opened = result;
        }
        return channel;
    };
    Result<std::vector<Channel>> channels = rowsOf(m_database, std::move(rows), readChannel);
    if (!channels)
        return channels;
    if (!opened)
        return base::fail(opened.error());
    if (Result<> read = readKeys(*channels, keys); !read)
        return base::fail(read.error());
    return channels;
}

Result<> ChannelRepository::readKeys(std::vector<Channel> &channels, Keys keys) const
{
    if (channels.empty())
        return {};
    QHash<ChannelId, Channel *> byId;
    for (Channel &channel : channels)
        byId.insert(channel.id, &channel);
    // The keys of one channel by its id; those of many in one go.
    const qint64 only = channels.size() == 1 ? channels.front().id.value : 0;
    Result<QSqlQuery> rows =
        execute(m_database,
                u"SELECT id, channel_id, enabled, disabled_reason, key_sealed FROM channel_keys"
                " WHERE (:every OR channel_id = :channel) AND deleted_at = 0"
                " ORDER BY position, id"_s,
                {{u":every"_s, only == 0}, {u":channel"_s, only}});
    if (!rows)
        return base::fail(rows.error());
    while (true) {
        const Result<bool> row = nextRow(m_database, *rows);
        if (!row)
            return base::fail(row.error());
        if (!*row)
            return {};
        Channel *channel = byId.value({rows->value(1).toLongLong()});
        if (!channel)
            continue;
        ChannelKey key{.id = rows->value(0).toLongLong(),
                       .enabled = rows->value(2).toBool(),
                       .disabledReason = rows->value(3).toString()};
        if (keys != Keys::Leave) {
            Result<base::Secret> secret =
                m_sealer.open(rows->value(4).toByteArray(), channelKeyContext(channel->id));
            if (!secret && keys == Keys::Open)
                return base::fail(secret.error());
            if (!secret) {
                qCWarning(base::lcStorage).noquote()
                    << "A key of the channel" << channel->id.value
                    << "cannot be opened:" << secret.error().message.english();
                continue;
            }
            key.secret = *secret;
        }
        channel->keys.append(key);
    }
}

Result<ChannelId> ChannelRepository::insert(const Channel &channel)
{
    return insertAll({&channel, 1}).map([](const std::vector<ChannelId> &ids) {
        return ids.front();
    });
}

QString ChannelRepository::insertedColumns()
{
    return u"type, name, status, status_reason, base_url, models, groups, priority, weight,"
           " model_mapping, system_prompt, connect_timeout, first_byte_timeout, idle_timeout,"
           " total_timeout, concurrent_requests, requests_per_minute, tokens_per_minute,"
           " price_ratio_millionths, organization, api_version, certificate_authority,"
           " verify_certificate, allow_private_address, test_model, tags, note, created_at, used,"
           " tested_at, response_milliseconds, balance, balance_currency, balance_at"_s;
}

Result<std::vector<ChannelId>> ChannelRepository::insertAll(std::span<const Channel> channels,
                                                            Destination destination)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const auto bindings = [&](size_t row) {
        return decidedBindings(channels[row]) + observedBindings(channels[row]);
    };
    const Result<std::vector<qint64>> numbers =
        insertRows(m_database,
                   channels.size(),
                   {.table = u"channels"_s,
                    .columns = insertedColumns(),
                    .idOf = [&](size_t row) { return channels[row].id.value; },
                    .bindings = bindings,
                    .destination = destination});
    if (!numbers)
        return base::fail(numbers.error());
    std::vector<ChannelId> ids;
    for (const qint64 number : *numbers)
        ids.push_back({number});
    for (size_t i = 0; i < channels.size(); ++i) {
        if (Result<> stored = storeSecrets(ids[i], channels[i], destination); !stored)
            return base::fail(stored.error());
    }
    if (Result<> stored = insertKeys(channels, ids, destination); !stored)
        return base::fail(stored.error());
    return transaction->commit().map([&] { return std::move(ids); });
}

Result<> ChannelRepository::insertKeys(std::span<const Channel> channels,
                                       const std::vector<ChannelId> &ids,
                                       Destination destination)
{
    Result<RowStatement> add = RowStatement::prepare(m_database, keyInsertion(destination));
    if (!add)
        return base::fail(add.error());
    for (size_t i = 0; i < channels.size(); ++i) {
        int position = 0;
        for (const ChannelKey &key : channels[i].keys) {
            add->bind(bindingsOf(ids[i], key, position++));
            if (const auto added = add->run(); !added)
                return base::fail(added.error());
        }
    }
    add->finish();
    return {};
}

Result<> ChannelRepository::update(const Channel &channel)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    Bindings bindings = decidedBindings(channel);
    bindings.push_back({u":id"_s, channel.id.value});
    const Result<> changed = expectChange(
        execute(m_database,
                u"UPDATE channels SET type = :type, name = :name, status = :status,"
                " status_reason = :status_reason, base_url = :base_url, models = :models,"
                " groups = :groups, priority = :priority, weight = :weight,"
                " model_mapping = :model_mapping, system_prompt = :system_prompt,"
                " connect_timeout = :connect_timeout, first_byte_timeout = :first_byte_timeout,"
                " idle_timeout = :idle_timeout, total_timeout = :total_timeout,"
                " concurrent_requests = :concurrent_requests,"
                " requests_per_minute = :requests_per_minute,"
                " tokens_per_minute = :tokens_per_minute,"
                " price_ratio_millionths = :price_ratio_millionths,"
                " organization = :organization, api_version = :api_version,"
                " certificate_authority = :certificate_authority,"
                " verify_certificate = :verify_certificate,"
                " allow_private_address = :allow_private_address, test_model = :test_model,"
                " tags = :tags, note = :note WHERE id = :id AND deleted_at = 0"_s,
                bindings),
        noSuchChannel);
    if (!changed)
        return changed;
    if (Result<> stored = storeSecrets(channel.id, channel); !stored)
        return stored;
    if (Result<> stored = storeKeys(channel); !stored)
        return stored;
    return transaction->commit();
}

// Hides the keys that are not named any more, changes those that are, adds those without an id. One
// that is replaced is hidden, too, and another takes its place, so that it can come back.
Result<> ChannelRepository::storeKeys(const Channel &channel)
{
    const Result<std::vector<qint64>> present =
        rowsOf(m_database,
               execute(m_database,
                       u"SELECT id FROM channel_keys WHERE channel_id = :channel"_s,
                       {{u":channel"_s, channel.id.value}}),
               [](const QSqlQuery &row) { return row.value(0).toLongLong(); });
    if (!present)
        return base::fail(present.error());
    for (const qint64 id : *present) {
        const bool kept =
            std::any_of(channel.keys.begin(), channel.keys.end(), [id](const ChannelKey &key) {
                return key.id == id && key.secret.isEmpty();
            });
        if (kept)
            continue;
        const Result<QSqlQuery> removed = execute(
            m_database,
            u"UPDATE channel_keys SET deleted_at = :now WHERE id = :id AND deleted_at = 0"_s,
            {{u":now"_s, QDateTime::currentSecsSinceEpoch()}, {u":id"_s, id}});
        if (!removed)
            return base::fail(removed.error());
    }
    int position = 0;
    for (const ChannelKey &key : channel.keys) {
        const bool isKnown =
            key.id == 0 || std::find(present->begin(), present->end(), key.id) != present->end();
        if (!isKnown)
            return base::fail(base::ErrorCode::NotFound, noSuchKey);
        const bool isKept = key.id != 0 && key.secret.isEmpty();
        Result<> stored =
            isKept ? updateKey(channel.id, key) : insertKey(channel.id, key, position);
        if (stored && isKept)
            stored = placeKey(key.id, position);
        if (!stored)
            return stored;
        ++position;
    }
    return {};
}

Result<> ChannelRepository::placeKey(qint64 id, int position)
{
    return done(execute(m_database,
                        u"UPDATE channel_keys SET position = :position WHERE id = :id"_s,
                        {{u":position"_s, position}, {u":id"_s, id}}));
}

Result<> ChannelRepository::insertKey(ChannelId id, const ChannelKey &key, int position)
{
    return done(
        execute(m_database, keyInsertion(Destination::Table), bindingsOf(id, key, position)));
}

Bindings ChannelRepository::bindingsOf(ChannelId id, const ChannelKey &key, int position) const
{
    return {{u":position"_s, position},
            {u":channel"_s, id.value},
            {u":sealed"_s, m_sealer.seal(key.secret, channelKeyContext(id))},
            {u":enabled"_s, key.enabled},
            {u":reason"_s, key.disabledReason}};
}

Result<> ChannelRepository::updateKey(ChannelId id, const ChannelKey &key)
{
    return expectChange(
        execute(m_database,
                u"UPDATE channel_keys SET enabled = :enabled, disabled_reason = :reason,"
                " deleted_at = 0 WHERE id = :id AND channel_id = :channel"_s,
                {{u":enabled"_s, key.enabled},
                 {u":reason"_s, key.disabledReason},
                 {u":id"_s, key.id},
                 {u":channel"_s, id.value}}),
        noSuchKey);
}

Result<> ChannelRepository::remove(ChannelId id, qint64 now)
{
    return expectChange(
        execute(m_database,
                u"UPDATE channels SET deleted_at = :now WHERE id = :id AND deleted_at = 0"_s,
                {{u":now"_s, now}, {u":id"_s, id.value}}),
        noSuchChannel);
}

Result<> ChannelRepository::restore(ChannelId id)
{
    return expectChange(
        execute(m_database,
                u"UPDATE channels SET deleted_at = 0 WHERE id = :id AND deleted_at <> 0"_s,
                {{u":id"_s, id.value}}),
        noSuchChannel);
}

Result<qint64> ChannelRepository::removeDisabled(qint64 now)
{
    return execute(m_database,
                   u"UPDATE channels SET deleted_at = :now"
                   " WHERE status <> :enabled AND deleted_at = 0"_s,
                   {{u":now"_s, now}, {u":enabled"_s, static_cast<int>(ChannelStatus::Enabled)}})
        .map([](const QSqlQuery &query) { return qint64(query.numRowsAffected()); });
}

Result<> ChannelRepository::setStatus(ChannelId id, ChannelStatus status, const QString &reason)
{
    return expectChange(execute(m_database,
                                u"UPDATE channels SET status = :status, status_reason = :reason"
                                " WHERE id = :id"_s,
                                {{u":status"_s, static_cast<int>(status)},
                                 {u":reason"_s, reason},
                                 {u":id"_s, id.value}}),
                        noSuchChannel);
}

Result<bool>
ChannelRepository::setEnabledAutomatically(ChannelId id, bool enabled, const QString &reason)
{
    const ChannelStatus from =
        enabled ? ChannelStatus::DisabledAutomatically : ChannelStatus::Enabled;
    const ChannelStatus to =
        enabled ? ChannelStatus::Enabled : ChannelStatus::DisabledAutomatically;
    return execute(m_database,
                   u"UPDATE channels SET status = :to, status_reason = :reason"
                   " WHERE id = :id AND status = :from"_s,
                   {{u":to"_s, static_cast<int>(to)},
                    {u":reason"_s, reason},
                    {u":id"_s, id.value},
                    {u":from"_s, static_cast<int>(from)}})
        .map([](const QSqlQuery &query) { return query.numRowsAffected() > 0; });
}

Result<>
ChannelRepository::setKeyEnabled(ChannelId id, qint64 keyId, bool enabled, const QString &reason)
{
    return updateKey(id, {.id = keyId, .enabled = enabled, .disabledReason = reason});
}

Result<> ChannelRepository::forgetHiddenKeys(ChannelId id)
{
    return done(execute(m_database,
                        u"DELETE FROM channel_keys WHERE channel_id = :id AND deleted_at <> 0"_s,
                        {{u":id"_s, id.value}}));
}

Result<> ChannelRepository::setTested(ChannelId id, qint64 testedAt, int responseMilliseconds)
{
    return expectChange(execute(m_database,
                                u"UPDATE channels SET tested_at = :time,"
                                " response_milliseconds = :milliseconds"
                                " WHERE id = :id AND deleted_at = 0"_s,
                                {{u":time"_s, testedAt},
                                 {u":milliseconds"_s, responseMilliseconds},
                                 {u":id"_s, id.value}}),
                        noSuchChannel);
}

// Of deleted channels too, since they may be restored. One whose sealed part cannot be opened stays as
// it is: it must not keep all others from serving.
Result<int> ChannelRepository::sealRemaining()
{
    const Result<std::vector<qint64>> ids =
        rowsOf(m_database,
               execute(m_database,
                       u"SELECT id FROM channels WHERE header_overrides <> '{}'"
                       " OR body_overrides <> '{}' OR proxy <> '' OR config <> '{}'"_s),
               [](const QSqlQuery &row) { return row.value(0).toLongLong(); });
    if (!ids)
        return base::fail(ids.error());
    int sealed = 0;
    for (const qint64 id : *ids) {
        const Result<std::vector<Channel>> found =
            channelsFrom(execute(m_database, selectChannels(u"WHERE id = :id"_s), {{u":id"_s, id}}),
                         Keys::Leave);
        if (!found) {
            qCWarning(base::lcStorage).noquote()
                << "Overrides and proxy of the channel" << id
                << "are not sealed:" << found.error().message.english();
            continue;
        }
        for (const Channel &channel : *found) {
            if (const Result<> stored = storeSecrets(channel.id, channel); !stored)
                return base::fail(stored.error());
            ++sealed;
        }
    }
    return sealed;
}

Result<>
ChannelRepository::setBalance(ChannelId id, const domain::AccountBalance &balance, qint64 balanceAt)
{
    return expectChange(
        execute(m_database,
                u"UPDATE channels SET balance = :balance, balance_currency = :currency,"
                " balance_at = :time WHERE id = :id"_s,
                {{u":balance"_s, balance.amount},
                 {u":currency"_s, QString::fromLatin1(balance.currency)},
                 {u":time"_s, balanceAt},
                 {u":id"_s, id.value}}),
        noSuchChannel);
}

} // namespace gatehouse::storage
