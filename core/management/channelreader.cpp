#include "management/channelreader.h"

#include "base/json.h"
#include "management/channeljson.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::fail;
using base::JsonReader;
using base::Result;
using domain::Channel;
using domain::ChannelKey;
using domain::ChannelStatus;

namespace {

constexpr size_t mostNewChannels = 200;

Result<> wrongType(QStringView name, QStringView expected)
{
    return fail(ErrorCode::InvalidInput,
                base::Message::verbatim(u"The member \"%1\" must be %2."_s.arg(name, expected)));
}

Result<> readText(const JsonReader &reader, QStringView name, QString &wanted)
{
    const auto text = reader.string(name);
    if (!text)
        return fail(text.error());
    if (*text)
        wanted = **text;
    return {};
}

template<typename Number>
Result<>
readNumber(const JsonReader &reader, QStringView name, qint64 least, qint64 most, Number &wanted)
{
    const auto number = reader.integer(name);
    if (!number)
        return fail(number.error());
    if (!*number)
        return {};
    if (**number < least || **number > most) {
        return fail(
            ErrorCode::InvalidInput,
            base::Message::verbatim(
                u"The member \"%1\" must lie between %2 and %3."_s.arg(name).arg(least).arg(most)));
    }
    wanted = static_cast<Number>(**number);
    return {};
}

QStringList listFrom(const QString &text, QChar separator)
{
    QStringList list;
    for (const QString &part : text.split(separator)) {
        if (const QString name = part.trimmed(); !name.isEmpty())
            list.append(name);
    }
    return list;
}

// A text with commas, as in One API, or an array of texts.
Result<> readList(const JsonReader &reader, QStringView name, QStringList &wanted)
{
    const QJsonValue value = reader.whole().value(name);
    if (value.isUndefined() || value.isNull())
        return {};
    if (value.isString()) {
        wanted = listFrom(value.toString(), u',');
        return {};
    }
    if (!value.isArray())
        return wrongType(name, u"a text with commas, or an array of texts");
    QStringList list;
    for (const QJsonValue &element : value.toArray()) {
        if (!element.isString())
            return wrongType(name, u"a text with commas, or an array of texts");
        list += listFrom(element.toString(), u',');
    }
    wanted = list;
    return {};
}

// An object, or its text as in One API. Nothing: it is absent.
Result<std::optional<QJsonObject>> readObject(const JsonReader &reader, QStringView name)
{
    const QJsonValue value = reader.whole().value(name);
    if (!value.isString())
        return reader.object(name);
    if (value.toString().trimmed().isEmpty())
        return std::optional(QJsonObject{});
    const Result<QJsonObject> parsed = base::parseJsonObject(value.toString().toUtf8());
    if (!parsed) {
        return fail(
            ErrorCode::InvalidInput,
            base::Message::verbatim(u"The member \"%1\" must be a JSON object."_s.arg(name)));
    }
    return std::optional(*parsed);
}

Result<> readMap(const JsonReader &reader, QStringView name, QMap<QString, QString> &wanted)
{
    const auto object = readObject(reader, name);
    if (!object)
        return fail(object.error());
    if (!*object)
        return {};
    QMap<QString, QString> map;
    for (auto it = (*object)->constBegin(); it != (*object)->constEnd(); ++it) {
        if (!it->isString())
            return wrongType(name, u"an object whose values are texts");
        // A masked secret comes back as it was shown.
        const bool masked = it->toString() == maskedSecret && wanted.contains(it.key());
        map.insert(it.key(), masked ? wanted.value(it.key()) : it->toString());
    }
    wanted = map;
    return {};
}

Result<> readStatus(const JsonReader &reader, Channel &channel)
{
    const auto status = reader.integer(u"status");
    if (!status)
        return fail(status.error());
    if (!*status || **status == 0 || **status == static_cast<int>(channel.status))
        return {};
    if (**status != static_cast<int>(ChannelStatus::Enabled)
        && **status != static_cast<int>(ChannelStatus::DisabledByHand)) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(u"The status must be 1 (enabled) or 2 (disabled)."_s));
    }
    channel.status = static_cast<ChannelStatus>(**status);
    return {};
}

