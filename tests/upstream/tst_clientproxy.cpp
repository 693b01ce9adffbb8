#include "support/fakeproxy.h"
#include "support/fakeupstream.h"
#include "upstream/callfixture.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::support;
using namespace gatehouse::upstream;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Kind = FakeProxy::Kind;

// Calls through SOCKS5 and HTTP proxies.
class ClientProxyTest : public QObject
{
    Q_OBJECT

private slots:
    void callsGoThroughTheProxy_data();
    void callsGoThroughTheProxy();
    void answersThatEndWithTheirConnection_data();
    void answersThatEndWithTheirConnection();
    void theProxyProvesTheConnection_data();
    void theProxyProvesTheConnection();
    void wrongPasswordsFail_data();
    void wrongPasswordsFail();
    void aProxyThatRefusesConnections();
    void aProxyThatSaysNothingTimesOut();
    void literalsAreJudged_data();
    void literalsAreJudged();

private:
    static std::shared_ptr<Endpoint> through(const FakeProxy &proxy, Kind kind, quint16 port);
};

std::shared_ptr<Endpoint> ClientProxyTest::through(const FakeProxy &proxy, Kind kind, quint16 port)
{
    const auto endpoint = plainEndpoint(port);
    endpoint->host = "provider.example";
    endpoint->proxyKind = kind == Kind::Http ? ProxyKind::Http : ProxyKind::Socks5;
    endpoint->proxyHost = "127.0.0.1";
    endpoint->proxyPort = proxy.serverPort();
    return endpoint;
}

void ClientProxyTest::callsGoThroughTheProxy_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("password");

    for (const Kind kind : {Kind::Socks5, Kind::Http}) {
        const char *name = kind == Kind::Http ? "HTTP" : "SOCKS5";
        QTest::addRow("%s, plain", name) << kind << false << false;
        QTest::addRow("%s, TLS", name) << kind << true << false;
        QTest::addRow("%s, with a password", name) << kind << false << true;
    }
}

void ClientProxyTest::callsGoThroughTheProxy()
{
    QFETCH(Kind, kind);
    QFETCH(bool, tls);
    QFETCH(bool, password);
    FakeUpstream::Options options;
    TestCertificates certificates;
    QVERIFY(certificates.isValid());
    if (tls)
        options.tls = certificates.otherName(); // for elsewhere.example
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{\"a\":1}"); },
                          options);
    FakeProxy proxy(kind, password ? "user" : "", password ? "pass word" : "");
    CallFixture fixture;
    fixture.client.setLookup(
        [](const QByteArray &, const HostAnswer &) { QFAIL("the proxy resolves the name"); });
    const auto endpoint = through(proxy, kind, upstream.port());
    endpoint->host = "elsewhere.example";
    endpoint->tls = tls;
    if (tls)
        endpoint->certificateAuthority = certificates.authority();
    endpoint->allowPrivateAddress = false;
    endpoint->proxyUser = password ? "user" : "";
    endpoint->proxyPassword = password ? "pass word" : "";

    for (int i = 0; i < 2; ++i) {
        Recorder recorder;
        fixture.client.send(callTo(endpoint, "/v1", "{}"), recorder);
        QTRY_VERIFY(recorder.hasEnded());
        QCOMPARE(recorder.failure ? recorder.failure->message.english() : QString(), QString());
        QCOMPARE(recorder.body, QByteArray("{\"a\":1}"));
    }

    QCOMPARE(upstream.lastRequest().target, QByteArray("/v1"));
    QCOMPARE(upstream.connectionCount(), 1);
    QCOMPARE(proxy.targets(),
             QByteArrayList({"name:elsewhere.example:" + QByteArray::number(upstream.port())}));
}

void ClientProxyTest::answersThatEndWithTheirConnection_data()
{
    wrongPasswordsFail_data();
}

void ClientProxyTest::answersThatEndWithTheirConnection()
{
    QFETCH(Kind, kind);
    FakeUpstream upstream([](const ReceivedRequest &) {
        return Script().send("HTTP/1.1 200 OK\r\n\r\n").send("to the end").close();
    });
    FakeProxy proxy(kind);
    CallFixture fixture;
    Recorder recorder;

    fixture.client.send(callTo(through(proxy, kind, upstream.port())), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failure ? recorder.failure->message.english() : QString(), QString());
    QCOMPARE(recorder.body, QByteArray("to the end"));
}

