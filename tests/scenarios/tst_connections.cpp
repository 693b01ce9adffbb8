#include "scenarios/gatewayharness.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Reply;
using support::Script;
using support::TestClient;

static QByteArray chatRequest(const QByteArray &members = {})
{
    return support::post("/v1/chat/completions", support::chatBody(members), support::testKey);
}

// Clients' connections: pipelining, time limits, slow readers, and how many there may be.
class ConnectionsScenario : public QObject
{
    Q_OBJECT

private slots:
    void pipelined();
    void nothingIsServedBehindARefusedMessage();
    void aPolicyRefusalKeepsTheConnection();
    void continueIsSaid();
    void aSlowHeadIsEnded();
    void aSlowBodyIsEnded_data();
    void aSlowBodyIsEnded();
    void anIdleConnectionIsEnded();
    void aPauseIsNobodysSilence();
    void aClientThatReadsNothingIsCut();
    void aSlowReaderGetsAll();
    void theCeiling();
    void unknownPaths_data();
    void unknownPaths();
    void tooManyUnknownPaths();
};

void ConnectionsScenario::pipelined()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        return jsonAnswer(200, "{\"choices\":[],\"n\":\"" + request.body.right(8).toHex() + "\"}");
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();
    QByteArray requests;
    for (int i = 0; i < 30; ++i)
        requests += chatRequest(R"(,"user":")" + QByteArray::number(100'000 + i) + "\"");

    client->send(requests);
    QTRY_COMPARE(client->replies().size(), size_t(30));
    QTRY_VERIFY(client->replies().back().isWhole);

    // In their order.
    const std::vector<Reply> replies = client->replies();
    for (int i = 0; i < 30; ++i) {
        const QByteArray tail = QByteArray(QByteArray::number(100'000 + i) + "\"}").toHex();
        QCOMPARE(replies[size_t(i)].status, 200);
        QVERIFY(replies[size_t(i)].body.contains(tail));
    }
    QVERIFY(client->isOpen());
}

void ConnectionsScenario::nothingIsServedBehindARefusedMessage()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();

    client->send("POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nContent-Length: 5\r\n"
                 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                 + chatRequest());
    QTRY_VERIFY(client->isAnswered());
    QTRY_VERIFY(client->isClosed());

    QCOMPARE(client->replies().size(), size_t(1));
    QCOMPARE(client->reply().status, 400);
    QCOMPARE(provider.requestCount(), 0);
}

void ConnectionsScenario::aPolicyRefusalKeepsTheConnection()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();

    client->send(support::post("/v1/chat/completions", support::chatBody(), "wrong"));
    client->send(support::post("/v1/nothing", support::chatBody(), support::testKey));
    client->send(support::post(
        "/v1/chat/completions", R"({"model":"unknown","messages":[]})", support::testKey));
    client->send(support::post("/v1/chat/completions", "not JSON", support::testKey));
    client->send(chatRequest());
    QTRY_COMPARE(client->replies().size(), size_t(5));
    QTRY_VERIFY(client->replies().back().isWhole);

    const std::vector<Reply> replies = client->replies();
    const int expected[] = {401, 404, 404, 400, 200};
    for (size_t i = 0; i < 5; ++i)
        QCOMPARE(replies[i].status, expected[i]);
    QCOMPARE(replies[0].header("WWW-Authenticate"), QByteArray("Bearer"));
    QVERIFY(client->isOpen());
}

void ConnectionsScenario::continueIsSaid()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();
    const QByteArray request = support::post(
        "/v1/chat/completions", support::chatBody(), support::testKey, {"Expect: 100-continue"});
    const qsizetype headEnd = request.indexOf("\r\n\r\n") + 4;

    client->send(request.first(headEnd));
    QTRY_COMPARE(client->received(), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
    client->send(request.sliced(headEnd));
    QTRY_COMPARE(client->replies().size(), size_t(2));
    QTRY_VERIFY(client->replies().back().isWhole);

    QCOMPARE(client->replies().back().status, 200);
}

void ConnectionsScenario::aSlowHeadIsEnded()
{
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    // A byte every second, which no limit on single reads would notice.
    for (int i = 0; i < 9; ++i) {
        client->send("P");
        QTest::qWait(120);
        QVERIFY(client->isOpen());
        gate.clock.advance(1s);
    }
    gate.clock.advance(2s);
    QTRY_VERIFY(client->isClosed());

    QCOMPARE(client->reply().status, 408);
    QVERIFY(client->isAnswered());
}

