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
    // Those consoles send it as the key, too; a key that is stored is not told here.
    const QByteArray told = account.isEmpty() ? secret.toUtf8() : account;
    const bool isThere =
        std::any_of(channel.keys.cbegin(), channel.keys.cend(), [&](const ChannelKey &own) {
            return own.secret.isEmpty() || own.secret.reveal().contains(told);
        });
    if (!key.isEmpty() && !isThere)
        channel.keys.append({.secret = key});
}

} // namespace gatehouse::admin
