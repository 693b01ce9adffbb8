#include "admin/upkeep/certificateservice.h"

#include "base/systemreason.h"
#include "secrets/localauthority.h"
#include "storage/repositories/metarepository.h"
#include "storage/repositories/sealingcontexts.h"

#include <QDir>
#include <QFile>
#include <QHostAddress>
#include <QHostInfo>
#include <QNetworkInterface>
#include <QSaveFile>
#include <QSslCertificate>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using secrets::CertifiedKey;
using storage::Database;
using storage::MetaRepository;

namespace {

constexpr qint64 renewedBefore = 30; // days

struct Place
{
    QString certificate{};
    QString key{};
};

Result<> write(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    const bool done = file.open(QIODevice::WriteOnly)
                      && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
                      && file.write(content) == content.size() && file.commit();
    if (done)
        return {};
    return fail(ErrorCode::Unavailable,
                Message::tr("%1 cannot be written.").arg(path),
                base::systemReason(file.errorString()).english());
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList namesOf(const QSslCertificate &certificate)
{
    QStringList names = certificate.subjectAlternativeNames().values();
    names.sort();
    return names;
}

Result<LocalCertificate> described(const QByteArray &authority, const QByteArray &server)
{
    const QSslCertificate own(server, QSsl::Pem);
    const QSslCertificate issuer(authority, QSsl::Pem);
    if (own.isNull() || issuer.isNull())
        return fail(ErrorCode::NotFound, Message::tr("No local certificate was made yet."));
    return LocalCertificate{.authorityPem = authority,
                            .authorityFingerprint = QString::fromLatin1(
                                issuer.digest(QCryptographicHash::Sha256).toHex(':').toUpper()),
                            .authorityExpires = issuer.expiryDate(),
                            .names = namesOf(own),
                            .expires = own.expiryDate()};
}

Result<CertifiedKey> storedAuthority(Database &database, const storage::KeySealer &sealer)
{
    const MetaRepository meta(database);
    const auto certificate = meta.find(storage::meta::localAuthority);
    const auto sealed = meta.find(storage::meta::sealedLocalAuthorityKey);
    if (!certificate)
        return fail(certificate.error());
    if (!sealed)
        return fail(sealed.error());
    if (!*certificate || !*sealed)
        return fail(ErrorCode::NotFound, Message::tr("No local certificate was made yet."));
    return sealer.open(**sealed, storage::localAuthorityContext).map([&](const base::Secret &key) {
        return CertifiedKey{.certificate = **certificate, .key = key};
    });
}

Result<CertifiedKey> authorityOf(Database &database, const storage::KeySealer &sealer)
{
    Result<CertifiedKey> stored = storedAuthority(database, sealer);
    if (stored || stored.error().code != ErrorCode::NotFound)
        return stored;
    Result<CertifiedKey> made =
        secrets::makeAuthority(u"Gatehouse (%1)"_s.arg(QHostInfo::localHostName()));
    if (!made)
        return made;
    const QByteArray sealed = sealer.seal(made->key, storage::localAuthorityContext);
    if (sealed.isEmpty())
        return fail(ErrorCode::Unavailable,
                    Message::tr("The key of the authority could not be sealed."));
    MetaRepository meta(database);
    return meta.save(storage::meta::localAuthority, made->certificate)
        .and_then([&] { return meta.save(storage::meta::sealedLocalAuthorityKey, sealed); })
        .map([&] { return *made; });
}

// A certificate writes an address in its own way and without a zone.
QString comparable(const QString &name)
{
    QHostAddress address(name);
    if (address.isNull())
        return name.toLower();
    address.setScopeId({});
    return address.toString();
}

bool isFit(const QByteArray &server, const QByteArray &authority, const QStringList &names)
{
    const QSslCertificate own(server, QSsl::Pem);
    if (own.isNull() || !server.endsWith(authority))
        return false;
    QStringList known = namesOf(own);
    std::transform(known.begin(), known.end(), known.begin(), comparable);
    const bool lacksName = std::any_of(names.cbegin(), names.cend(), [&](const QString &name) {
        return !known.contains(comparable(name));
    });
    return !lacksName && own.expiryDate() > QDateTime::currentDateTimeUtc().addDays(renewedBefore);
}

// Runs in the storage thread, since the authority is stored there; it takes a few milliseconds.
Result<LocalCertificate> ensured(Database &database,
                                 const storage::KeySealer &sealer,
                                 const Place &place,
                                 const QStringList &names)
{
    const Result<CertifiedKey> authority = authorityOf(database, sealer);
    if (!authority)
        return fail(authority.error());
    const QByteArray present = contentOf(place.certificate);
    if (QFile::exists(place.key) && isFit(present, authority->certificate, names))
        return described(authority->certificate, present);
    const Result<CertifiedKey> server = secrets::issueCertificate(*authority, names);
    if (!server)
        return fail(server.error());
    return write(place.key, server->key.reveal())
        .and_then([&] { return write(place.certificate, server->certificate); })
        .and_then([&] { return described(authority->certificate, server->certificate); });
}

} // namespace

CertificateService::CertificateService(const Foundation &foundation,
                                       QString directory,
                                       QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_directory(std::move(directory))
{}

QString CertificateService::certificatePath() const
{
    return m_directory + u"/local-certificate.pem"_s;
}

QString CertificateService::keyPath() const
{
    return m_directory + u"/local-certificate-key.pem"_s;
}

QStringList CertificateService::presentNames()
{
    const QString own = QHostInfo::localHostName().toLower();
    QStringList names;
    if (!own.isEmpty())
        names = {own, own + u".local"_s};
    for (const QHostAddress &address : QNetworkInterface::allAddresses()) {
        if (!address.isLoopback() && !address.isLinkLocal())
            names.append(address.toString());
    }
    return names;
}

Answer<LocalCertificate> CertificateService::current()
{
    return m_base.storage.read(
        [sealer = &m_base.sealer, path = certificatePath()](Database &database) {
            return storedAuthority(database, *sealer).and_then([&](const CertifiedKey &authority) {
                return described(authority.certificate, contentOf(path));
            });
        });
}

Answer<> CertificateService::exportAuthority(const QString &path)
{
    return m_base.storage.read([sealer = &m_base.sealer, path](Database &database) {
        return storedAuthority(database, *sealer)
            .and_then([&](const CertifiedKey &authority) -> Result<> {
                QSaveFile file(path);
                if (file.open(QIODevice::WriteOnly)
                    && file.write(authority.certificate) == authority.certificate.size()
                    && file.commit())
                    return {};
                return fail(ErrorCode::Unavailable,
                            Message::tr("%1 cannot be written: %2.")
                                .arg(path, base::systemReason(file.errorString())));
            });
    });
}

Answer<LocalCertificate> CertificateService::ensure(QStringList names)
{
    names = QStringList{u"localhost"_s, u"127.0.0.1"_s, u"::1"_s} + names;
    names.removeDuplicates();
    const Place place{.certificate = certificatePath(), .key = keyPath()};
    return m_base.storage.write([sealer = &m_base.sealer, names, place](Database &database) {
        return ensured(database, *sealer, place, names);
    });
}

} // namespace gatehouse::admin
