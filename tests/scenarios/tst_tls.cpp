#include "scenarios/gatewayharness.h"

#include <QFile>
#include <QNetworkInterface>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::chatChunk;
using support::chatDocument;
using support::chatStream;
using support::FakeUpstream;
using support::GatewayHarness;
using support::ReceivedRequest;
using support::TestClient;

static QByteArray chat(const QByteArray &members = {})
{
    return support::post("/v1/chat/completions", support::chatBody(members), support::testKey);
}

// The gateway's own TLS, with a certificate in PEM files.
class TlsScenario : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aDocumentAndTheNextOne();
    void aStream();
    void aLargeBody();
    void aClientThatDoesNotTrust();
    void plainHttpOfThisComputer();
    void plainHttpFromElsewhere();
    void aHandshakeThatStalls_data();
    void aHandshakeThatStalls();
    void idleTimeBeginsBehindTheHandshake();

private:
    gateway::GatewayOptions options() const
    {
        return {.tlsCertificate = m_directory.filePath(u"chain.pem"_s),
                .tlsKey = m_directory.filePath(u"key.pem"_s)};
    }
    std::unique_ptr<TestClient> connect(const GatewayHarness &gate) const
    {
        return std::make_unique<TestClient>(gate.port(), m_authority);
    }

    QTemporaryDir m_directory;
    QByteArray m_authority;
};

void TlsScenario::initTestCase()
{
    support::TestCertificates certificates;
    QVERIFY2(certificates.isValid(), "the openssl program is needed");
    m_authority = certificates.authority();
    const support::TestIdentity identity = certificates.trusted();
    QFile chain(options().tlsCertificate);
    QFile key(options().tlsKey);
    QVERIFY(chain.open(QIODevice::WriteOnly) && key.open(QIODevice::WriteOnly));
    chain.write(identity.certificate);
    key.write(identity.key);
}

void TlsScenario::aDocumentAndTheNextOne()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start(options());
    const auto client = connect(gate);

    client->send(chat() + chat());
    QTRY_COMPARE(client->replies().size(), size_t(2));
    QTRY_VERIFY(client->replies().back().isWhole);

    QVERIFY(client->isEncrypted());
    for (const support::Reply &reply : client->replies()) {
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, chatDocument());
    }
    QVERIFY(client->isOpen());
    QTRY_COMPARE(gate.rows().size(), size_t(2));
}

void TlsScenario::aStream()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return support::Script()
            .send(support::answerHead(
                200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))
            .send(support::chunk(chatChunk("one")))
            .pause(50ms)
            .send(support::chunk(chatStream(2).join()))
            .send(support::chunk({}));
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start(options());
    const auto client = connect(gate);

    client->send(chat(R"(,"stream":true,"stream_options":{"include_usage":true})"));
    // What there is comes at once.
    QTRY_COMPARE(client->reply().body, chatChunk("one"));
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().body, QByteArray(chatChunk("one") + chatStream(2).join()));
    QCOMPARE(client->reply().status, 200);
}

void TlsScenario::aLargeBody()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start(options());
    const auto client = connect(gate);
    const QByteArray padding(3 * 1024 * 1024, 'x');

    client->send(chat(R"(,"user":")" + padding + "\""));
    QTRY_VERIFY_WITH_TIMEOUT(client->isAnswered(), 20'000);

    QCOMPARE(client->reply().status, 200);
    QVERIFY(provider.lastRequest().body.contains(padding));
}

void TlsScenario::aClientThatDoesNotTrust()
{
    GatewayHarness gate;
    gate.start(options());
    TestClient client(gate.port(), QByteArray());

    client.send(chat());

    QTRY_VERIFY(client.isClosed());
    QVERIFY(client.received().isEmpty());
    QTRY_COMPARE(gate.connections(), 0);
}

