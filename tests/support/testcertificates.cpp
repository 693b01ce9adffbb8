#include "support/testcertificates.h"

#include <QFile>
#include <QProcess>

using namespace Qt::StringLiterals;

namespace gatehouse::support {

namespace {

const QStringList newKey{
    u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s, u"-nodes"_s};

} // namespace

TestCertificates::TestCertificates()
    : m_authority(makeSelfSigned("authority", "/CN=Test Authority"))
{}

TestIdentity TestCertificates::trusted()
{
    return issue("trusted", "DNS:localhost,IP:127.0.0.1", 30);
}

TestIdentity TestCertificates::expired()
{
    return issue("expired", "DNS:localhost,IP:127.0.0.1", -1);
}

TestIdentity TestCertificates::otherName()
{
    return issue("othername", "DNS:elsewhere.example", 30);
}

TestIdentity TestCertificates::selfSigned()
{
    return makeSelfSigned("selfsigned", "/CN=localhost");
}

TestIdentity TestCertificates::makeSelfSigned(const QByteArray &name, const QByteArray &subject)
{
    const bool made = run(QStringList{u"req"_s, u"-x509"_s} + newKey
                          + QStringList{u"-keyout"_s,
                                        path(name + ".key"),
                                        u"-out"_s,
                                        path(name + ".pem"),
                                        u"-days"_s,
                                        u"30"_s,
                                        u"-subj"_s,
                                        QString::fromLatin1(subject)});
    return made ? TestIdentity{contents(name + ".pem"), contents(name + ".key")} : TestIdentity{};
}

TestIdentity
TestCertificates::issue(const QByteArray &name, const QByteArray &alternativeNames, int days)
{
    QFile extensions(path(name + ".ext"));
    if (!extensions.open(QIODevice::WriteOnly))
        return {};
    extensions.write("subjectAltName=" + alternativeNames + "\n");
    extensions.close();
    const bool made = run(QStringList{u"req"_s} + newKey
                          + QStringList{u"-keyout"_s,
                                        path(name + ".key"),
                                        u"-out"_s,
                                        path(name + ".csr"),
                                        u"-subj"_s,
                                        u"/CN=Test Provider"_s})
                      && run({u"x509"_s,
                              u"-req"_s,
                              u"-in"_s,
                              path(name + ".csr"),
                              u"-CA"_s,
                              path("authority.pem"),
                              u"-CAkey"_s,
                              path("authority.key"),
                              u"-CAcreateserial"_s,
                              u"-days"_s,
                              QString::number(days),
                              u"-extfile"_s,
                              extensions.fileName(),
                              u"-out"_s,
                              path(name + ".pem")});
    return made ? TestIdentity{contents(name + ".pem"), contents(name + ".key")} : TestIdentity{};
}

bool TestCertificates::run(const QStringList &arguments) const
{
    QProcess process;
    process.start(u"openssl"_s, arguments);
    return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit
           && process.exitCode() == 0;
}

QString TestCertificates::path(const QByteArray &file) const
{
    return m_directory.filePath(QString::fromLatin1(file));
}

QByteArray TestCertificates::contents(const QByteArray &file) const
{
    QFile opened(path(file));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

} // namespace gatehouse::support
