#include "admin/upkeep/certificateservice.h"

#include "secrets/localauthority.h"
#include "support/administrationfixture.h"

#include <QFileInfo>
#include <QProcess>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using support::AdministrationFixture;

// HTTPS with an authority of one's own, as clients see it.
class CertificateServiceTest : public QObject
{
    Q_OBJECT

private:
    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void opensslTrustsTheChain();
    void clientsTrustTheNames_data();
    void clientsTrustTheNames();
    void isKeptUntilANameIsMissing();
    void addressesOfVersion6AreNamed();
};

void CertificateServiceTest::opensslTrustsTheChain()
{
    const QString openssl = QStandardPaths::findExecutable(u"openssl"_s);
    QVERIFY2(!openssl.isEmpty(), "the openssl program is needed");
    QTemporaryDir folder;
    const auto authority = secrets::makeAuthority(u"Test authority"_s);
    QVERIFY2(authority, authority ? "" : qPrintable(authority.error().detail));
    const auto server = secrets::issueCertificate(
        *authority, {u"gate.local"_s, u"localhost"_s, u"192.168.1.20"_s, u"fd00::20"_s});
    QVERIFY2(server, server ? "" : qPrintable(server.error().detail));
    for (const auto &[name, content] : {std::pair(u"ca.pem"_s, authority->certificate),
                                        std::pair(u"server.pem"_s, server->certificate)}) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    const auto verify = [&](const QStringList &arguments) {
        QProcess process;
        process.start(openssl,
                      QStringList{u"verify"_s,
                                  u"-x509_strict"_s,
                                  u"-purpose"_s,
                                  u"sslserver"_s,
                                  u"-CAfile"_s,
                                  folder.filePath(u"ca.pem"_s)}
                          + arguments + QStringList{folder.filePath(u"server.pem"_s)});
        if (!process.waitForFinished())
            return QByteArray("openssl did not end");
        return process.exitCode() == 0 ? QByteArray() : process.readAllStandardError();
    };
    QCOMPARE(verify({u"-verify_hostname"_s, u"gate.local"_s}), QByteArray());
    QCOMPARE(verify({u"-verify_hostname"_s, u"localhost"_s}), QByteArray());
    QCOMPARE(verify({u"-verify_ip"_s, u"192.168.1.20"_s}), QByteArray());
    QCOMPARE(verify({u"-verify_ip"_s, u"fd00::20"_s}), QByteArray());
    QVERIFY(!verify({u"-verify_ip"_s, u"fd00::21"_s}).isEmpty());
    QVERIFY(!verify({u"-verify_hostname"_s, u"example.com"_s}).isEmpty());
    QVERIFY(!secrets::issueCertificate({.certificate = "no", .key = base::Secret(u"no"_s)},
                                       {u"localhost"_s}));
    QVERIFY(!secrets::issueCertificate(*authority, {}));
}

void CertificateServiceTest::clientsTrustTheNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("trusted");

    QTest::newRow("localhost") << u"localhost"_s << true;
    QTest::newRow("the loopback address") << u"127.0.0.1"_s << true;
    QTest::newRow("the loopback address of IPv6") << u"::1"_s << true;
    QTest::newRow("an IPv6 address") << u"fd00::1"_s << true;
    QTest::newRow("a foreign IPv6 address") << u"fd00::2"_s << false;
    QTest::newRow("a name of the network") << u"gate.local"_s << true;
    QTest::newRow("a foreign name") << u"example.com"_s << false;
}

void CertificateServiceTest::clientsTrustTheNames()
{
    QFETCH(QString, name);
    QFETCH(bool, trusted);
    AdministrationFixture house;
    house.start();
    QTemporaryDir folder;
    CertificateService service(house.administration->foundation, folder.path());
    QCOMPARE(house.wait(service.current()).error().code, base::ErrorCode::NotFound);
    const auto made = house.wait(service.ensure({u"gate.local"_s, u"fd00::1"_s}));
    QVERIFY2(made, made ? "" : qPrintable(made.error().message.english() + made.error().detail));

    QSslConfiguration own;
    own.setLocalCertificateChain(QSslCertificate::fromPath(service.certificatePath()));
    own.setPrivateKey(QSslKey(contentOf(service.keyPath()), QSsl::Ec));
    QSslServer server;
    server.setSslConfiguration(own);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QSslSocket client;
    QSslConfiguration theirs;
    theirs.setCaCertificates({QSslCertificate(made->authorityPem)});
    client.setSslConfiguration(theirs);
    client.setPeerVerifyName(name);
    client.connectToHostEncrypted(u"127.0.0.1"_s, server.serverPort(), name);

    if (trusted)
        QTRY_VERIFY(client.isEncrypted());
    else
        QTRY_VERIFY(!client.sslHandshakeErrors().isEmpty());
}

void CertificateServiceTest::isKeptUntilANameIsMissing()
{
    AdministrationFixture house;
    house.start();
    QTemporaryDir folder;
    CertificateService service(house.administration->foundation, folder.path());
    const auto first = house.wait(service.ensure({u"one.local"_s}));
    QVERIFY(first);
    const QByteArray certificate = contentOf(service.certificatePath());
    QCOMPARE(QFileInfo(service.keyPath()).permissions() & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());

    const auto same = house.wait(service.ensure({u"one.local"_s}));
    QCOMPARE(contentOf(service.certificatePath()), certificate);
    const auto other = house.wait(service.ensure({u"one.local"_s, u"two.local"_s}));

    QVERIFY(contentOf(service.certificatePath()) != certificate);
    QVERIFY(other->names.contains(u"two.local"_s));
    QCOMPARE(other->authorityFingerprint, first->authorityFingerprint);
    QCOMPARE(house.wait(service.current())->authorityPem, first->authorityPem);
    QVERIFY(first->authorityExpires > QDateTime::currentDateTimeUtc().addYears(9));
    QVERIFY(other->expires < QDateTime::currentDateTimeUtc().addDays(398));
}

void CertificateServiceTest::addressesOfVersion6AreNamed()
{
    AdministrationFixture house;
    house.start();
    QTemporaryDir folder;
    CertificateService service(house.administration->foundation, folder.path());
    QVERIFY(house.wait(service.ensure({u"one.local"_s})));
    const QByteArray without = contentOf(service.certificatePath());

    const auto made = house.wait(service.ensure({u"one.local"_s, u"fd00::2"_s}));
    const QByteArray with = contentOf(service.certificatePath());

    QVERIFY(made);
    QVERIFY(with != without);
    const auto names = QSslCertificate(with).subjectAlternativeNames();
    QVERIFY(names.contains(QSsl::IpAddressEntry, u"127.0.0.1"_s));
    QVERIFY(std::any_of(names.cbegin(), names.cend(), [](const QString &name) {
        return QHostAddress(name) == QHostAddress(u"fd00::2"_s);
    }));
    // However the address is written, it is there now.
    QVERIFY(house.wait(service.ensure({u"ONE.local"_s, u"FD00:0:0:0:0:0:0:2"_s})));
    QCOMPARE(contentOf(service.certificatePath()), with);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::CertificateServiceTest)
#include "tst_certificateservice.moc"
