#include "scenarios/gatewayharness.h"

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
using support::Reply;
using support::Script;

// Streams and documents from socket to socket.
class StreamingScenario : public QObject
{
    Q_OBJECT

private slots:
    void eventByEvent();
    void byteForByte_data();
    void byteForByte();
    void anArrayObjectByObject_data();
    void anArrayObjectByObject();
    void anArrayThatIsSilent();
    void toAnOldClient();
    void manyAtOnce();
    void theModelsOfAToken();
    void theDefaultModel_data();
    void theDefaultModel();
    void theDefaultModelOfAnotherToken();
};

void StreamingScenario::eventByEvent()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))
            .send(support::chunk(chatChunk("one")))
            .stall();
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();

    const auto client = gate.chat(R"(,"stream":true)");

    // The first event is there although nothing follows it.
    QTRY_COMPARE(client->reply().body, chatChunk("one"));
    QCOMPARE(client->reply().status, 200);
    QCOMPARE(client->reply().header("Content-Type"), QByteArray("text/event-stream"));
    QCOMPARE(client->reply().header("X-Request-Id").size(), 26);
    QVERIFY(!client->isAnswered());
    gate.clock.advance(16s);
    QTRY_VERIFY(client->reply().body.size() > chatChunk("one").size());
    QVERIFY(client->reply().body.endsWith("\n\n"));
    client->close();
    QTRY_COMPARE(provider.openConnections(), 0);
}

void StreamingScenario::byteForByte_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("byteByByte");

    QTest::newRow("a document") << false << false;
    QTest::newRow("a document, byte by byte") << false << true;
    QTest::newRow("a stream") << true << false;
    QTest::newRow("a stream, byte by byte") << true << true;
}

