#include "admin/channels/cloudaccount.h"

#include "base/json.h"

namespace gatehouse::admin {

using namespace Qt::StringLiterals;

using base::Secret;
using domain::ChannelKey;

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
    if (key.isEmpty())
        return;
    // Those consoles send it as the key, too.
    const QByteArray told = account.isEmpty() ? secret.toUtf8() : account;
    bool hasEntered = false;
    for (const ChannelKey &own : std::as_const(channel.keys)) {
        hasEntered = hasEntered || !own.secret.isEmpty();
        if (own.secret.reveal().contains(told))
            return;
    }
    // A new account takes the place of those that are stored.
    if (!hasEntered)
        channel.keys.clear();
    channel.keys.append({.secret = key});
}

} // namespace gatehouse::admin
