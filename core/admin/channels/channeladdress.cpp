#include "admin/channels/channeladdress.h"

#include "domain/channel.h"
#include "protocol/providerurl.h"
#include "upstream/addressfilter.h"

#include <QHostAddress>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

// Whether what is sent to that host stays within the house: its names have no dot or end in a domain
// of the local network.
bool staysLocal(const QString &host)
{
    const QHostAddress address(host);
    if (address.isNull()) {
        static const QStringList domains{
            u".local"_s, u".lan"_s, u".home.arpa"_s, u".internal"_s, u".localhost"_s};
        return !host.contains(u'.')
               || std::any_of(domains.cbegin(), domains.cend(), [&host](const QString &domain) {
                      return host.endsWith(domain, Qt::CaseInsensitive);
                  });
    }
    return !upstream::mayConnect(address, false);
}

} // namespace

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
