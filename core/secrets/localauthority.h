#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QStringList>

#include <chrono>

namespace gatehouse::secrets {

// A certificate, and the key that belongs to it: both PEM, the key in PKCS #8 without a passphrase.
struct CertifiedKey
{
    QByteArray certificate{};
    base::Secret key{};
};

// A certificate authority of one installation: elliptic curve P-256, valid for ten years from now.
// `name` is shown to whoever looks at it. Takes some milliseconds; may be called in any thread.
base::Result<CertifiedKey> makeAuthority(const QString &name);

// A certificate for a server with these host names and addresses. Valid for 397 days from now, the
// longest that clients take. The certificate of the authority follows it in `certificate`.
base::Result<CertifiedKey> issueCertificate(const CertifiedKey &authority,
                                            const QStringList &names);

} // namespace gatehouse::secrets
