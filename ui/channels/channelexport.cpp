#include "channels/channelexport.h"

#include "admin/channels/channelservice.h"
#include "domain/bodysecrets.h"

#include <QJsonArray>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

QJsonObject objectOf(const QMap<QString, QString> &map)
{
    QJsonObject object;
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QJsonObject headersOf(const domain::Channel &channel)
{
    QJsonObject headers;
    for (auto it = channel.headerOverrides.cbegin(); it != channel.headerOverrides.cend(); ++it) {
        if (!admin::isSecretHeader(it.key()))
            headers.insert(it.key(), it.value());
    }
    return headers;
}

void insertIfSet(QJsonObject &object, const QString &key, const QJsonValue &value)
{
    const bool isEmpty = value.isNull() || (value.isString() && value.toString().isEmpty())
                         || (value.isObject() && value.toObject().isEmpty())
                         || (value.isArray() && value.toArray().isEmpty())
                         || (value.isDouble() && value.toDouble() == 0);
    if (!isEmpty)
        object.insert(key, value);
}

QJsonObject objectOf(const domain::Channel &channel)
{
    QJsonObject object{{u"name"_s, channel.name},
                       {u"type"_s, channel.type},
                       {u"enabled"_s, channel.isEnabled()},
                       {u"base_url"_s, channel.effectiveBaseUrl()},
                       {u"models"_s, QJsonArray::fromStringList(channel.models)},
                       {u"groups"_s, QJsonArray::fromStringList(channel.groups)},
                       {u"priority"_s, channel.priority},
                       {u"weight"_s, channel.weight}};
    if (const domain::ProviderType *type = domain::providerType(channel.type))
        object.insert(u"provider"_s, QString::fromUtf8(type->name));
    insertIfSet(object, u"model_mapping"_s, objectOf(channel.modelMapping));
    insertIfSet(object, u"headers"_s, headersOf(channel));
    insertIfSet(object, u"body"_s, domain::bodyWithoutSecrets(channel.bodyOverrides));
    insertIfSet(object, u"system_prompt"_s, channel.systemPrompt);
    insertIfSet(object, u"proxy"_s, QUrl(channel.proxy).toString(QUrl::RemoveUserInfo));
    insertIfSet(object, u"connect_ms"_s, static_cast<qint64>(channel.timeouts.connect.count()));
    insertIfSet(
        object, u"first_byte_ms"_s, static_cast<qint64>(channel.timeouts.firstByte.count()));
    insertIfSet(object, u"idle_ms"_s, static_cast<qint64>(channel.timeouts.idle.count()));
    insertIfSet(object, u"total_ms"_s, static_cast<qint64>(channel.timeouts.total.count()));
    insertIfSet(object, u"concurrent_requests"_s, channel.limits.concurrentRequests);
    insertIfSet(object, u"requests_per_minute"_s, channel.limits.requestsPerMinute);
    insertIfSet(object, u"tokens_per_minute"_s, channel.limits.tokensPerMinute);
    object.insert(u"price_ratio"_s, static_cast<double>(channel.priceRatioMillionths) / 1e6);
    insertIfSet(object, u"organization"_s, channel.organization);
    insertIfSet(object, u"api_version"_s, channel.apiVersion);
    insertIfSet(object, u"certificate_authority"_s, channel.certificateAuthority);
    insertIfSet(object, u"test_model"_s, channel.testModel);
    insertIfSet(object, u"tags"_s, QJsonArray::fromStringList(channel.tags));
    insertIfSet(object, u"note"_s, channel.note);
    object.insert(u"verify_certificate"_s, channel.verifyCertificate);
    object.insert(u"allow_private_address"_s, channel.allowPrivateAddress);
    return object;
}

} // namespace

QJsonDocument exportedChannels(const QList<domain::Channel> &channels)
{
    QJsonArray array;
    for (const domain::Channel &channel : channels)
        array.append(objectOf(channel));
    return QJsonDocument(QJsonObject{{u"channels"_s, array}});
}

} // namespace gatehouse::ui
