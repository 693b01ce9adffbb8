#pragma once

#include <QByteArray>
#include <QTemporaryDir>

namespace gatehouse::support {

// A certificate and its private key, both PEM.
struct TestIdentity
{
    QByteArray certificate{};
    QByteArray key{};
};

// Certificates of servers for one run of a test, made by the openssl program. Making them takes
// some tens of milliseconds each.
class TestCertificates
{
public:
    TestCertificates();

    // False: the openssl program is missing or failed.
    bool isValid() const { return !m_authority.certificate.isEmpty(); }
    // PEM of the authority that issued the certificates below.
    QByteArray authority() const { return m_authority.certificate; }
    // For "localhost" and 127.0.0.1.
    TestIdentity trusted();
    // The same, but it expired yesterday.
    TestIdentity expired();
    // For "elsewhere.example" alone.
    TestIdentity otherName();
    // For "localhost", issued by itself.
    TestIdentity selfSigned();

private:
    TestIdentity makeSelfSigned(const QByteArray &name, const QByteArray &subject);
    TestIdentity issue(const QByteArray &name, const QByteArray &alternativeNames, int days);
    bool run(const QStringList &arguments) const;
    QString path(const QByteArray &file) const;
    QByteArray contents(const QByteArray &file) const;

    QTemporaryDir m_directory;
    TestIdentity m_authority{};
};

} // namespace gatehouse::support
