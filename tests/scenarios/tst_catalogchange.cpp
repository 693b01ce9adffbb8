#include "scenarios/gatewayharness.h"

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

// Changes of channels and tokens while requests run.
class CatalogChangeScenario : public QObject
{
    Q_OBJECT

private slots:
    void duringAHundredStreams();
    void fiftyChangesUnderLoad();
    void aTokenThatIsDisabled();
};

void CatalogChangeScenario::duringAHundredStreams()
{
    FakeUpstream former(
        [](const ReceivedRequest &) { return support::sseStream(support::chatStream(20), 20ms); });
    FakeUpstream present([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, former.baseUrl());
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> streams;
    for (int i = 0; i < 100; ++i)
        streams.push_back(gate.chat(R"(,"stream":true)"));
    for (const auto &stream : streams)
        QTRY_VERIFY(!stream->reply().body.isEmpty());

    // The channel they run through is no more.
    gate.content.content.channels.clear();
    gate.content.addChannel(2, present.baseUrl());
    gate.publish();
    const auto next = gate.chat();
    QTRY_VERIFY(next->isAnswered());

    QCOMPARE(next->reply().body, chatDocument());
    QCOMPARE(present.requestCount(), 1);
    for (const auto &stream : streams) {
        QTRY_VERIFY_WITH_TIMEOUT(stream->isAnswered(), 20'000);
        QVERIFY(stream->reply().body.endsWith(support::chatDone));
        QCOMPARE(stream->reply().body.count("\"part "), 20);
    }
    QCOMPARE(former.requestCount(), 100);
    // What was kept for the channel that is no more is closed.
    gate.publish();
    QTRY_COMPARE(former.openConnections(), 0);
}

void CatalogChangeScenario::fiftyChangesUnderLoad()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    std::vector<std::unique_ptr<support::TestClient>> clients;

    for (int change = 0; change < 50; ++change) {
        for (int i = 0; i < 4; ++i)
            clients.push_back(gate.chat());
        gate.content.content.channels.front().priority = change;
        gate.publish();
    }

    for (const auto &client : clients) {
        QTRY_VERIFY(client->isAnswered());
        QCOMPARE(client->reply().status, 200);
    }
    QCOMPARE(provider.requestCount(), 200);
    QCOMPARE(gate.rows().size(), size_t(200));
}

void CatalogChangeScenario::aTokenThatIsDisabled()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.start();
    const auto client = gate.connect();
    const QByteArray request =
        support::post("/v1/chat/completions", support::chatBody(), support::testKey);
    client->send(request);
    QTRY_VERIFY(client->isAnswered());

    gate.content.token().status = domain::TokenStatus::Disabled;
    gate.publish();
    client->send(request);
    QTRY_COMPARE(client->replies().size(), size_t(2));

    QCOMPARE(client->replies().back().status, 401);
    QVERIFY(client->replies().back().body.contains("token_disabled"));
    QCOMPARE(provider.requestCount(), 1);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::CatalogChangeScenario)
#include "tst_catalogchange.moc"
