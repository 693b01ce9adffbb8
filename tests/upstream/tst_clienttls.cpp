#include "support/fakeupstream.h"
#include "upstream/callfixture.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::support;
using namespace gatehouse::upstream;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// TLS: what is trusted, what is refused, and that nothing is sent before it is trusted.
class ClientTlsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void trustedProvidersAreCalled_data();
    void trustedProvidersAreCalled();
    void untrustedProvidersAreRefused_data();
    void untrustedProvidersAreRefused();
    void whateverCertificateWhereNoneIsVerified_data();
    void whateverCertificateWhereNoneIsVerified();
    void unverifiedConnectionsAreNotShared();
    void anUnreadableAuthorityFails();
    void aHandshakeThatStallsTimesOut();
    void plainTextWhereTlsIsExpected();
    void connectionsAreKept();
    void closedConnectionsAreReplacedSilently();
    void streamsLargeBodiesAndPauses();
    void largeUploads();
    void answersCutOffFail();
    void sessionsAreResumed();

private:
    std::shared_ptr<Endpoint> endpoint(quint16 port) const;

    std::unique_ptr<TestCertificates> m_certificates;
    TestIdentity m_trusted{};
};

void ClientTlsTest::initTestCase()
{
    m_certificates = std::make_unique<TestCertificates>();
    QVERIFY2(m_certificates->isValid(), "the openssl program is needed");
    m_trusted = m_certificates->trusted();
    QVERIFY(!m_trusted.certificate.isEmpty());
}

std::shared_ptr<Endpoint> ClientTlsTest::endpoint(quint16 port) const
{
    auto endpoint = std::make_shared<Endpoint>();
    endpoint->tls = true;
    endpoint->host = "localhost";
    endpoint->port = port;
    endpoint->certificateAuthority = m_certificates->authority();
    return endpoint;
}

void ClientTlsTest::trustedProvidersAreCalled_data()
{
    QTest::addColumn<QByteArray>("host");

    QTest::newRow("by name") << QByteArray("localhost");
    QTest::newRow("by address") << QByteArray("127.0.0.1");
}

void ClientTlsTest::trustedProvidersAreCalled()
{
    QFETCH(QByteArray, host);
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{\"a\":1}"); },
                          {.tls = m_trusted});
    CallFixture fixture;
    const auto target = endpoint(upstream.port());
    target->host = host;
    Recorder recorder;

    fixture.client.send(callTo(target, "/v1", "{}"), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), -1);
    QCOMPARE(recorder.body, QByteArray("{\"a\":1}"));
    QCOMPARE(upstream.lastRequest().target, QByteArray("/v1"));
    QCOMPARE(fixture.client.idleConnections(), 1);
}

void ClientTlsTest::untrustedProvidersAreRefused_data()
{
    QTest::addColumn<TestIdentity>("identity");
    QTest::addColumn<bool>("ownAuthority");
    QTest::addColumn<bool>("oldTls");
    QTest::addColumn<QString>("message");

    QTest::newRow("self-signed")
        << m_certificates->selfSigned() << false << false
        << u"The provider's certificate is self-signed and not trusted by this machine."_s;
    QTest::newRow("self-signed, with another authority of one's own")
        << m_certificates->selfSigned() << true << false
        << u"The provider's certificate is self-signed and not trusted by this machine."_s;
    QTest::newRow("unknown authority")
        << m_trusted << false << false
        << u"The provider's certificate was issued by an authority that is not trusted."_s;
    QTest::newRow("expired") << m_certificates->expired() << true << false
                             << u"The provider's certificate has expired."_s;
    QTest::newRow("other name") << m_certificates->otherName() << true << false
                                << u"The provider's certificate is for another host name."_s;
    QTest::newRow("TLS 1.1") << m_trusted << true << true
                             << u"The TLS handshake with the provider failed."_s;
}

void ClientTlsTest::untrustedProvidersAreRefused()
{
    QFETCH(TestIdentity, identity);
    QFETCH(bool, ownAuthority);
    QFETCH(bool, oldTls);
    QFETCH(QString, message);
    QVERIFY(!identity.certificate.isEmpty());
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.tls = identity, .isOldTls = oldTls});
    CallFixture fixture;
    const auto target = endpoint(upstream.port());
    if (!ownAuthority)
        target->certificateAuthority.clear();
    Recorder recorder;

    fixture.client.send(callTo(target, "/", "{\"key\":\"canary\"}"), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::Tls));
    QCOMPARE(recorder.failure->message.english(), message);
    QVERIFY(!recorder.failure->answered);
    QTRY_COMPARE(upstream.openConnections(), 0);
    QCOMPARE(upstream.requestCount(), 0);
}