void StreamingScenario::byteForByte()
{
    QFETCH(bool, stream);
    QFETCH(bool, byteByByte);
    const QByteArray body = stream ? chatStream(5).join() : chatDocument();
    FakeUpstream provider([&](const ReceivedRequest &) {
        const QByteArray head = support::answerHead(
            200,
            {QByteArray("Content-Type: ") + (stream ? "text/event-stream" : "application/json"),
             "Content-Length: " + QByteArray::number(body.size())});
        return byteByByte ? Script().dribble(head + body) : Script().send(head + body);
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const QByteArray members =
        stream ? R"(,"stream":true,"stream_options":{"include_usage":true})" : "";
    const QByteArray request =
        support::post("/v1/chat/completions", support::chatBody(members), support::testKey);

    const auto client = gate.connect();
    if (byteByByte) {
        for (const char byte : request)
            client->send(QByteArray(1, byte));
    } else {
        client->send(request);
    }
    QTRY_VERIFY_WITH_TIMEOUT(client->isAnswered(), 20'000);

    QCOMPARE(client->reply().status, 200);
    QCOMPARE(client->reply().body, body);
    QCOMPARE(provider.lastRequest().body, support::chatBody(members));
    QCOMPARE(gate.rows().size(), size_t(1));
    const domain::UsageRecord row = gate.rows().front();
    QCOMPARE(row.requestId, client->reply().header("X-Request-Id"));
    QCOMPARE(row.usage.input, 10);
    QCOMPARE(row.usage.output, 5);
    QCOMPARE(row.end, domain::EndReason::Completed);
}

// What Google answers where the query does not ask for events.
void StreamingScenario::anArrayObjectByObject_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<bool>("isKeptAlive");

    QTest::newRow("without a query") << QByteArray() << true;
    QTest::newRow("to an old client") << QByteArray("?alt=json") << false;
}

void StreamingScenario::anArrayObjectByObject()
{
    QFETCH(QByteArray, query);
    QFETCH(bool, isKeptAlive);
    const QByteArray first("[{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"H\"}]}}]}");
    const QByteArray last(
        "\n,\r\n{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"i\"}]},\n"
        "\"finishReason\": \"STOP\"}], \"usageMetadata\": "
        "{\"promptTokenCount\": 10, \"candidatesTokenCount\": 5}}");
    FakeUpstream provider([&](const ReceivedRequest &) {
        return support::chunkedAnswer(
            {first, last, "\n]"}, 0ms, {"Content-Type: application/json; charset=UTF-8"});
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl(), {u"small"_s}, int(domain::provider::gemini));
    gate.start();
    QByteArray request = support::post("/v1beta/models/small:streamGenerateContent" + query,
                                       R"({"contents":[]})",
                                       support::testKey);
    if (!isKeptAlive)
        request.replace("HTTP/1.1", "HTTP/1.0");

    const auto client = gate.connect();
    client->send(request);
    QTRY_VERIFY(isKeptAlive ? client->isAnswered() : client->isClosed());

    QVERIFY(client->received().startsWith("HTTP/1.1 200"));
    if (isKeptAlive) {
        QCOMPARE(client->reply().body, first + last + "\n]");
        QCOMPARE(client->reply().header("Content-Type"),
                 QByteArray("application/json; charset=UTF-8"));
    } else {
        QVERIFY(client->received().endsWith(QByteArray("\r\n\r\n" + first + last + "\n]")));
    }
    QCOMPARE(provider.lastRequest().target,
             QByteArray("/v1beta/models/small:streamGenerateContent"));
    QCOMPARE(gate.rows().size(), size_t(1));
    const domain::UsageRecord row = gate.rows().front();
    QCOMPARE(row.usage.input, 10);
    QCOMPARE(row.usage.output, 5);
    QCOMPARE(row.end, domain::EndReason::Completed);
    QVERIFY(row.stream);
}

// The first object is there although nothing follows it, and the provider's silence is bridged.
void StreamingScenario::anArrayThatIsSilent()
{
    const QByteArray first("[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"H\"}]}}]}");
    FakeUpstream provider([&](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                200, {"Content-Type: application/json", "Transfer-Encoding: chunked"}))
            .send(support::chunk(first))
            .stall();
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl(), {u"small"_s}, int(domain::provider::gemini));
    gate.start();
    const auto client = gate.connect();

    client->send(support::post(
        "/v1beta/models/small:streamGenerateContent", R"({"contents":[]})", support::testKey));

    QTRY_COMPARE(client->reply().body, first);
    QVERIFY(!client->isAnswered());
    gate.clock.advance(16s);
    QTRY_VERIFY(client->reply().body.size() > first.size());
    QCOMPARE(client->reply().body.trimmed(), first);
    client->close();
    QTRY_COMPARE(provider.openConnections(), 0);
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().front().end, domain::EndReason::ClientGone);
}

// HTTP/1.0 knows no chunks: the connection's end is the stream's.
void StreamingScenario::toAnOldClient()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::sseStream(chatStream(2)); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();

    QByteArray request = support::post(
        "/v1/chat/completions", support::chatBody(R"(,"stream":true)"), support::testKey);
    client->send(request.replace("HTTP/1.1", "HTTP/1.0"));
    QTRY_VERIFY(client->isClosed());

    QVERIFY(client->received().startsWith("HTTP/1.1 200"));
    QVERIFY(!client->received().toLower().contains("transfer-encoding"));
    QVERIFY(client->received().endsWith("data: [DONE]\n\n"));
}

void StreamingScenario::manyAtOnce()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        return support::sseStream({chatChunk(request.body.right(40).toHex()),
                                   "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n",
                                   support::chatDone},
                                  1ms);
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> clients;

    for (int i = 0; i < 100; ++i)
        clients.push_back(
            gate.chat(R"(,"stream":true,"user":"nonce-)" + QByteArray::number(1000 + i) + "\""));
    for (const auto &client : clients)
        QTRY_VERIFY_WITH_TIMEOUT(client->isAnswered(), 20'000);

    // Each has its own answer.
    for (int i = 0; i < 100; ++i) {
        const QByteArray nonce = "nonce-" + QByteArray::number(1000 + i);
        QVERIFY(clients[size_t(i)]->reply().body.contains(nonce.toHex()));
    }
    QCOMPARE(gate.rows().size(), size_t(100));
}

