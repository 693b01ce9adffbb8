#include "upstream/tlssettings.h"

#include <QSslCertificate>

using namespace Qt::StringLiterals;

namespace gatehouse::upstream {

using base::Message;

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

Message sentence(QSslError::SslError error)
{
    switch (error) {
    case QSslError::CertificateExpired:
        return Message::tr("The provider's certificate has expired.");
    case QSslError::CertificateNotYetValid:
        return Message::tr(
            "The provider's certificate is not valid yet. Check this machine's clock.");
    case QSslError::HostNameMismatch:
        return Message::tr("The provider's certificate is for another host name.");
    case QSslError::SelfSignedCertificate:
        return Message::tr(
            "The provider's certificate is self-signed and not trusted by this machine.");
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return Message::tr(
            "The provider's certificate was issued by an authority that is not trusted.");
    case QSslError::CertificateRevoked:
    case QSslError::CertificateBlacklisted:
        return Message::tr("The provider's certificate has been revoked.");
    case QSslError::NoPeerCertificate:
        return Message::tr("The provider showed no certificate.");
    default:
        return Message::tr("The provider's certificate could not be verified.");
    }
}

} // namespace

std::optional<QSslConfiguration> tlsConfiguration(const QByteArray &certificateAuthority,
                                                  bool verifyCertificate)
{
    QSslConfiguration configuration = systemConfiguration();
    if (!verifyCertificate)
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (certificateAuthority.isEmpty() || !verifyCertificate)
        return configuration;
    const QList<QSslCertificate> authorities =
        QSslCertificate::fromData(certificateAuthority, QSsl::Pem);
    if (authorities.isEmpty())
        return {};
    configuration.setCaCertificates(authorities);
    return configuration;
}

Message tlsSentence(const QList<QSslError> &errors)
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
    return errors.isEmpty() ? Message::tr("The TLS handshake with the provider failed.")
                            : sentence(errors.first().error());
}

} // namespace gatehouse::upstream