// {"id": 3, "enabled": false} for a key that is kept, {"key": "…"} or a text for a new one.
Result<ChannelKey> readKey(const QJsonValue &value, const QList<ChannelKey> &present)
{
    if (value.isString()) {
        const QString text = value.toString().trimmed();
        if (text.isEmpty())
            return fail(ErrorCode::InvalidInput,
                        base::Message::verbatim(u"A key in \"keys\" is empty."_s));
        return ChannelKey{.secret = base::Secret(text)};
    }
    if (!value.isObject()) {
        return fail(
            ErrorCode::InvalidInput,
            base::Message::verbatim(u"The member \"keys\" holds something else than keys."_s));
    }
    const JsonReader reader(value.toObject());
    const auto id = reader.integer(u"id");
    const auto secret = reader.string(u"key");
    const auto enabled = reader.boolean(u"enabled");
    if (!id)
        return fail(id.error());
    if (!secret || !enabled)
        return fail(secret ? enabled.error() : secret.error());
    ChannelKey key;
    if (*id) {
        const auto known = std::find_if(
            present.cbegin(), present.cend(), [&](const auto &k) { return k.id == **id; });
        if (known == present.cend())
            return fail(ErrorCode::NotFound,
                        base::Message::verbatim(u"This key of the channel does not exist."_s));
        key = *known;
    }
    key.secret = base::Secret(secret->value_or(QString()).trimmed());
    if (*enabled && **enabled != key.enabled) {
        key.enabled = **enabled;
        key.disabledReason.clear();
    }
    if (key.id == 0 && key.secret.isEmpty())
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(u"A key in \"keys\" is empty."_s));
    return key;
}

Result<> readKeys(const JsonReader &reader, Channel &channel)
{
    const auto keys = reader.array(u"keys");
    const auto text = reader.string(u"key");
    if (!keys || !text)
        return fail(keys ? text.error() : keys.error());
    if (*keys) {
        QList<ChannelKey> read;
        for (const QJsonValue &value : **keys) {
            const Result<ChannelKey> key = readKey(value, channel.keys);
            if (!key)
                return fail(key.error());
            read.append(*key);
        }
        channel.keys = read;
    }
    QStringList lines = listFrom(text->value_or(QString()), u'\n');
    lines.removeDuplicates();
    if (lines.isEmpty())
        return {};
    channel.keys.clear();
    for (const QString &line : std::as_const(lines))
        channel.keys.append(ChannelKey{.secret = base::Secret(line)});
    return {};
}

Result<> readTimeouts(const JsonReader &reader, domain::ChannelTimeouts &timeouts)
{
    const auto object = reader.object(u"timeouts");
    if (!object || !*object)
        return object ? Result<>() : fail(object.error());
    constexpr qint64 most = 24LL * 60 * 60 * 1000;
    const JsonReader parts(**object);
    const auto read = [&](QStringView name, std::chrono::milliseconds &wanted) {
        qint64 value = wanted.count();
        return readNumber(parts, name, 0, most, value).map([&] {
            wanted = std::chrono::milliseconds(value);
        });
    };
    return read(u"connect_ms", timeouts.connect)
        .and_then([&] { return read(u"first_byte_ms", timeouts.firstByte); })
        .and_then([&] { return read(u"idle_ms", timeouts.idle); })
        .and_then([&] { return read(u"total_ms", timeouts.total); });
}

Result<> readLimits(const JsonReader &reader, domain::ChannelLimits &limits)
{
    const auto object = reader.object(u"limits");
    if (!object || !*object)
        return object ? Result<>() : fail(object.error());
    constexpr qint64 most = Channel::largestLimit;
    const JsonReader parts(**object);
    return readNumber(parts, u"concurrent_requests", 0, most, limits.concurrentRequests)
        .and_then([&] {
            return readNumber(parts, u"requests_per_minute", 0, most, limits.requestsPerMinute);
        })
        .and_then([&] {
            return readNumber(parts, u"tokens_per_minute", 0, most, limits.tokensPerMinute);
        });
}

Result<> readPriceRatio(const JsonReader &reader, Channel &channel)
{
    const QJsonValue value = reader.whole().value(u"price_ratio");
    if (value.isUndefined() || value.isNull())
        return {};
    constexpr double million = 1e6;
    const double ratio = value.toDouble(-1);
    if (!(ratio >= 0) || ratio > double(Channel::largestPriceRatio) / million) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(
                        u"The member \"price_ratio\" must be a number between 0 and %1."_s.arg(
                            Channel::largestPriceRatio / 1'000'000)));
    }
    channel.priceRatioMillionths = std::llround(ratio * million);
    return {};
}

// One API keeps in "config", and for old channels in "other", what a type needs beside.
Result<> readConfig(const JsonReader &reader, Channel &channel)
{
    const auto config = readObject(reader, u"config");
    if (!config)
        return fail(config.error());
    if (*config) {
        const QJsonObject former = std::exchange(channel.config, **config);
        for (auto it = channel.config.begin(); it != channel.config.end(); ++it) {
            if (it->toString() == maskedSecret && former.contains(it.key()))
                *it = former.value(it.key());
        }
        if (const QJsonValue version = channel.config.take(u"api_version"); version.isString())
            channel.apiVersion = version.toString();
    }
    QString other;
    const Result<> read = readText(reader, u"other", other).and_then([&] {
        return readText(reader, u"api_version", channel.apiVersion);
    });
    if (!other.isEmpty() && channel.apiVersion.isEmpty())
        channel.apiVersion = other;
    return read;
}

