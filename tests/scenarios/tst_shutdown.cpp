#include "scenarios/gatewayharness.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse {

using support::chatChunk;
using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

static Script endlessStream()
{
    return Script()
        .send(support::answerHead(
            200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))
        .send(support::chunk(chatChunk("one")))
        .stall();
}

// The end of the program: streams may finish for a while, and none ends silently.
class ShutdownScenario : public QObject
{
    Q_OBJECT

private slots:
    void streamsMayFinish();
    void othersAreCutVisibly();
    void whoSendsOrReadsNothingDoesNotHoldItUp();
    void everyRowIsWritten();
};

void ShutdownScenario::streamsMayFinish()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::sseStream(support::chatStream(10), 30ms); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> streams;
    for (int i = 0; i < 10; ++i)
        streams.push_back(gate.chat(R"(,"stream":true)"));
    const auto idle = gate.connect();
    for (const auto &stream : streams)
        QTRY_VERIFY(!stream->reply().body.isEmpty());
    QTRY_COMPARE(gate.connections(), 11);

    gate.stop(30s);
    QTRY_VERIFY(gate.hasStopped());

    QTRY_VERIFY(idle->isClosed());
    for (const auto &stream : streams) {
        QTRY_VERIFY(stream->isClosed());
        QVERIFY(stream->isAnswered());
        QVERIFY(stream->reply().body.endsWith(support::chatDone));
    }
    QCOMPARE(gate.rows().size(), size_t(10));
    const auto late = gate.chat();
    QTest::qWait(50);
    QVERIFY(late->received().isEmpty());
}

void ShutdownScenario::othersAreCutVisibly()
{
    FakeUpstream provider([](const ReceivedRequest &) { return endlessStream(); });
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.addChannel(2, silent.baseUrl(), {u"silent"_s});
    gate.start();
    const auto stream = gate.chat(R"(,"stream":true)");
    const auto document = gate.connect();
    document->send(support::post("/v1/chat/completions",
                                 QByteArray(support::chatBody()).replace("small", "silent"),
                                 support::testKey));
    QTRY_VERIFY(!stream->reply().body.isEmpty());
    QTRY_COMPARE(silent.requestCount(), 1);

    gate.stop(200ms);
    QTRY_VERIFY(gate.hasStopped());
    QTRY_VERIFY(stream->isClosed() && document->isClosed());

    QVERIFY(stream->reply().body.startsWith(chatChunk("one")));
    QVERIFY(stream->reply().body.contains("shutting_down"));
    QVERIFY(!stream->reply().isWhole);
    QCOMPARE(document->reply().status, 503);
    QVERIFY(document->isAnswered());
    QTRY_COMPARE(gate.rows().size(), size_t(2));
    for (const domain::UsageRecord &row : gate.rows())
        QCOMPARE(row.end, domain::EndReason::ShutDown);
    QTRY_COMPARE(provider.openConnections(), 0);
    QTRY_COMPARE(silent.openConnections(), 0);
}

void ShutdownScenario::whoSendsOrReadsNothingDoesNotHoldItUp()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))
            .repeat(support::chunk(chatChunk(QByteArray(10'000, 'x'))));
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto halfHead = gate.connect();
    halfHead->send("POST /v1/chat/completions HTTP/1.1\r\nHost: ga");
    const auto halfBody = gate.connect();
    halfBody->send(
        support::post("/v1/chat/completions", support::chatBody(), support::testKey).chopped(5));
    const auto readsNothing = gate.connect();
    readsNothing->stopReading();
    readsNothing->send(support::post(
        "/v1/chat/completions", support::chatBody(R"(,"stream":true)"), support::testKey));
    QTRY_COMPARE(provider.requestCount(), 1);
    QTRY_COMPARE(gate.connections(), 3);
    QTest::qWait(200);
    QElapsedTimer sinceThen;
    sinceThen.start();

    gate.stop(100ms);
    // Time goes on here alone when the test says so.
    while (!gate.hasStopped() && sinceThen.elapsed() < 10'000) {
        gate.clock.advance(100ms);
        QTest::qWait(100);
    }

    QVERIFY(gate.hasStopped());
    QVERIFY2(sinceThen.elapsed() < 8'000, QByteArray::number(sinceThen.elapsed()).constData());
}

void ShutdownScenario::everyRowIsWritten()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> clients;
    for (int i = 0; i < 60; ++i)
        clients.push_back(gate.chat());
    QTRY_VERIFY(provider.requestCount() > 5);

    gate.stop(10s);
    QTRY_VERIFY(gate.hasStopped());

    size_t answered = 0;
    for (const auto &client : clients) {
        QTRY_VERIFY(client->isClosed() || client->received().isEmpty());
        answered += client->isAnswered() ? 1 : 0;
    }
    QCOMPARE(gate.rows().size(), answered);
    QVERIFY(answered > 5);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::ShutdownScenario)
#include "tst_shutdown.moc"
