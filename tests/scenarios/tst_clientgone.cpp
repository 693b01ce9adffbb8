#include "scenarios/gatewayharness.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <numeric>

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

// Clients that leave: the provider is let go within a second, and what was delivered is paid.
class ClientGoneScenario : public QObject
{
    Q_OBJECT

private slots:
    void leaves_data();
    void leaves();
    void leavesWithinItsRequest();
    void manyThatLeaveAtAnyMoment();
};

void ClientGoneScenario::leaves_data()
{
    QTest::addColumn<int>("chunks");
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("byReset");

    QTest::newRow("before the first byte of a document") << 0 << false << true;
    QTest::newRow("in order, before a document") << 0 << false << false;
    QTest::newRow("before the first event") << 0 << true << true;
    QTest::newRow("after one event") << 1 << true << true;
    QTest::newRow("after fifty events") << 50 << true << true;
    QTest::newRow("in order, after ninety-nine events") << 99 << true << false;
}

void ClientGoneScenario::leaves()
{
    QFETCH(int, chunks);
    QFETCH(bool, stream);
    QFETCH(bool, byReset);
    FakeUpstream provider([chunks](const ReceivedRequest &) {
        Script script;
        if (chunks > 0)
            script.send(support::answerHead(
                200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
        for (int i = 0; i < chunks; ++i)
            script.send(support::chunk(chatChunk("ten bytes!")));
        return script.stall();
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPrice("small", 2, 2);
    gate.start();
    const qint64 before = gate.balance();
    const auto client = gate.chat(stream ? R"(,"stream":true)" : "");
    QTRY_COMPARE(provider.requestCount(), 1);
    QTRY_COMPARE(client->reply().body.count("ten bytes!"), chunks);
    QElapsedTimer sinceThen;
    sinceThen.start();

    if (byReset)
        client->reset();
    else
        client->close();
    QTRY_COMPARE(provider.openConnections(), 0);

    QVERIFY(sinceThen.elapsed() < 1'000);
    QTRY_COMPARE(gate.rows().size(), size_t(1));
    const domain::UsageRecord row = gate.rows().front();
    QCOMPARE(row.end, domain::EndReason::ClientGone);
    QCOMPARE(row.usage.input, 1'000);
    QCOMPARE(row.usage.output, 10 * chunks);
    QCOMPARE(row.charge.units, 1'000 + 10 * chunks);
    QCOMPARE(gate.balance(), before - row.charge.units);
    QCOMPARE(gate.storedBalance(), before - row.charge.units);
    QTRY_COMPARE(gate.connections(), 0);
}

void ClientGoneScenario::leavesWithinItsRequest()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const QByteArray request =
        support::post("/v1/chat/completions", support::chatBody(), support::testKey);

    for (const qsizetype part : {qsizetype(0), qsizetype(10), request.size() - 1}) {
        const auto client = gate.connect();
        client->send(request.first(part));
        QTRY_COMPARE(gate.connections(), 1);
        client->reset();
        QTRY_COMPARE(gate.connections(), 0);
    }

    QCOMPARE(provider.requestCount(), 0);
    QVERIFY(gate.rows().empty());
}

void ClientGoneScenario::manyThatLeaveAtAnyMoment()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return support::sseStream(support::chatStream(20), 1ms); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.setPricePerCall("small", {10});
    gate.start();
    const qint64 before = gate.balance();
    QRandomGenerator random(7);

    for (int round = 0; round < 20; ++round) {
        std::vector<std::unique_ptr<support::TestClient>> clients;
        for (int i = 0; i < 10; ++i)
            clients.push_back(gate.chat(R"(,"stream":true)"));
        QTest::qWait(random.bounded(30));
        for (const auto &client : clients)
            client->reset();
    }
    QTRY_COMPARE(gate.connections(), 0);
    QTRY_COMPARE(provider.openConnections(), 0);

    // Each that reached the provider is in the ledger once, and the balances agree.
    QTRY_COMPARE(before - gate.balance(), before - gate.storedBalance());
    const auto rows = gate.rows();
    QCOMPARE(std::accumulate(
                 rows.begin(),
                 rows.end(),
                 qint64(0),
                 [](qint64 sum, const domain::UsageRecord &row) { return sum + row.charge.units; }),
             before - gate.balance());
    QVERIFY(rows.size() >= size_t(provider.requestCount()));
    // It still serves.
    provider.setHandler([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    const auto client = gate.chat();
    QTRY_VERIFY(client->isAnswered());
    QCOMPARE(client->reply().status, 200);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::ClientGoneScenario)
#include "tst_clientgone.moc"
