#pragma once

#include "admin/foundation.h"

#include <QDateTime>
#include <QObject>
#include <QStringList>

namespace gatehouse::admin {

// The local authority and the certificate that it gave to this gateway.
struct LocalCertificate
{
    QByteArray authorityPem{};      // to be installed where clients run
    QString authorityFingerprint{}; // SHA-256, in pairs of hexadecimal digits
    QDateTime authorityExpires{};
    QStringList names{}; // host names and addresses that the server's certificate is for
    QDateTime expires{};
};

// HTTPS with a certificate authority of this installation alone. The authority's key is sealed in the
// database; the server's key lies in a file that its owner alone may read. Lives in the main thread.
class CertificateService : public QObject
{
    Q_OBJECT

public:
    // `directory` is the folder in which the server's certificate and key are laid down.
    CertificateService(const Foundation &foundation, QString directory, QObject *parent = nullptr);

    // What is there; NotFound: nothing was made yet.
    Answer<LocalCertificate> current();
    // Makes the authority if there is none, and a server certificate for `names` and localhost where
    // the present one is missing, lacks a name or expires within 30 days.
    Answer<LocalCertificate> ensure(QStringList names);
    // Writes the authority's certificate into a file, in PEM; one that is there is replaced.
    Answer<> exportAuthority(const QString &path);
    // The host names and addresses that this computer has now.
    static QStringList presentNames();

    QString certificatePath() const;
    QString keyPath() const;

private:
    const Foundation m_base;
    const QString m_directory;
};

} // namespace gatehouse::admin