void ClientProxyTest::theProxyProvesTheConnection_data()
{
    wrongPasswordsFail_data();
}

void ClientProxyTest::theProxyProvesTheConnection()
{
    QFETCH(Kind, kind);
    FakeUpstream upstream([](const ReceivedRequest &) { return Script().stall(); });
    FakeProxy proxy(kind);
    CallFixture fixture;
    Recorder recorder;

    Stream *stream = fixture.client.send(callTo(through(proxy, kind, upstream.port())), recorder);

    QVERIFY(!stream->isProvenAlive());
    QTRY_COMPARE(upstream.requestCount(), 1);
    QVERIFY(stream->isProvenAlive());
    stream->abort();
}

void ClientProxyTest::wrongPasswordsFail_data()
{
    QTest::addColumn<Kind>("kind");

    QTest::newRow("SOCKS5") << Kind::Socks5;
    QTest::newRow("HTTP") << Kind::Http;
}

void ClientProxyTest::wrongPasswordsFail()
{
    QFETCH(Kind, kind);
    FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    FakeProxy proxy(kind, "user", "right");
    CallFixture fixture;
    const auto endpoint = through(proxy, kind, upstream.port());
    endpoint->proxyUser = "user";
    endpoint->proxyPassword = "wrong";
    Recorder recorder;

    fixture.client.send(callTo(endpoint), recorder);

    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::Proxy));
    QVERIFY(!recorder.failure->message.english().contains(u"wrong"_s));
    QCOMPARE(upstream.connectionCount(), 0);
}

void ClientProxyTest::aProxyThatRefusesConnections()
{
    FakeProxy proxy(Kind::Socks5);
    CallFixture fixture;
    for (const Kind kind : {Kind::Socks5, Kind::Http}) {
        const auto endpoint = through(proxy, kind, 80);
        endpoint->proxyPort = 1;
        Recorder recorder;

        fixture.client.send(callTo(endpoint), recorder);

        QTRY_VERIFY(recorder.hasEnded());
        QCOMPARE(recorder.failureKind(), int(FailureKind::Proxy));
    }
}

void ClientProxyTest::aProxyThatSaysNothingTimesOut()
{
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); },
                        {.answerAt = FakeUpstream::AnswerAt::Connection});
    CallFixture fixture;
    FakeProxy unused(Kind::Http);
    const auto endpoint = through(unused, Kind::Http, 80);
    endpoint->proxyPort = silent.port();
    Recorder recorder;
    fixture.client.send(callTo(endpoint), recorder);
    QTRY_COMPARE(silent.connectionCount(), 1);

    fixture.advance(11s);

    QCOMPARE(recorder.failureKind(), int(FailureKind::ConnectTimeout));
}

void ClientProxyTest::literalsAreJudged_data()
{
    QTest::addColumn<QByteArray>("host");

    QTest::newRow("metadata service") << QByteArray("169.254.169.254");
    QTest::newRow("loopback") << QByteArray("127.0.0.1");
    QTest::newRow("loopback in hexadecimal") << QByteArray("0x7f.1");
    QTest::newRow("localhost") << QByteArray("localhost");
    QTest::newRow("private IPv6") << QByteArray("fd00::1");
}

void ClientProxyTest::literalsAreJudged()
{
    QFETCH(QByteArray, host);
    FakeProxy proxy(Kind::Socks5);
    CallFixture fixture;
    const auto endpoint = through(proxy, Kind::Socks5, 80);
    endpoint->host = host;
    endpoint->allowPrivateAddress = false;
    Recorder recorder;

    fixture.client.send(callTo(endpoint), recorder);

    QVERIFY(!recorder.hasEnded());
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.failureKind(), int(FailureKind::ForbiddenAddress));
    QVERIFY(proxy.targets().isEmpty());
}

QTEST_GUILESS_MAIN(ClientProxyTest)
#include "tst_clientproxy.moc"
