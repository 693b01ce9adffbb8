#include "secrets/localauthority.h"

#include "secrets/botan.h"

#include <QHostAddress>

#include <botan/data_src.h>
#include <botan/der_enc.h>
#include <botan/ecdsa.h>
#include <botan/pkcs8.h>
#include <botan/pubkey.h>
#include <botan/system_rng.h>
#include <botan/version.h>
#include <botan/x509_ca.h>
#include <botan/x509_ext.h>
#include <botan/x509self.h>

#include <exception>
#include <memory>

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

#if BOTAN_VERSION_MAJOR >= 3
using Tag = Botan::ASN1_Type;
using ExtensionPointer = std::unique_ptr<Botan::Certificate_Extension>;
constexpr auto sequence = Botan::ASN1_Type::Sequence;
constexpr auto universal = Botan::ASN1_Class::Universal;
constexpr auto contextSpecific = Botan::ASN1_Class::ContextSpecific;
constexpr auto digitalSignature = Botan::Key_Constraints::DigitalSignature;
#else
using Tag = Botan::ASN1_Tag;
using ExtensionPointer = Botan::Certificate_Extension *;
constexpr auto sequence = Botan::SEQUENCE;
constexpr auto universal = Botan::UNIVERSAL;
constexpr auto contextSpecific = Botan::CONTEXT_SPECIFIC;
constexpr auto digitalSignature = Botan::DIGITAL_SIGNATURE;
#endif

// The octets of an iPAddress.
std::vector<uint8_t> octetsOf(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv6Protocol) {
        const Q_IPV6ADDR octets = address.toIPv6Address();
        return {std::begin(octets.c), std::end(octets.c)};
    }
    const quint32 number = address.toIPv4Address();
    return {static_cast<uint8_t>(number >> 24U),
            static_cast<uint8_t>(number >> 16U),
            static_cast<uint8_t>(number >> 8U),
            static_cast<uint8_t>(number)};
}

// A subject alternative name (RFC 5280, 4.2.1.6). Botan's own knows no IPv6 address before 3.
class ServerNames final : public Botan::Certificate_Extension
{
public:
    explicit ServerNames(QStringList names)
        : m_names(std::move(names))
    {}

    Botan::OID oid_of() const override { return Botan::OID("2.5.29.17"); }

#if BOTAN_VERSION_MAJOR >= 3
    ExtensionPointer copy() const override
    {
        return std::make_unique<ServerNames>(m_names);
    }
#else
    ExtensionPointer copy() const override
    {
        return new ServerNames(m_names);
    }
    void contents_to(Botan::Data_Store &, Botan::Data_Store &) const override {}
#endif

private:
    std::string oid_name() const override
    {
        return "X509v3.SubjectAlternativeName";
    }
    void decode_inner(const std::vector<uint8_t> &) override {} // only ever written

    std::vector<uint8_t> encode_inner() const override
    {
        constexpr auto dnsName = static_cast<Tag>(2);
        constexpr auto ipAddress = static_cast<Tag>(7);
        std::vector<uint8_t> encoded;
        Botan::DER_Encoder encoder(encoded);
        encoder.start_cons(sequence, universal);
        for (const QString &name : m_names) {
            const QHostAddress address(name);
            if (address.isNull())
                encoder.add_object(dnsName, contextSpecific, name.toStdString());
            else
                encoder.add_object(ipAddress, contextSpecific, octetsOf(address));
        }
        encoder.end_cons();
        return encoded;
    }

    const QStringList m_names;
};

template<typename Extension, typename... Arguments>
void addExtension(Botan::Extensions &extensions, bool isCritical, const Arguments &...arguments)
{
    extensions.add(ExtensionPointer(new Extension(arguments...)), isCritical);
}

// Made without a request, since the library reads a request's names back and keeps what it knows.
Botan::X509_Certificate signedCertificate(const Botan::X509_Certificate &issuer,
                                          const Botan::Private_Key &authority,
                                          const Botan::Private_Key &key,
                                          const QStringList &names)
{
    namespace Extension = Botan::Cert_Extension;
    constexpr std::chrono::hours longest{24 * 397};
    const std::vector<uint8_t> publicKey = key.subject_public_key();
    Botan::Extensions extensions;
    addExtension<Extension::Basic_Constraints>(extensions, true, false);
    addExtension<Extension::Key_Usage>(extensions, true, Botan::Key_Constraints(digitalSignature));
    addExtension<Extension::Authority_Key_ID>(extensions, false, issuer.subject_key_id());
    addExtension<Extension::Subject_Key_ID>(extensions, false, publicKey, std::string(hash));
    addExtension<Extension::Extended_Key_Usage>(
        extensions, false, std::vector<Botan::OID>{Botan::OID("1.3.6.1.5.5.7.3.1")}); // a server
    addExtension<ServerNames>(extensions, false, names);
    Botan::X509_DN subject;
    subject.add_attribute("X520.CommonName", names.front().left(64).toStdString());
    const auto make = [&](auto &&signer, const Botan::AlgorithmIdentifier &algorithm) {
        return Botan::X509_CA::make_cert(signer,
                                         Botan::system_rng(),
                                         algorithm,
                                         publicKey,
                                         fromNow(-leeway),
                                         fromNow(longest),
                                         issuer.subject_dn(),
                                         subject,
                                         extensions);
    };
#if BOTAN_VERSION_MAJOR >= 3
    const auto signer =
        Botan::X509_Object::choose_sig_format(authority, Botan::system_rng(), hash, "");
    return make(*signer, signer->algorithm_identifier());
#else
    Botan::AlgorithmIdentifier algorithm;
    const auto signer =
        Botan::X509_Object::choose_sig_format(algorithm, authority, Botan::system_rng(), hash, "");
    return make(signer.get(), algorithm);
#endif
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
        const QByteArray &authorityKey = authority.key.reveal();
        Botan::DataSource_Memory keySource(bytesOf(authorityKey), sizeOf(authorityKey));
        Botan::DataSource_Memory certificateSource(bytesOf(authority.certificate),
                                                   sizeOf(authority.certificate));
        const auto signing = Botan::PKCS8::load_key(keySource);
        const Botan::X509_Certificate issuer(certificateSource);

        const Botan::ECDSA_PrivateKey key = newKey();
        const Botan::X509_Certificate certificate = signedCertificate(issuer, *signing, key, names);
        return CertifiedKey{.certificate = QByteArray::fromStdString(certificate.PEM_encode())
                                           + authority.certificate,
                            .key = pemOf(key)};
    });
}

} // namespace gatehouse::secrets
