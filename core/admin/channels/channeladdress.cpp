#include "admin/channels/channeladdress.h"

#include "domain/channel.h"
#include "protocol/providerurl.h"
#include "upstream/addressfilter.h"

#include <QHostAddress>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

bool staysLocal(const QString &host)
{
    if (const auto address = upstream::literalAddress(host.toUtf8()))
        return !upstream::mayConnect(*address, false);
    static const QStringList domains{
        u".local"_s, u".lan"_s, u".home.arpa"_s, u".internal"_s, u".localhost"_s};
    const QString name = host.endsWith(u'.') ? host.chopped(1) : host;
    return !name.contains(u'.')
           || std::any_of(domains.cbegin(), domains.cend(), [&name](const QString &domain) {
                  return name.endsWith(domain, Qt::CaseInsensitive);
              });
}

AddressReview reviewAddress(const QString &typed,
                            int providerType,
                            const QString &apiVersion,
                            const OwnAddress &isOwnAddress)
{
    AddressReview review;
    const domain::ProviderType *type = domain::providerType(providerType);
    if (!type || type->number == domain::provider::echo)
        return review;
    const base::Result<QString> normalized = domain::normalizedBaseUrl(typed, providerType);
    if (!normalized) {
        review.problem = normalized.error().message;
        return review;
    }
    review.normalized = *normalized;
    const QString effective =
        normalized->isEmpty() ? QString::fromLatin1(type->defaultBaseUrl) : *normalized;
    if (effective.isEmpty())
        return review;
    const QByteArray bytes = effective.toUtf8();
    if (const auto parsed = protocol::parseBaseUrl(bytes); !parsed) {
        review.problem = parsed.error().message;
        return review;
    }
    review.requestUrl = protocol::displayUrl(*type, bytes, apiVersion);
    const QUrl url(effective);
    const bool tls = url.scheme() == "https"_L1;
    constexpr int tlsPort = 443;
    constexpr int plainPort = 80;
    const int port = url.port(tls ? tlsPort : plainPort);
    review.isOwn = isOwnAddress && isOwnAddress(url.host(), static_cast<quint16>(port));
    review.isPlainPublic = !tls && !staysLocal(url.host());
    return review;
}

} // namespace gatehouse::admin