void ClientTlsTest::whateverCertificateWhereNoneIsVerified_data()
{
    QTest::addColumn<TestIdentity>("identity");

    QTest::newRow("self-signed") << m_certificates->selfSigned();
    QTest::newRow("expired") << m_certificates->expired();
    QTest::newRow("other name") << m_certificates->otherName();
}

void ClientTlsTest::whateverCertificateWhereNoneIsVerified()
{
    QFETCH(TestIdentity, identity);
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.tls = identity});
    CallFixture fixture;
    const auto target = endpoint(upstream.port());
    target->verifyCertificate = false;
    Recorder recorder;

    fixture.client.send(callTo(target, "/", "{}"), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), -1);
    QCOMPARE(upstream.requestCount(), 1);
}

// A connection that nobody verified must not serve a channel that wants it verified.
void ClientTlsTest::unverifiedConnectionsAreNotShared()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.tls = m_certificates->selfSigned()});
    CallFixture fixture;
    const auto careless = endpoint(upstream.port());
    careless->verifyCertificate = false;
    Recorder first;
    fixture.client.send(callTo(careless, "/", "{}"), first);
    QTRY_VERIFY(first.hasEnded());
    QCOMPARE(fixture.client.idleConnections(), 1);
    Recorder second;

    fixture.client.send(callTo(endpoint(upstream.port()), "/", "{}"), second);

    QTRY_VERIFY(second.hasEnded());
    QCOMPARE(second.failureKind(), int(FailureKind::Tls));
    QCOMPARE(upstream.requestCount(), 1);
}

void ClientTlsTest::anUnreadableAuthorityFails()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.tls = m_trusted});
    CallFixture fixture;
    const auto target = endpoint(upstream.port());
    target->certificateAuthority = "no PEM";
    Recorder recorder;

    fixture.client.send(callTo(target), recorder);

    QVERIFY(!recorder.hasEnded());
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::Tls));
    QCOMPARE(upstream.connectionCount(), 0);
}

void ClientTlsTest::aHandshakeThatStallsTimesOut()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return Script().stall(); },
                          {.answerAt = FakeUpstream::AnswerAt::Connection});
    CallFixture fixture;
    Recorder recorder;
    fixture.client.send(callTo(endpoint(upstream.port())), recorder);
    QTRY_COMPARE(upstream.connectionCount(), 1);
    QTest::qWait(20);

    fixture.advance(9s);
    QVERIFY(!recorder.hasEnded());
    fixture.advance(1200ms);

    QCOMPARE(recorder.failureKind(), int(FailureKind::ConnectTimeout));
    QTRY_COMPARE(upstream.openConnections(), 0);
}

void ClientTlsTest::plainTextWhereTlsIsExpected()
{
    FakeUpstream upstream(
        [](const ReceivedRequest &) {
            return Script().send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        },
        {.answerAt = FakeUpstream::AnswerAt::Connection});
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(endpoint(upstream.port())), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::Tls));
}

void ClientTlsTest::connectionsAreKept()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.tls = m_trusted});
    CallFixture fixture;
    const auto target = endpoint(upstream.port());

    for (int i = 0; i < 20; ++i) {
        Recorder recorder;
        fixture.client.send(callTo(target, "/", "{}"), recorder);
        QTRY_COMPARE(recorder.completions, 1);
    }

    QCOMPARE(upstream.connectionCount(), 1);
}

void ClientTlsTest::closedConnectionsAreReplacedSilently()
{
    constexpr int rounds = 100;
    FakeUpstream upstream(
        [](const ReceivedRequest &request) { return jsonAnswer(200, request.target).close(); },
        {.tls = m_trusted});
    CallFixture fixture;
    const auto target = endpoint(upstream.port());
    std::vector<std::unique_ptr<Recorder>> recorders;
    int done = 0;
    QEventLoop loop;
    QTimer::singleShot(60s, &loop, &QEventLoop::quit);
    std::function<void()> next = [&] {
        recorders.push_back(std::make_unique<Recorder>());
        recorders.back()->onCompleted = [&] {
            if (++done < rounds)
                next();
            else
                loop.quit();
        };
        fixture.client.send(callTo(target, "/" + QByteArray::number(done)), *recorders.back());
    };

    next();
    loop.exec(); // QTRY_COMPARE would sleep between the rounds

    QCOMPARE(done, rounds);
    QCOMPARE(upstream.requestCount(), rounds);
}