void StreamingScenario::theModelsOfAToken()
{
    GatewayHarness gate;
    gate.content.addChannel(1, "http://127.0.0.1:9", {u"small"_s, u"large"_s, u"hidden"_s});
    gate.content.addChannel(2, "http://127.0.0.1:9", {u"off"_s}).status =
        domain::ChannelStatus::DisabledByHand;
    gate.content.token().models = {u"small"_s, u"large"_s, u"off"_s};
    gate.start();
    const auto client = gate.connect();
    const QByteArray rest = " HTTP/1.1\r\nHost: gate\r\nx-api-key: " + support::testKey + "\r\n";

    client->send("GET /v1/models" + rest + "\r\n");
    client->send("GET /v1/models/large" + rest + "\r\n");
    client->send("GET /v1/models/hidden" + rest + "\r\n");
    client->send("HEAD /v1/models" + rest + "Connection: close\r\n\r\n");
    QTRY_VERIFY(client->isClosed());

    const std::vector<Reply> replies = client->replies();
    QCOMPARE(replies.size(), size_t(4));
    QCOMPARE(replies[0].status, 200);
    QVERIFY(replies[0].body.contains("\"small\"") && replies[0].body.contains("\"large\""));
    QVERIFY(!replies[0].body.contains("hidden") && !replies[0].body.contains("\"off\""));
    QCOMPARE(replies[1].status, 200);
    QCOMPARE(replies[2].status, 404);
    QCOMPARE(replies[3].status, 200);
    QCOMPARE(replies[3].body, QByteArray());
}

void StreamingScenario::theDefaultModel_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("sent");

    QTest::newRow("by its alias") << QByteArray(R"({"messages":[],"model":"default"})")
                                  << QByteArray(R"({"messages":[],"model":"large"})");
    QTest::newRow("without a name")
        << QByteArray(R"({"messages":[]})") << QByteArray(R"({"model":"large","messages":[]})");
    QTest::newRow("of a null") << QByteArray(R"({"model":null,"messages":[]})")
                               << QByteArray(R"({"model":"large","messages":[]})");
    QTest::newRow("another one is named") << QByteArray(R"({"model":"small","messages":[]})")
                                          << QByteArray(R"({"model":"small","messages":[]})");
}

void StreamingScenario::theDefaultModel()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, sent);
    QByteArray received;
    FakeUpstream provider([&received](const ReceivedRequest &request) {
        received = request.body;
        return support::jsonAnswer(200, support::chatDocument());
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl(), {u"small"_s, u"large"_s});
    gate.content.settings().relay.defaultModel = u"large"_s;
    gate.start();
    const auto client = gate.connect();

    client->send(support::post("/v1/chat/completions", body, support::testKey));
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 200);
    QCOMPARE(received, sent);
    QCOMPARE(gate.rows().size(), size_t(1));
    QCOMPARE(gate.rows().front().model, QByteArray(sent.contains("large") ? "large" : "small"));
}

// The alias is no way round the models that a token may use, and is listed only where it leads.
void StreamingScenario::theDefaultModelOfAnotherToken()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::jsonAnswer(200, support::chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl(), {u"small"_s, u"large"_s});
    gate.content.settings().relay.defaultModel = u"large"_s;
    gate.start();
    const QByteArray list =
        "GET /v1/models HTTP/1.1\r\nHost: gate\r\nx-api-key: " + support::testKey + "\r\n\r\n";
    const auto client = gate.connect();
    client->send(list);
    QTRY_VERIFY(client->isAnswered());
    QVERIFY(client->reply().body.contains("\"default\""));

    gate.content.token().models = {u"small"_s, u"default"_s};
    gate.publish();
    client->send(list);
    client->send(support::post(
        "/v1/chat/completions", R"({"model":"default","messages":[]})", support::testKey));
    QTRY_COMPARE(client->replies().size(), size_t(3));
    QTRY_VERIFY(client->replies().back().isWhole);

    QVERIFY(!client->replies()[1].body.contains("\"default\""));
    QCOMPARE(client->replies()[2].status, 403);
    QVERIFY(client->replies()[2].body.contains("large"));
    QCOMPARE(provider.requestCount(), 0);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::StreamingScenario)
#include "tst_streaming.moc"