void TlsScenario::plainHttpOfThisComputer()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start(options());
    QCOMPARE(gate.gateway().urls().value(0), u"http://127.0.0.1:%1"_s.arg(gate.port()));
    const auto plain = gate.connect();
    const auto secure = connect(gate);
    const QByteArray request = chat();

    // Its first byte comes alone, and two requests over the one connection.
    plain->send(request.first(1));
    QTRY_COMPARE(plain->unsent(), 0);
    QTest::qWait(20);
    plain->send(request.sliced(1));
    QTRY_VERIFY(plain->isAnswered());
    plain->send(request);
    secure->send(request);
    QTRY_COMPARE(plain->replies().size(), size_t(2));
    QTRY_VERIFY(plain->replies().back().isWhole && secure->isAnswered());

    QVERIFY(!plain->isEncrypted() && secure->isEncrypted());
    for (const support::Reply &reply : plain->replies()) {
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body, chatDocument());
    }
    QCOMPARE(secure->reply().status, 200);
    QVERIFY(plain->isOpen());
    plain->close();
    secure->close();
    QTRY_COMPARE(gate.connections(), 0);
}

void TlsScenario::plainHttpFromElsewhere()
{
    // Who connects to an address of the network comes from one, also from this computer.
    QHostAddress outer;
    for (const QHostAddress &each : QNetworkInterface::allAddresses()) {
        if (each.protocol() == QAbstractSocket::IPv4Protocol && !each.isLoopback()
            && !each.isLinkLocal())
            outer = each;
    }
    if (outer.isNull())
        QSKIP("this computer has no address in a network");
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gateway::GatewayOptions open = options();
    open.listen = {{.host = QHostAddress(QHostAddress::Any), .port = 0}};
    gate.start(open);
    TestClient other(gate.port(), outer);
    const auto local = gate.connect();

    other.send(chat());
    local->send(chat());

    QTRY_VERIFY(other.isClosed());
    QCOMPARE(other.reply().status, 400);
    QVERIFY(other.reply().body.contains("https_required"));
    TestClient another(gate.port(), outer);
    another.send(support::post("/v1/messages", support::chatBody(), support::testKey));
    QTRY_VERIFY(another.isClosed());
    QCOMPARE(another.reply().status, 400);
    // In the form that its programs read.
    QVERIFY(another.reply().body.contains("\"type\":\"error\""));
    QTRY_VERIFY(local->isAnswered());
    QCOMPARE(local->reply().status, 200);
    QCOMPARE(provider.requestCount(), 1);
}

void TlsScenario::aHandshakeThatStalls_data()
{
    QTest::addColumn<QByteArray>("beginning");

    QTest::newRow("a client that says nothing") << QByteArray();
    // The head of a record of which nothing follows.
    QTest::newRow("a client that stops in its hello") << QByteArray::fromHex("16030101fc0100");
}

void TlsScenario::aHandshakeThatStalls()
{
    QFETCH(QByteArray, beginning);
    GatewayHarness gate;
    gate.content.settings().http.tlsTimeout = 4s;
    gate.start(options());
    const auto client = gate.connect();
    client->send(beginning);
    QTRY_COMPARE(gate.connections(), 1);
    // A second one that is through shows that the first had its turn.
    const auto other = connect(gate);
    const auto another = connect(gate);
    QTRY_VERIFY(other->isEncrypted() && another->isEncrypted());

    gate.clock.advance(3900ms);
    QTest::qWait(0);
    QVERIFY(client->isOpen());
    gate.clock.advance(300ms);

    QTRY_VERIFY(client->isClosed());
    QVERIFY(other->isOpen());
    QTRY_COMPARE(gate.connections(), 2);
}

void TlsScenario::idleTimeBeginsBehindTheHandshake()
{
    GatewayHarness gate;
    gate.content.settings().http.tlsTimeout = 4s;
    gate.content.settings().http.idleTimeout = 60s;
    gate.start(options());
    const auto client = connect(gate);
    QTRY_VERIFY(client->isEncrypted());
    client->send("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: gate\r\n\r\n");
    QTRY_VERIFY(client->isAnswered());

    gate.clock.advance(50s);
    client->send("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: gate\r\n\r\n");
    QTRY_COMPARE(client->replies().size(), size_t(2));
    gate.clock.advance(61s);

    QTRY_VERIFY(client->isClosed());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TlsScenario)
#include "tst_tls.moc"