void ConnectionsScenario::aSlowBodyIsEnded_data()
{
    QTest::addColumn<int>("bytesPerSecond");
    QTest::addColumn<bool>("isEnded");

    QTest::newRow("next to nothing") << 1 << true;
    QTest::newRow("twice the least rate") << 2'000 << false;
}

void ConnectionsScenario::aSlowBodyIsEnded()
{
    QFETCH(int, bytesPerSecond);
    QFETCH(bool, isEnded);
    GatewayHarness gate;
    gate.content.settings().http.bodyTimeout = 2s;
    gate.content.settings().http.minBytesPerSecond = 1'000;
    gate.start();
    const auto client = gate.connect();
    client->send("POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nx-api-key: "
                 + support::testKey + "\r\nContent-Length: 1000000\r\n\r\n");
    QTRY_COMPARE(gate.connections(), 1);

    for (int second = 0; second < 8 && !client->isClosed(); ++second) {
        client->send(QByteArray(bytesPerSecond, 'x'));
        QTest::qWait(150);
        gate.clock.advance(1s);
    }
    QTest::qWait(200);

    QCOMPARE(client->reply().status, isEnded ? 408 : 0);
    QCOMPARE(client->isClosed(), isEnded);
}

void ConnectionsScenario::anIdleConnectionIsEnded()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto silent = gate.connect();
    const auto used = gate.chat();
    QTRY_VERIFY(used->isAnswered());
    QTRY_COMPARE(gate.connections(), 2);

    gate.clock.advance(74s);
    QTest::qWait(250);
    QVERIFY(silent->isOpen() && used->isOpen());
    gate.clock.advance(2s);

    QTRY_VERIFY(silent->isClosed() && used->isClosed());
    QVERIFY(silent->received().isEmpty());
    QTRY_COMPARE(gate.connections(), 0);
}

void ConnectionsScenario::aPauseIsNobodysSilence()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        if (!request.body.contains("stream"))
            return jsonAnswer(200, chatDocument());
        return Script()
            .send(support::answerHead(200, {"Content-Type: text/event-stream"}))
            .send(support::chatChunk("one"))
            .stall();
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.settings().relay.stallTimeout = 60s;
    gate.content.settings().relay.breakerFailures = 1;
    gate.content.settings().http.bodyTimeout = 60s;
    gate.takeLeapsForPauses();
    gate.start({.threads = 1});
    const auto stream = gate.chat(R"(,"stream":true)");
    QTRY_COMPARE(stream->reply().body, support::chatChunk("one"));
    const QByteArray request = chatRequest();
    const auto sending = gate.connect();
    sending->send(request.chopped(1));
    const auto silent = gate.connect();
    QTRY_COMPARE(gate.connections(), 3);
    QTest::qWait(300);

    // Nobody could send anything in it: all machines stood still.
    gate.clock.advance(3h);
    const auto late = gate.connect();
    late->send("P");
    QTRY_COMPARE(gate.connections(), 4);
    QTest::qWait(500);
    // This is none, so soon after the other one: who is silent in it is given up.
    gate.clock.advance(11s);
    QTRY_VERIFY(late->isClosed());

    QCOMPARE(late->reply().status, 408);
    QVERIFY(silent->isOpen());
    QVERIFY(stream->isOpen());
    QVERIFY(!stream->reply().body.contains("\"error\""));
    sending->send(request.last(1));
    QTRY_VERIFY(sending->isAnswered());
    QCOMPARE(sending->reply().status, 200);
    gate.clock.advance(60s);
    QTRY_VERIFY(stream->reply().body.contains("\"error\""));
}

