#include "support/fakeupstream.h"
#include "upstream/callfixture.h"
#include "upstream/trustedauthorities.h"

#include <QDir>
#include <QFile>
#include <QSslConfiguration>
#include <QTemporaryDir>
#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::support;
using namespace gatehouse::upstream;
using namespace Qt::StringLiterals;

// The authorities that the environment names.
class TrustedAuthoritiesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void areTrusted_data();
    void areTrusted();
    void theFileStandsBesideTheSystems();
    void theDirectoryReplacesTheSystems();
    void whatCannotBeReadIsTold_data();
    void whatCannotBeReadIsTold();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }

    std::unique_ptr<TestCertificates> m_certificates;
    std::unique_ptr<QTemporaryDir> m_folder;
    QSslConfiguration m_former;
};

void TrustedAuthoritiesTest::initTestCase()
{
    m_certificates = std::make_unique<TestCertificates>();
    QVERIFY2(m_certificates->isValid(), "the openssl program is needed");
}

void TrustedAuthoritiesTest::init()
{
    m_former = QSslConfiguration::defaultConfiguration();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(u"certs"_s));
    for (const QString &name : {u"ca.pem"_s, u"certs/ca.pem"_s, u"certs/again.0"_s}) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(m_certificates->authority());
    }
    QFile nonsense(path(u"certs/README"_s));
    QVERIFY(nonsense.open(QIODevice::WriteOnly));
    nonsense.write("no certificate");
}

void TrustedAuthoritiesTest::cleanup()
{
    QSslConfiguration::setDefaultConfiguration(m_former);
}

void TrustedAuthoritiesTest::areTrusted_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isTrusted");

    QTest::newRow("a file") << u"SSL_CERT_FILE"_s << u"ca.pem"_s << true;
    QTest::newRow("a directory") << u"SSL_CERT_DIR"_s << u"certs"_s << true;
    QTest::newRow("neither") << u"OTHER"_s << u"ca.pem"_s << false;
}

void TrustedAuthoritiesTest::areTrusted()
{
    QFETCH(QString, variable);
    QFETCH(QString, name);
    QFETCH(bool, isTrusted);
    FakeUpstream::Options options;
    options.tls = m_certificates->trusted();
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); }, options);
    const auto endpoint = std::make_shared<Endpoint>();
    endpoint->host = "localhost";
    endpoint->port = provider.port();
    CallFixture fixture;
    Recorder recorder;

    const QStringList problems = trustAuthoritiesOf({{variable, path(name)}});
    fixture.client.send(callTo(endpoint), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(problems, QStringList());
    QCOMPARE(!recorder.failure.has_value(), isTrusted);
}

void TrustedAuthoritiesTest::theFileStandsBesideTheSystems()
{
    const auto authorities = authoritiesFrom({{u"SSL_CERT_FILE"_s, path(u"ca.pem"_s)}});

    QVERIFY(authorities);
    const QList<QSslCertificate> systems = QSslConfiguration::systemCaCertificates();
    QVERIFY(authorities->size() <= systems.size() + 1);
    QVERIFY(std::all_of(systems.cbegin(), systems.cend(), [&](const QSslCertificate &one) {
        return authorities->contains(one);
    }));
}

void TrustedAuthoritiesTest::theDirectoryReplacesTheSystems()
{
    const auto authorities = authoritiesFrom(
        {{u"SSL_CERT_DIR"_s, path(u"none"_s) + QDir::listSeparator() + path(u"certs"_s)},
         {u"SSL_CERT_FILE"_s, path(u"ca.pem"_s)}});

    QVERIFY(authorities);
    QCOMPARE(authorities->size(), 1); // each once
}

void TrustedAuthoritiesTest::whatCannotBeReadIsTold_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("name");

    QTest::newRow("no such file") << u"SSL_CERT_FILE"_s << u"other.pem"_s;
    QTest::newRow("no certificate") << u"SSL_CERT_FILE"_s << u"certs/README"_s;
    QTest::newRow("a directory for a file") << u"SSL_CERT_FILE"_s << u"certs"_s;
    QTest::newRow("no such directory") << u"SSL_CERT_DIR"_s << u"other"_s;
}

void TrustedAuthoritiesTest::whatCannotBeReadIsTold()
{
    QFETCH(QString, variable);
    QFETCH(QString, name);
    QStringList problems;

    const auto authorities = authoritiesFrom({{variable, path(name)}}, &problems);

    QVERIFY(!authorities);
    QCOMPARE(problems.size(), 1);
    QVERIFY(problems.front().startsWith(variable + u": "_s));
}

QTEST_GUILESS_MAIN(TrustedAuthoritiesTest)
#include "tst_trustedauthorities.moc"
