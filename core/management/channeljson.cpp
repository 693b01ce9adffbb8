#include "management/channeljson.h"

#include "admin/channels/channelservice.h"
#include "base/json.h"
#include "protocol/providerurl.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using domain::Channel;

namespace {

QString textOf(const QJsonObject &object)
{
    return QString::fromUtf8(base::compactJson(object));
}

QString mappingText(const QMap<QString, QString> &mapping)
{
    if (mapping.isEmpty())
        return {};
    QJsonObject object;
    for (auto it = mapping.cbegin(); it != mapping.cend(); ++it)
        object.insert(it.key(), it.value());
    return textOf(object);
}

QJsonObject headersJson(const QMap<QString, QString> &headers)
{
    QJsonObject object;
    for (auto it = headers.cbegin(); it != headers.cend(); ++it)
        object.insert(it.key(), admin::isSecretHeader(it.key()) ? maskedSecret : it.value());
    return object;
}

// What consoles of One API keep beside the keys of a channel, and what of it may be one.
QString configText(QJsonObject config, const QString &apiVersion)
{
    for (auto it = config.begin(); it != config.end(); ++it) {
        if (it->isString() && !it->toString().isEmpty() && admin::isSecretHeader(it.key()))
            *it = maskedSecret;
    }
    if (!apiVersion.isEmpty())
        config.insert(u"api_version"_s, apiVersion);
    return config.isEmpty() ? QString() : textOf(config);
}

QString stateName(relay::HealthState state)
{
    switch (state) {
    case relay::HealthState::Open:
        return u"open"_s;
    case relay::HealthState::HalfOpen:
        return u"half_open"_s;
    case relay::HealthState::Closed:
        break;
    }
    return u"closed"_s;
}

QJsonArray keysJson(const Channel &channel, const std::vector<relay::KeyHealth> &health)
{
    QJsonArray keys;
    for (const domain::ChannelKey &key : channel.keys) {
        QString state = u"closed"_s;
        for (const relay::KeyHealth &known : health) {
            if (known.channel == channel.id && known.key == key.id)
                state = stateName(known.state);
        }
        keys.append(QJsonObject{{u"id"_s, key.id},
                                {u"enabled"_s, key.enabled},
                                {u"disabled_reason"_s, key.disabledReason},
                                {u"health"_s, state}});
    }
    return keys;
}

// One API's members.
QJsonObject plainJson(const Channel &channel)
{
    return {{u"id"_s, channel.id.value},
            {u"type"_s, channel.type},
            {u"key"_s, QString()},
            {u"status"_s, static_cast<int>(channel.status)},
            {u"name"_s, channel.name},
            {u"weight"_s, channel.weight},
            {u"created_time"_s, channel.createdAt},
            {u"test_time"_s, channel.testedAt},
            {u"response_time"_s, channel.responseMilliseconds},
            {u"base_url"_s, channel.baseUrl},
            {u"other"_s, QJsonValue(QJsonValue::Null)},
            {u"balance"_s, channel.balance.amount},
            {u"balance_updated_time"_s, channel.balanceAt},
            {u"models"_s, channel.models.join(u',')},
            {u"group"_s, channel.groups.join(u',')},
            {u"used_quota"_s, channel.used.units},
            {u"model_mapping"_s, mappingText(channel.modelMapping)},
            {u"priority"_s, channel.priority},
            {u"config"_s, configText(channel.config, channel.apiVersion)},
            {u"system_prompt"_s, channel.systemPrompt}};
}

} // namespace

QString maskedProxy(const QString &proxy)
{
    QUrl url(proxy);
    if (url.password().isEmpty())
        return proxy;
    url.setPassword(maskedSecret);
    return url.toString();
}

QJsonObject healthJson(const relay::KeyHealth &health)
{
    return {{u"channel_id"_s, health.channel.value},
            {u"key_id"_s, health.key},
            {u"state"_s, stateName(health.state)},
            {u"rests_for_ms"_s, static_cast<qint64>(health.restsFor.count())},
            {u"failures_in_a_row"_s, health.failuresInARow}};
}

QJsonObject channelJson(const Channel &channel, const std::vector<relay::KeyHealth> &health)
{
    const domain::ProviderType *type = domain::providerType(channel.type);
    QJsonObject json = plainJson(channel);
    json.insert(u"balance_currency"_s, QString::fromLatin1(channel.balance.currency));
    json.insert(u"status_reason"_s, channel.statusReason);
    json.insert(u"type_name"_s, type ? QString::fromUtf8(type->name) : QString());
    json.insert(u"keys"_s, keysJson(channel, health));
    json.insert(u"header_overrides"_s, headersJson(channel.headerOverrides));
    json.insert(u"body_overrides"_s, domain::maskedBody(channel.bodyOverrides));
    json.insert(u"proxy"_s, maskedProxy(channel.proxy));
    json.insert(
        u"timeouts"_s,
        QJsonObject{{u"connect_ms"_s, static_cast<qint64>(channel.timeouts.connect.count())},
                    {u"first_byte_ms"_s, static_cast<qint64>(channel.timeouts.firstByte.count())},
                    {u"idle_ms"_s, static_cast<qint64>(channel.timeouts.idle.count())},
                    {u"total_ms"_s, static_cast<qint64>(channel.timeouts.total.count())}});
    json.insert(u"limits"_s,
                QJsonObject{{u"concurrent_requests"_s, channel.limits.concurrentRequests},
                            {u"requests_per_minute"_s, channel.limits.requestsPerMinute},
                            {u"tokens_per_minute"_s, channel.limits.tokensPerMinute}});
    json.insert(u"price_ratio"_s, static_cast<double>(channel.priceRatioMillionths) / 1e6);
    json.insert(u"organization"_s, channel.organization);
    json.insert(u"api_version"_s, channel.apiVersion);
    json.insert(u"certificate_authority"_s, channel.certificateAuthority);
    json.insert(u"verify_certificate"_s, channel.verifyCertificate);
    json.insert(u"allow_private_address"_s, channel.allowPrivateAddress);
    json.insert(u"test_model"_s, channel.testModel);
    json.insert(u"tags"_s, QJsonArray::fromStringList(channel.tags));
    json.insert(u"note"_s, channel.note);
    const bool hasUrl = type && type->number != domain::provider::echo;
    json.insert(u"url"_s,
                hasUrl ? protocol::displayUrl(
                    *type, channel.effectiveBaseUrl().toUtf8(), channel.apiVersion)
                       : QString());
    return json;
}

} // namespace gatehouse::management
