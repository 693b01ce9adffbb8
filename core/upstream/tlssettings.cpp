#include "upstream/tlssettings.h"

#include <QSslCertificate>

using namespace Qt::StringLiterals;

namespace gatehouse::upstream {

namespace {

QSslConfiguration systemConfiguration()
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    // Tickets are kept with the pool of an endpoint, so that later handshakes are short.
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, false);
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
    return configuration;
}

QString sentence(QSslError::SslError error)
{
    switch (error) {
    case QSslError::CertificateExpired:
        return u"The provider's certificate has expired."_s;
    case QSslError::CertificateNotYetValid:
        return u"The provider's certificate is not valid yet. Check this machine's clock."_s;
    case QSslError::HostNameMismatch:
        return u"The provider's certificate is for another host name."_s;
    case QSslError::SelfSignedCertificate:
        return u"The provider's certificate is self-signed and not trusted by this machine."_s;
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return u"The provider's certificate was issued by an authority that is not trusted."_s;
    case QSslError::CertificateRevoked:
    case QSslError::CertificateBlacklisted:
        return u"The provider's certificate has been revoked."_s;
    case QSslError::NoPeerCertificate:
        return u"The provider showed no certificate."_s;
    default:
        return u"The provider's certificate could not be verified."_s;
    }
}

} // namespace

std::optional<QSslConfiguration> tlsConfiguration(const QByteArray &certificateAuthority)
{
    QSslConfiguration configuration = systemConfiguration();
    if (certificateAuthority.isEmpty())
        return configuration;
    const QList<QSslCertificate> authorities =
        QSslCertificate::fromData(certificateAuthority, QSsl::Pem);
    if (authorities.isEmpty())
        return {};
    configuration.setCaCertificates(authorities);
    return configuration;
}

QString tlsSentence(const QList<QSslError> &errors)
{
    // The errors that say most come first: an expired certificate is often untrusted as well.
    static constexpr std::array telling{QSslError::CertificateExpired,
                                        QSslError::CertificateNotYetValid,
                                        QSslError::CertificateRevoked,
                                        QSslError::SelfSignedCertificate,
                                        QSslError::SelfSignedCertificateInChain};
    for (const QSslError::SslError error : telling) {
        for (const QSslError &found : errors) {
            if (found.error() == error)
                return sentence(error);
        }
    }
    return errors.isEmpty() ? u"The TLS handshake with the provider failed."_s
                            : sentence(errors.first().error());
}

} // namespace gatehouse::upstream
