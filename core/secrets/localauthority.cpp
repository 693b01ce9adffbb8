#include "secrets/localauthority.h"

#include "secrets/botan.h"

#include <QHostAddress>

#include <botan/data_src.h>
#include <botan/ecdsa.h>
#include <botan/pkcs10.h>
#include <botan/pkcs8.h>
#include <botan/system_rng.h>
#include <botan/x509_ca.h>
#include <botan/x509_ext.h>
#include <botan/x509self.h>

#include <exception>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

constexpr auto hash = "SHA-256";
constexpr auto curve = "secp256r1";
// A clock that is a little slow must not refuse a new certificate.
constexpr std::chrono::hours leeway{24};

Botan::ECDSA_PrivateKey newKey()
{
    return {Botan::system_rng(), Botan::EC_Group(curve)};
}

base::Secret pemOf(const Botan::Private_Key &key)
{
    return base::Secret(QByteArray::fromStdString(Botan::PKCS8::PEM_encode(key)));
}

Botan::X509_Time fromNow(std::chrono::hours time)
{
    return Botan::X509_Time(std::chrono::system_clock::now() + time);
}

Botan::AlternativeName alternativeName(const QStringList &names)
{
    Botan::AlternativeName alternative;
    for (const QString &name : names) {
        const QHostAddress address(name);
        if (address.isNull())
            alternative.add_attribute("DNS", name.toStdString());
        else if (address.protocol() == QAbstractSocket::IPv4Protocol)
            alternative.add_attribute("IP", address.toString().toStdString());
    }
    return alternative;
}

// The library throws; here that becomes a value.
template<typename Function>
Result<CertifiedKey> guarded(Function function)
{
    try {
        return function();
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal,
                    Message::tr("The certificate could not be made."),
                    QString::fromLocal8Bit(exception.what()));
    }
}

} // namespace

Result<CertifiedKey> makeAuthority(const QString &name)
{
    return guarded([&name] {
        constexpr std::chrono::hours tenYears{24 * 3650};
        const Botan::ECDSA_PrivateKey key = newKey();
        Botan::X509_Cert_Options options;
        options.common_name = name.toStdString();
        options.CA_key(0);
        options.start = fromNow(-leeway);
        options.end = fromNow(tenYears);
        const Botan::X509_Certificate certificate =
            Botan::X509::create_self_signed_cert(options, key, hash, Botan::system_rng());
        return CertifiedKey{.certificate = QByteArray::fromStdString(certificate.PEM_encode()),
                            .key = pemOf(key)};
    });
}

Result<CertifiedKey> issueCertificate(const CertifiedKey &authority, const QStringList &names)
{
    if (names.isEmpty())
        return fail(ErrorCode::InvalidInput,
                    Message::tr("A certificate needs the name of a server."));
    return guarded([&] {
        constexpr std::chrono::hours longest{24 * 397};
        const QByteArray &authorityKey = authority.key.reveal();
        Botan::DataSource_Memory keySource(bytesOf(authorityKey), sizeOf(authorityKey));
        Botan::DataSource_Memory certificateSource(bytesOf(authority.certificate),
                                                   sizeOf(authority.certificate));
        const auto signing = Botan::PKCS8::load_key(keySource);
        const Botan::X509_Certificate issuer(certificateSource);

        const Botan::ECDSA_PrivateKey key = newKey();
        Botan::X509_Cert_Options options;
        options.common_name = names.front().left(64).toStdString();
        options.add_constraints(Botan::Key_Constraints(Botan::DIGITAL_SIGNATURE));
        options.add_ex_constraint("PKIX.ServerAuth");
        options.extensions.add(
            new Botan::Cert_Extension::Subject_Alternative_Name(alternativeName(names)));
        const Botan::PKCS10_Request request =
            Botan::X509::create_cert_req(options, key, hash, Botan::system_rng());
        const Botan::X509_CA signer(issuer, *signing, hash, Botan::system_rng());
        const Botan::X509_Certificate certificate =
            signer.sign_request(request, Botan::system_rng(), fromNow(-leeway), fromNow(longest));
        return CertifiedKey{.certificate = QByteArray::fromStdString(certificate.PEM_encode())
                                           + authority.certificate,
                            .key = pemOf(key)};
    });
}

} // namespace gatehouse::secrets
