#include "domain/lostsecrets.h"

#include "base/json.h"

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

bool LostSecrets::isEmpty() const
{
    return channels.isEmpty() && tokens == 0 && !authority && !metricsToken && !webhookSecret
           && !otlpHeaders;
}

QByteArray lostSecretsJson(const LostSecrets &lost)
{
    QJsonArray channels;
    for (const ChannelId channel : lost.channels)
        channels.append(channel.value);
    return base::compactJson(QJsonObject{{u"channels"_s, channels},
                                         {u"tokens"_s, lost.tokens},
                                         {u"authority"_s, lost.authority},
                                         {u"metrics_token"_s, lost.metricsToken},
                                         {u"webhook_secret"_s, lost.webhookSecret},
                                         {u"otlp_headers"_s, lost.otlpHeaders},
                                         {u"told"_s, lost.isTold}});
}

LostSecrets lostSecretsFrom(const QByteArray &text)
{
    const QJsonObject object = base::parseJsonObject(text).value_or(QJsonObject());
    LostSecrets lost{.tokens = object.value(u"tokens").toInteger(),
                     .authority = object.value(u"authority").toBool(),
                     .metricsToken = object.value(u"metrics_token").toBool(),
                     .webhookSecret = object.value(u"webhook_secret").toBool(),
                     .otlpHeaders = object.value(u"otlp_headers").toBool(),
                     .isTold = object.value(u"told").toBool()};
    for (const QJsonValue channel : object.value(u"channels").toArray())
        lost.channels.append(ChannelId{channel.toInteger()});
    return lost;
}

} // namespace gatehouse::domain