void ClientTlsTest::streamsLargeBodiesAndPauses()
{
    QByteArray body;
    for (int i = 0; i < 400'000; ++i)
        body += QByteArray::number(i);
    FakeUpstream upstream(
        [body](const ReceivedRequest &request) {
            return request.target == "/close"
                       ? Script()
                             .send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)
                             .close()
                       : jsonAnswer(200, body);
        },
        {.tls = m_trusted});
    CallFixture fixture;

    for (const char *way : {"/length", "/close"}) {
        Recorder recorder;
        Stream *stream = fixture.client.send(callTo(endpoint(upstream.port()), way), recorder);
        int pauses = 0;
        recorder.onBatch = [&] {
            if (++pauses % 4 != 0)
                return;
            stream->pause();
            QTimer::singleShot(1, this, [&] {
                if (!recorder.hasEnded())
                    stream->resume();
            });
        };

        QTRY_VERIFY(recorder.hasEnded());
        QCOMPARE(recorder.failureKind(), -1);
        QVERIFY(recorder.body == body);
        QVERIFY(pauses >= 4);
    }
}

void ClientTlsTest::largeUploads()
{
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); },
                          {.tls = m_trusted});
    CallFixture fixture;
    QByteArray body;
    for (int i = 0; i < 800'000; ++i)
        body += QByteArray::number(i);
    Recorder recorder;

    fixture.client.send(callTo(endpoint(upstream.port()), "/", body), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), -1);
    QVERIFY(upstream.lastRequest().body == body);
    QCOMPARE(fixture.client.idleConnections(), 1);
}

void ClientTlsTest::answersCutOffFail()
{
    FakeUpstream upstream(
        [](const ReceivedRequest &) {
            return Script().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").close();
        },
        {.tls = m_trusted});
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(endpoint(upstream.port())), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::Closed));
    QVERIFY(recorder.failure->answered);
    QCOMPARE(recorder.body, QByteArray("abc"));
}

// Against the openssl program, whose page tells whether the handshake was a short one.
void ClientTlsTest::sessionsAreResumed()
{
    QTemporaryDir directory;
    const auto write = [&directory](const QString &name, const QByteArray &bytes) {
        QFile file(directory.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    };
    QVERIFY(write(u"certificate"_s, m_trusted.certificate));
    QVERIFY(write(u"key"_s, m_trusted.key));
    QProcess server;
    server.start(u"openssl"_s,
                 {u"s_server"_s,
                  u"-accept"_s,
                  u"127.0.0.1:0"_s,
                  u"-www"_s,
                  u"-cert"_s,
                  directory.filePath(u"certificate"_s),
                  u"-key"_s,
                  directory.filePath(u"key"_s)});
    QByteArray output;
    const auto hasPort = [&] {
        output += server.readAllStandardOutput();
        return output.mid(output.indexOf("ACCEPT")).contains('\n');
    };
    QTRY_VERIFY(hasPort());
    const qsizetype begin = output.indexOf(':', output.indexOf("ACCEPT")) + 1;
    const quint16 port =
        output.mid(begin, output.indexOf('\n', begin) - begin).trimmed().toUShort();
    QVERIFY(port != 0);
    CallFixture fixture;
    const auto target = endpoint(port);
    Recorder first;
    Recorder second;

    fixture.client.send(callTo(target), first);
    QTRY_VERIFY(first.hasEnded());
    fixture.client.send(callTo(target), second);
    QTRY_VERIFY(second.hasEnded());

    QCOMPARE(first.failureKind(), -1);
    QVERIFY(first.body.contains("New, TLSv1."));
    QVERIFY2(second.body.contains("Reused, TLSv1."), second.body.constData());
    server.kill();
    server.waitForFinished();
}

QTEST_GUILESS_MAIN(ClientTlsTest)
#include "tst_clienttls.moc"