Result<> readProxy(const JsonReader &reader, Channel &channel)
{
    QString proxy = channel.proxy;
    return readText(reader, u"proxy", proxy).map([&] {
        if (proxy != maskedProxy(channel.proxy))
            channel.proxy = proxy.trimmed();
    });
}

Result<> readOwnMembers(const JsonReader &reader, Channel &channel)
{
    const auto bodyOverrides = readObject(reader, u"body_overrides");
    const auto allowPrivate = reader.boolean(u"allow_private_address");
    const auto verify = reader.boolean(u"verify_certificate");
    if (!bodyOverrides)
        return fail(bodyOverrides.error());
    if (!allowPrivate)
        return fail(allowPrivate.error());
    if (!verify)
        return fail(verify.error());
    if (*bodyOverrides)
        channel.bodyOverrides = domain::unmaskedBody(**bodyOverrides, channel.bodyOverrides);
    channel.allowPrivateAddress = allowPrivate->value_or(channel.allowPrivateAddress);
    channel.verifyCertificate = verify->value_or(channel.verifyCertificate);
    return readMap(reader, u"header_overrides", channel.headerOverrides)
        .and_then([&] { return readProxy(reader, channel); })
        .and_then([&] { return readTimeouts(reader, channel.timeouts); })
        .and_then([&] { return readLimits(reader, channel.limits); })
        .and_then([&] { return readPriceRatio(reader, channel); })
        .and_then([&] { return readText(reader, u"organization", channel.organization); })
        .and_then([&] {
            return readText(reader, u"certificate_authority", channel.certificateAuthority);
        })
        .and_then([&] { return readText(reader, u"test_model", channel.testModel); })
        .and_then([&] { return readList(reader, u"tags", channel.tags); })
        .and_then([&] { return readText(reader, u"note", channel.note); });
}

// New API wraps a new channel and says beside it what the lines of the key mean.
QJsonObject unwrapped(const QJsonObject &json)
{
    if (!json.value(u"mode").isString() || !json.value(u"channel").isObject())
        return json;
    QJsonObject inner = json.value(u"channel").toObject();
    if (json.value(u"mode").toString() == u"multi_to_single"_s)
        inner.insert(u"key_mode"_s, u"multi"_s);
    return inner;
}

} // namespace

Result<> readChannel(const QJsonObject &json, Channel &channel)
{
    const JsonReader reader(json);
    constexpr qint64 mostPriority = 1'000'000'000'000;
    // A type of 0 is an absent one.
    int type = 0;
    return readNumber(reader, u"type", 0, 1'000'000, type)
        .map([&] { channel.type = type == 0 ? channel.type : type; })
        .and_then([&] {
            QString name;
            return readText(reader, u"name", name).map([&] {
                channel.name = name.isEmpty() ? channel.name : name.trimmed();
            });
        })
        .and_then([&] { return readStatus(reader, channel); })
        .and_then([&] { return readText(reader, u"base_url", channel.baseUrl); })
        .and_then([&] { return readKeys(reader, channel); })
        .and_then([&] { return readList(reader, u"models", channel.models); })
        .and_then([&] { return readList(reader, u"group", channel.groups); })
        .and_then([&] { return readMap(reader, u"model_mapping", channel.modelMapping); })
        .and_then([&] {
            return readNumber(reader, u"priority", -mostPriority, mostPriority, channel.priority);
        })
        .and_then([&] { return readNumber(reader, u"weight", 0, 1'000'000, channel.weight); })
        .and_then([&] { return readText(reader, u"system_prompt", channel.systemPrompt); })
        .and_then([&] { return readConfig(reader, channel); })
        .and_then([&] { return readOwnMembers(reader, channel); });
}

Result<std::vector<Channel>> readNewChannels(const QJsonObject &json)
{
    const QJsonObject object = unwrapped(json);
    Channel channel;
    if (Result<> read = readChannel(object, channel); !read)
        return fail(read.error());
    const auto mode = JsonReader(object).string(u"key_mode");
    if (!mode)
        return fail(mode.error());
    if (channel.keys.size() < 2 || mode->value_or(QString()) == u"multi"_s
        || object.contains(u"keys"))
        return std::vector<Channel>{channel};
    std::vector<Channel> channels;
    for (const ChannelKey &key : std::as_const(channel.keys)) {
        channels.push_back(channel);
        channels.back().keys = {key};
    }
    if (channels.size() > mostNewChannels) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(
                        u"At most %1 channels can be made at once."_s.arg(mostNewChannels)));
    }
    return channels;
}

} // namespace gatehouse::management