void ConnectionsScenario::aClientThatReadsNothingIsCut()
{
    const QByteArray event = support::chatChunk(QByteArray(10'000, 'x'));
    FakeUpstream provider([event](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))
            .repeat(support::chunk(event));
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPrice("small", 2, 2);
    gate.start();
    const auto client = gate.connect();
    client->stopReading();
    client->send(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(provider.sentBytes() > 100'000);
    // The provider is stopped: it can send no more.
    int roundsWithoutBytes = 0;
    for (int round = 0; round < 300 && roundsWithoutBytes < 3; ++round) {
        const qint64 before = provider.sentBytes();
        QTest::qWait(100);
        roundsWithoutBytes = provider.sentBytes() == before ? roundsWithoutBytes + 1 : 0;
    }
    QCOMPARE(roundsWithoutBytes, 3);

    gate.clock.advance(61s);
    QTRY_COMPARE(provider.openConnections(), 0);

    QTRY_COMPARE(gate.connections(), 0);
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().front().end, domain::EndReason::ClientGone);
    QVERIFY(gate.rows().front().charge.units > 10'000);
}

void ConnectionsScenario::aSlowReaderGetsAll()
{
    const QByteArray answer = "{\"data\":[\"" + QByteArray(12'000'000, 'v') + "\"]}";
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();
    client->stopReading();
    client->send(support::post("/v1/embeddings",
                               R"({"model":"small","input":"a"})",
                               support::testKey,
                               {"Connection: close"}));
    QTRY_COMPARE(provider.requestCount(), 1);
    QTest::qWait(300);

    client->readOn();
    QTRY_VERIFY_WITH_TIMEOUT(client->isClosed(), 20'000);

    QVERIFY(client->isAnswered());
    QVERIFY(client->reply().body == answer);
}

void ConnectionsScenario::theCeiling()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start({.maxConnections = 10});
    std::vector<std::unique_ptr<TestClient>> busy;
    for (int i = 0; i < 8; ++i)
        busy.push_back(gate.chat());
    QTRY_COMPARE(provider.requestCount(), 8);

    // Idle ones make room for those that come; the busy ones stay.
    std::vector<std::unique_ptr<TestClient>> more;
    for (int i = 0; i < 20; ++i)
        more.push_back(gate.connect());
    for (int i = 0; i < 30; ++i) {
        gate.clock.advance(100ms);
        QTest::qWait(10);
        QVERIFY2(gate.connections() <= 10, QByteArray::number(gate.connections()).constData());
    }
    const auto last = gate.connect();
    last->send("GET /v1/models HTTP/1.1\r\nHost: gate\r\nx-api-key: " + support::testKey
               + "\r\n\r\n");
    for (int i = 0; i < 200 && !last->isAnswered(); ++i) {
        gate.clock.advance(200ms);
        QTest::qWait(20);
    }

    QCOMPARE(last->reply().status, 200);
    for (const auto &client : busy)
        QVERIFY(client->isOpen());
    QVERIFY(gate.connections() <= 10);
    for (const auto &client : busy)
        client->reset();
    for (const auto &client : more)
        client->reset();
    QTRY_VERIFY(gate.connections() <= 1);
    const auto again = gate.connect();
    again->send("GET /v1/models HTTP/1.1\r\nHost: gate\r\nx-api-key: " + support::testKey
                + "\r\n\r\n");
    QTRY_VERIFY(again->isAnswered());
}

void ConnectionsScenario::unknownPaths_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");

    QTest::newRow("unknown") << QByteArray("GET /v1/unknown") << 404;
    QTest::newRow("with another method") << QByteArray("GET /v1/chat/completions") << 405;
    QTest::newRow("not offered") << QByteArray("POST /v1/files") << 501;
    QTest::newRow("without a key") << QByteArray("GET /v1/models") << 401;
    QTest::newRow("what may be done") << QByteArray("OPTIONS /v1/chat/completions") << 204;
}

void ConnectionsScenario::unknownPaths()
{
    QFETCH(QByteArray, request);
    GatewayHarness gate;
    gate.start();
    const auto client = gate.connect();

    client->send(request + " HTTP/1.1\r\nHost: gate\r\n\r\n");
    QTRY_VERIFY(client->isAnswered());

    QTEST(client->reply().status, "status");
    QVERIFY(client->isOpen());
    // No web page may read an answer.
    QVERIFY(!client->received().toLower().contains("access-control-"));
}

void ConnectionsScenario::tooManyUnknownPaths()
{
    GatewayHarness gate;
    gate.content.settings().http.webRequestsPerThreeMinutes = 3;
    gate.start();
    const auto client = gate.connect();

    for (int i = 0; i < 5; ++i)
        client->send("GET /index.html HTTP/1.1\r\nHost: gate\r\n\r\n");
    client->send("OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: gate\r\n\r\n");
    QTRY_COMPARE(client->replies().size(), size_t(6));

    const std::vector<Reply> replies = client->replies();
    QCOMPARE(replies[2].status, 404);
    QCOMPARE(replies[3].status, 429);
    QCOMPARE(replies[4].status, 429);
    const int wait = replies[4].header("Retry-After").toInt();
    QVERIFY2(wait > 0 && wait <= 181, replies[4].head.constData());
    QCOMPARE(replies[5].status, 204); // what the relay serves is not counted
    gate.clock.advance(6min);
    const auto later = gate.connect();
    later->send("GET /index.html HTTP/1.1\r\nHost: gate\r\n\r\n");
    QTRY_VERIFY(later->isAnswered());
    QCOMPARE(later->reply().status, 404);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::ConnectionsScenario)
#include "tst_connections.moc"
