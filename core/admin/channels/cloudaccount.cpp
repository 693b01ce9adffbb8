#include "admin/channels/cloudaccount.h"

#include "base/json.h"

namespace gatehouse::admin {

using namespace Qt::StringLiterals;

using base::Secret;
using domain::ChannelKey;

bool hasCloudAccount(int type)
{
    constexpr int bedrock = 33;
    constexpr int vertexAi = 42;
    return type == bedrock || type == vertexAi;
}

base::Secret keyOfCloudAccount(const QByteArray &document)
{
    const auto account = base::parseJsonObject(document);
    if (!account || account->isEmpty())
        return {};
    // Outside of texts there are none.
    return Secret(base::compactJson(*account).replace(' ', "\\u0020"));
}

void takeKeysFromConfig(domain::Channel &channel)
{
    QJsonObject &config = channel.config;
    const QByteArray account = config.take(u"vertex_ai_adc"_s).toString().toUtf8();
    const QString id = config.take(u"ak"_s).toString().trimmed();
    const QString secret = config.take(u"sk"_s).toString().trimmed();
    Secret key = keyOfCloudAccount(account);
    if (key.isEmpty() && !id.isEmpty() && !secret.isEmpty()) {
        const QString region = config.value(u"region"_s).toString();
        key = Secret((id + u'|' + secret + u'|' + region).toUtf8());
    }
    // A channel that was of a cloud once may still bring its account, which is none of its provider's.
    if (key.isEmpty() || !hasCloudAccount(channel.type))
        return;
    // Those consoles send it as the key, too, of Vertex AI with the blanks that it has.
    const QByteArray told = account.isEmpty() ? secret.toUtf8() : account;
    for (ChannelKey &own : channel.keys) {
        if (own.secret.isEmpty())
            continue;
        if (!account.isEmpty() && own.secret.reveal().contains(told))
            own.secret = key;
        return; // what was entered counts
    }
    // A new account takes the place of those that are stored.
    channel.keys = {{.secret = key}};
}

} // namespace gatehouse::admin
